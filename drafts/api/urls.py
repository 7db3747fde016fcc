from django.urls import path

from drafts.api import comparing, foreseeing, parts, views

app_name = "drafts_api"
ONE = "drafts/<str:draft_id>"

urlpatterns = [
    path("drafts", views.drafts, name="drafts"),
    path(ONE, views.draft, name="draft"),
    path(f"{ONE}/preview", views.preview, name="preview"),
    path(f"{ONE}/reopen", views.reopen, name="reopen"),
    path(f"{ONE}/convert", views.convert, name="convert"),
    path(f"{ONE}/delta", comparing.delta, name="delta"),
    path(f"{ONE}/foresight", foreseeing.foresight, name="foresight"),
    path(f"{ONE}/foresight/changes", foreseeing.changes, name="foreseen_changes"),
    path(f"{ONE}/conflicts", comparing.conflicts, name="conflicts"),
    path(f"{ONE}/carry-over", comparing.carry_over, name="carry_over"),
    path(f"{ONE}/plan", parts.plan, name="plan"),
    path(f"{ONE}/changes", parts.changes, name="changes"),
    path(f"{ONE}/revisions", parts.revisions, name="revisions"),
    path(f"{ONE}/events", parts.events, name="events"),
    path(f"{ONE}/comments", parts.comments, name="comments"),
    path(f"{ONE}/people", parts.people, name="people"),
    path(f"{ONE}/comments/<str:comment_id>/resolve", parts.resolve, name="resolve"),
    path(f"{ONE}/comments/<str:comment_id>/reopen", parts.reopen_comment, name="reopen_comment"),
    path(f"{ONE}/share", parts.share, name="share"),
    path(f"{ONE}/share/<str:user_id>", parts.unshare, name="unshare"),
    path("settings/carry-over", comparing.tolerance, name="tolerance"),
    path("workflows/<str:workflow_id>/replan", views.replan, name="replan"),
]
