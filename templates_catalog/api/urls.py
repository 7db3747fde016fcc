from django.urls import path

from templates_catalog.api import views

app_name = "templates_api"

urlpatterns = [
    path("templates", views.templates, name="templates"),
    path("templates/<str:template_id>", views.template, name="template"),
    path("templates/<str:template_id>/use", views.use, name="use"),
    path("templates/<str:template_id>/instant-run", views.instant_run, name="instant_run"),
    path("templates/<str:template_id>/pre-approve", views.pre_approve, name="pre_approve"),
    path("templates/<str:template_id>/revoke", views.revoke, name="revoke"),
    path("templates/<str:template_id>/clear", views.clear, name="clear"),
]
