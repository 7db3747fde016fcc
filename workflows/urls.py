from django.urls import path, register_converter

from workflows.views import pages


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
    path("workflows", pages.runs, name="runs"),
    path(ONE, pages.run, name="run"),
    path(f"{ONE}/live", pages.live, name="live"),
    path(f"{ONE}/start", pages.start, name="start"),
    path(f"{ONE}/cancel", pages.cancel, name="cancel"),
    path(f"{ONE}/undo", pages.undo, name="undo"),
    path(f"{ONE}/changes.csv", pages.changes_csv, name="changes_csv"),
    path(f"{ONE}/files/<str:name>", pages.file, name="file"),
]
