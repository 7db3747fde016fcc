from django.urls import path

from codex.trail import api

app_name = "audit_api"

urlpatterns = [
    path("audit", api.audit, name="audit"),
    path("audit/export", api.audit_export, name="export"),
    path("audit/bundle", api.audit_bundle, name="bundle"),
]
