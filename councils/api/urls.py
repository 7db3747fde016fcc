from django.urls import path

from councils.api import bulk, councils, emergency, guests, red, routing, views

app_name = "councils_api"
ONE = "drafts/<str:draft_id>"

urlpatterns = [
    path(f"{ONE}/submit", views.submit, name="submit"),
    path(f"{ONE}/withdraw", views.withdraw, name="withdraw"),
    path(f"{ONE}/approve", views.approve, name="approve"),
    path(f"{ONE}/reject", views.reject, name="reject"),
    path(f"{ONE}/request-changes", views.request_changes, name="request_changes"),
    path(f"{ONE}/take-back", views.take_back, name="take_back"),
    path(f"{ONE}/guests", guests.guests, name="guests"),
    path(f"{ONE}/guests/<str:guest_id>", guests.guest, name="guest"),
    path(f"{ONE}/red-items", red.red_items, name="red_items"),
    path(f"{ONE}/red-items/opened", red.opened, name="red_items_opened"),
    path("reviews/approve", bulk.approve_many, name="approve_many"),
    path(f"{ONE}/claim", emergency.claim, name="claim"),
    path(f"{ONE}/release", emergency.release, name="release"),
    path(f"{ONE}/assign", emergency.assign, name="assign"),
    path(f"{ONE}/break-glass", emergency.break_glass, name="break_glass"),
    path(f"{ONE}/after-review", emergency.after_review, name="after_review"),
    path("councils/after-reviews", emergency.after_reviews, name="after_reviews"),
    path("councils/delegations", emergency.delegations, name="delegations"),
    path("councils/delegations/<str:delegation_id>", emergency.delegation, name="delegation"),
    path("reviews", views.reviews, name="reviews"),
    path("councils", councils.councils, name="councils"),
    path("councils/rules", councils.rules, name="rules"),
    path("councils/rules/test", routing.bench, name="bench"),
    path("councils/policies", routing.policies, name="policies"),
    path("councils/<str:council_id>", councils.council, name="council"),
]
