"""What a tenant does not want to hear of, why, and from when on it does again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from proposals.models.proposal import Proposal
from proposals.states import Reason
from tenants.models import TenantKey, TenantOwned

User = settings.AUTH_USER_MODEL


class Mute(TenantOwned):
    """A dismissal. Its signal stays away until ``severity`` reaches ``returns_at_severity``
    (never, when that is empty). ``value`` and ``returns_at`` say the same in the finding's unit.
    """

    id = IdField(prefix="mute")
    proposal = TenantKey(Proposal, on_delete=models.CASCADE, related_name="mutes")
    detector = models.CharField(max_length=64, db_collation="C")
    target = models.CharField(max_length=300, blank=True, db_collation="C")
    suppression_key = models.CharField(max_length=400, db_collation="C")
    reason_code = models.CharField(max_length=16, choices=Reason.choices)
    reason = models.TextField(blank=True)
    severity = models.FloatField()
    returns_at_severity = models.FloatField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    returns_at = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True)
    muted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    muted_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "ai_proposal_mutes"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "detector", "target"],
                name="mute_open_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="mute_reason_is_known", condition=Q(reason_code__in=Reason.values)
            ),
            models.CheckConstraint(
                name="mute_another_reason_is_said",
                condition=~Q(reason_code=Reason.OTHER) | Q(reason__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="mute_returns_when_worse",
                condition=Q(returns_at_severity__isnull=True)
                | Q(returns_at_severity__gt=models.F("severity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.target}".strip()
