"""One review of one revision: the round, its seats, and what each person said."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from councils.models import guards
from councils.states import ROUND_EDGES, Decision, Priority, RoundState
from tenants.models import TenantKey, TenantOwned

User = settings.AUTH_USER_MODEL


class ReviewRound(TenantOwned):
    """``cycle`` counts the rounds of a draft; ``routed_by`` says why this council has it.

    ``further_council_ids`` are the other councils whose seats it has, and the one it was
    escalated to. ``policy_number`` names the tenant's policy it was opened under.
    """

    guest_path = "draft_id"

    id = IdField(prefix="round")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="rounds")
    cycle = models.PositiveIntegerField()
    revision = TenantKey("drafts.Revision", on_delete=models.PROTECT, related_name="rounds")
    revision_number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    council = TenantKey("councils.Council", on_delete=models.PROTECT, related_name="rounds")
    routed_by = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=RoundState.choices, default=RoundState.OPEN)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    further_council_ids = ArrayField(
        models.CharField(max_length=64, db_collation="C"), default=list, blank=True
    )
    policy_number = models.PositiveIntegerField(null=True, blank=True)

    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    due_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = TenantKey(
        "councils.Council", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    claimed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    assignee_only = models.BooleanField(default=False)
    assignee_ids = ArrayField(
        models.CharField(max_length=64, db_collation="C"), default=list, blank=True
    )

    class Meta:
        ordering = ["draft", "cycle"]
        indexes = [
            models.Index(fields=["tenant", "-closed_at"], name="round_by_end"),
            models.Index(fields=["due_at"], name="round_due", condition=Q(state=RoundState.OPEN)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], name="round_one_open", condition=Q(state=RoundState.OPEN)
            ),
            models.UniqueConstraint(fields=["draft", "cycle"], name="round_cycle_once"),
            models.UniqueConstraint(fields=["revision"], name="round_of_revision_once"),
            models.CheckConstraint(
                name="round_closed_has_a_time",
                condition=Q(state=RoundState.OPEN, closed_at__isnull=True)
                | ~Q(state=RoundState.OPEN) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="round_reminds_before_it_is_due",
                condition=Q(due_at__isnull=True, remind_at__isnull=True)
                | Q(due_at__isnull=False, remind_at__lte=models.F("due_at")),
            ),
            models.CheckConstraint(
                name="round_claim_ends",
                condition=Q(claimed_by__isnull=True) | Q(claimed_until__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_moves",
                field="state",
                transitions=[(str(before), str(after)) for before, after in ROUND_EDGES],
            )
        ]

    def __str__(self) -> str:
        return f"round {self.cycle} of {self.draft_id}"


class RoundSeat(TenantOwned):
    """A seat as it was when the round opened: what was asked for does not change under the vote.

    Who may sit on it is read when it matters, so that a quorum counts current members.
    """

    guest_path = "draft_id"

    id = IdField(prefix="roundseat")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    round = TenantKey(ReviewRound, on_delete=models.CASCADE, related_name="seats")
    seat = TenantKey("councils.Seat", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    needed = models.PositiveSmallIntegerField(default=1)
    stage = models.PositiveSmallIntegerField(default=1)
    council_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["stage", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "seat"], name="round_seat_once"),
            models.CheckConstraint(name="round_seat_needs_someone", condition=Q(needed__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Verdict(TenantOwned):
    """What one person said about one revision. One per person and round, unless taken back.

    ``voided_why`` says that it was not they who took it back: what they read is not what is
    reviewed any more.
    ``on_behalf_of`` is whoever they stood in for by a delegation: both are named for good.
    """

    guest_path = "draft_id"

    id = IdField(prefix="verdict")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="verdicts")
    round = TenantKey(ReviewRound, on_delete=models.CASCADE, related_name="verdicts")
    seat = TenantKey(
        RoundSeat, on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    policy_number = models.PositiveIntegerField(null=True, blank=True)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    comment = models.TextField(blank=True)
    revision_number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    voided_why = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"],
                name="verdict_one_per_person",
                condition=Q(taken_back_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["round", "on_behalf_of"],
                name="verdict_one_for_a_person",
                condition=Q(taken_back_at__isnull=True),
            ),
            models.CheckConstraint(
                name="verdict_for_another",
                condition=Q(on_behalf_of__isnull=True) | ~Q(on_behalf_of=models.F("user")),
            ),
            models.CheckConstraint(
                name="verdict_voided_has_a_time",
                condition=Q(voided_why="") | Q(taken_back_at__isnull=False),
            ),
            models.CheckConstraint(
                name="verdict_no_has_a_reason",
                condition=Q(decision=Decision.APPROVE) | Q(comment__regex=r"\S"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="verdict_by_age")]
        triggers = list(guards.VERDICT)

    def __str__(self) -> str:
        return f"{self.decision} by {self.user_id}"
