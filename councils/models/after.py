"""The look that is taken afterwards at what an owner ran without approval."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import IdField
from councils.states import AfterReviewState
from tenants.models import TenantKey, TenantOwned

User = settings.AUTH_USER_MODEL


class AfterReview(TenantOwned):
    """One break-glass, and what others said of it. One open at a time for each person."""

    guest_path = "draft_id"

    id = IdField(prefix="after")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="after_reviews")
    council = TenantKey(
        "councils.Council", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    broken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    fingerprint = models.CharField(max_length=64)
    policy_number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=16, choices=AfterReviewState.choices, default=AfterReviewState.OPEN
    )
    reviewer_ids = ArrayField(models.CharField(max_length=64, db_collation="C"), default=list)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "broken_by"],
                name="after_review_one_open_a_person",
                condition=Q(state=AfterReviewState.OPEN),
            ),
            models.CheckConstraint(
                name="after_review_closed_says_who_and_why",
                condition=Q(state=AfterReviewState.OPEN, closed_at__isnull=True)
                | ~Q(state=AfterReviewState.OPEN)
                & Q(closed_at__isnull=False, closed_by__isnull=False, text__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="after_review_not_by_oneself",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("broken_by")),
            ),
            models.CheckConstraint(
                name="after_review_has_a_reason", condition=Q(reason__regex=r"\S")
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="after_review_due", condition=Q(state=AfterReviewState.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"break-glass of {self.draft_id}"
