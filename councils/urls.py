from django.urls import path

from councils.views import (
    bulk,
    guests,
    partly,
    policy,
    queue,
    reading,
    rules,
    sessions,
    settings,
    submitting,
    talk,
)

app_name = "councils"
DRAFT = "workflows/drafts/<str:draft_id>"
ONE = "reviews/<str:draft_id>"
MEETING = "reviews/meetings/<str:session_id>"

urlpatterns = [
    path("reviews", queue.queue, name="queue"),
    path("reviews/bulk", bulk.bulk, name="bulk"),
    path("reviews/meetings", sessions.sessions, name="sessions"),
    path(MEETING, sessions.session, name="session"),
    path(f"{MEETING}/go", sessions.go, name="session_go"),
    path(f"{MEETING}/close", sessions.close, name="session_close"),
    path(f"{MEETING}/minutes", sessions.minutes, name="minutes"),
    path(f"{MEETING}/minutes.md", sessions.minutes_file, name="minutes_file"),
    path(ONE, queue.review, name="review"),
    path(f"{ONE}/approve", queue.approve, name="approve"),
    path(f"{ONE}/approve-part", partly.approve_part, name="approve_part"),
    path(f"{ONE}/reject", queue.reject, name="reject"),
    path(f"{ONE}/request-changes", queue.request_changes, name="request_changes"),
    path(f"{ONE}/opened", reading.open_items, name="open_items"),
    path(f"{ONE}/guests", guests.guests, name="guests"),
    path(f"{ONE}/guests/<str:guest_id>/revoke", guests.revoke, name="revoke_guest"),
    path(f"{ONE}/ticks", reading.ticks, name="ticks"),
    path(f"{ONE}/comment", talk.comment, name="comment"),
    path(f"{ONE}/comments/<str:comment_id>/resolve", talk.resolve, name="resolve"),
    path(f"{ONE}/comments/<str:comment_id>/reopen", talk.reopen, name="reopen_comment"),
    path(f"{ONE}/take-back", queue.take_back, name="take_back"),
    path("settings/councils", settings.overview, name="settings"),
    path("settings/councils/new", settings.new, name="new"),
    path("settings/councils/history", policy.history, name="history"),
    path("settings/councils/history/<int:number>", policy.version, name="policy"),
    path("settings/councils/test", rules.bench, name="bench"),
    path("settings/councils/rules/new", rules.new, name="new_rule"),
    path("settings/councils/rules/<str:rule_id>", rules.edit, name="rule"),
    path("settings/councils/rules/<str:rule_id>/move", rules.move, name="move_rule"),
    path("settings/councils/rules/<str:rule_id>/remove", rules.remove, name="remove_rule"),
    path("settings/councils/<str:council_id>", settings.edit, name="edit"),
    path(f"{DRAFT}/submit", submitting.submit, name="submit"),
    path(f"{DRAFT}/withdraw", submitting.withdraw, name="withdraw"),
]
