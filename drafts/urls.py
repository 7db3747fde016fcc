from django.urls import path

from drafts.views import carrying, editor, files, future, listing, moves, people

app_name = "drafts"
LIST = "workflows/drafts"
ONE = f"{LIST}/<str:draft_id>"

urlpatterns = [
    path(LIST, listing.drafts, name="drafts"),
    path(f"{LIST}/new", editor.new, name="new"),
    path(ONE, editor.draft, name="draft"),
    path(f"{ONE}/save", editor.save, name="save"),
    path(f"{ONE}/preview", editor.preview, name="preview"),
    path(f"{ONE}/preview-panel", editor.preview_panel, name="preview_panel"),
    path(f"{ONE}/changes", people.changes, name="changes"),
    path(f"{ONE}/changes.csv", files.changes_csv, name="changes_csv"),
    path(f"{ONE}/files/<str:name>", files.file, name="file"),
    path(f"{ONE}/discard", moves.discard, name="discard"),
    path(f"{ONE}/reopen", moves.reopen, name="reopen"),
    path(f"{ONE}/run", moves.run, name="run"),
    path(f"{ONE}/schedule", moves.schedule, name="schedule"),
    path(f"{ONE}/future", future.future, name="future"),
    path(f"{ONE}/carry-over", carrying.carry_over, name="carry_over"),
    path(f"{ONE}/share", people.share, name="share"),
    path(f"{ONE}/share/<str:user_id>/remove", people.unshare, name="unshare"),
    path(f"{ONE}/comments", people.comment, name="comment"),
    path(f"{ONE}/comments/<str:comment_id>/resolve", people.resolve, name="resolve"),
    path(f"{ONE}/comments/<str:comment_id>/reopen", people.reopen_comment, name="reopen_comment"),
    path("settings/carry-over", carrying.tolerance, name="tolerance"),
    path("workflows/<str:workflow_id>/replan", moves.replan, name="replan"),
]
