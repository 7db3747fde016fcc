from django.urls import path

from codex.trail import views

app_name = "audit"

urlpatterns = [
    path("settings/audit", views.trail, name="trail"),
    path("settings/audit/export.csv", views.as_csv, name="csv"),
    path("settings/audit/export.jsonl", views.as_jsonl, name="jsonl"),
    path("settings/audit/bundle.jsonl", views.bundle, name="bundle"),
    path("settings/audit/of/<str:subject_id>", views.timeline, name="timeline"),
]
