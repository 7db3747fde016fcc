from django.urls import path

from workflows.api import settings, text_model, views

app_name = "workflows_api"
ONE = "workflows/<str:workflow_id>"

urlpatterns = [
    path("text-model", text_model.text_model, name="text_model"),
    path("text-model/try", text_model.try_it, name="try_text_model"),
    path("workflows", views.workflows, name="workflows"),
    path(ONE, views.workflow, name="workflow"),
    path(f"{ONE}/changes", views.changes, name="changes"),
    path(f"{ONE}/artifacts/<str:name>", views.artifact, name="artifact"),
    path(f"{ONE}/start", views.start, name="start"),
    path(f"{ONE}/cancel", views.cancel, name="cancel"),
    path(f"{ONE}/undo", views.undo, name="undo"),
    path("limits", settings.limits, name="limits"),
    path("freezes", settings.freezes, name="freezes"),
    path("freezes/free-slot", settings.free_slot, name="free_slot"),
    path("freezes/<str:freeze_id>", settings.freeze, name="freeze"),
    path("workflow-types", views.workflow_types, name="workflow_types"),
    path("workflow-types/<str:type_id>", views.workflow_type, name="workflow_type"),
]
