from django.urls import path, register_converter

from workflows.views import pages, settings, text_model


class RunId:
    """Keeps ``workflows/drafts`` and its like for the floors they belong to."""

    regex = "workflow_[^/]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RunId, "run")

app_name = "workflows"
ONE = "workflows/<run:workflow_id>"

urlpatterns = [
    path("settings/text-model", text_model.text_model, name="text_model"),
    path("settings/text-model/try", text_model.try_it, name="try_text_model"),
    path("settings/text-model/remove", text_model.remove, name="remove_text_model"),
    path("settings/limits", settings.limits, name="limits"),
    path("settings/freezes", settings.freezes, name="freezes"),
    path("settings/freezes/new", settings.new_freeze, name="new_freeze"),
    path("settings/freezes/<str:freeze_id>", settings.edit_freeze, name="freeze"),
    path("settings/freezes/<str:freeze_id>/remove", settings.remove_freeze, name="remove_freeze"),
    path("workflows", pages.runs, name="runs"),
    path(ONE, pages.run, name="run"),
    path(f"{ONE}/live", pages.live, name="live"),
    path(f"{ONE}/start", pages.start, name="start"),
    path(f"{ONE}/cancel", pages.cancel, name="cancel"),
    path(f"{ONE}/undo", pages.undo, name="undo"),
    path(f"{ONE}/changes.csv", pages.changes_csv, name="changes_csv"),
    path(f"{ONE}/files/<str:name>", pages.file, name="file"),
]
