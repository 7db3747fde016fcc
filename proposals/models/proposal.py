"""The proposal: a finding with its evidence, and what to do about it."""

import pgtrigger
from django.conf import settings as django_settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, transition

from core.ids import IdField
from core.models import StatefulModel, TimeStamped
from proposals.models.running import ProposerRun
from proposals.states import EDGES, Priority, ProposalState
from tenants.models import TenantKey, TenantOwned


class Proposal(TimeStamped, StatefulModel, TenantOwned):
    """A suggestion. Only ``proposals.services`` may move it.

    ``detector``, ``detector_version``, ``settings``, ``today`` and ``based_on.query`` are what is
    needed to find it again; ``target`` is what it is about (a page, a platform, a date; empty:
    the shop). ``said_confidence`` is what the detector said, ``confidence_score`` what experience
    made of it. ``own_words`` are the detector's, where ``words_by`` names a model. ``severity`` is
    how far past its threshold the finding lies, 1 being just there.
    """

    id = IdField(prefix="proposal")
    workflow_type_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    description = models.TextField()
    reasoning = models.TextField()
    confidence_score = models.FloatField()
    said_confidence = models.FloatField()
    based_on = models.JSONField()
    expected_impact = models.JSONField()
    suggested_inputs = models.JSONField(default=dict)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    status = FSMField(default=ProposalState.PENDING, choices=ProposalState.choices, protected=True)
    expires_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True, blank=True)

    detector = models.CharField(max_length=64, db_collation="C")
    detector_version = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    today = models.DateField()
    target = models.CharField(max_length=300, blank=True, db_collation="C")
    suppression_key = models.CharField(max_length=400, db_collation="C")
    severity = models.FloatField(default=1)
    rank = models.FloatField(default=0)
    words_by = models.CharField(max_length=100, default="rules")
    own_words = models.JSONField(default=dict, blank=True)
    run = TenantKey(
        ProposerRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals"
    )
    follows = TenantKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    follows_workflow = TenantKey(
        "workflows.Workflow", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    template_id = models.CharField(max_length=64, null=True, blank=True, db_collation="C")
    created_draft = TenantKey(
        "drafts.Draft", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "ai_workflow_proposals"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "detector", "target"],
                name="proposal_open_once",
                condition=Q(status=ProposalState.PENDING),
            ),
            models.UniqueConstraint(
                fields=["tenant", "created_draft"],
                name="proposal_of_a_draft_once",
                condition=Q(created_draft__isnull=False),
            ),
            models.CheckConstraint(name="proposal_has_a_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(
                name="proposal_gives_its_reasons", condition=Q(reasoning__regex=r"\S")
            ),
            models.CheckConstraint(
                name="proposal_confidence_is_a_share",
                condition=Q(confidence_score__gte=0, confidence_score__lte=1)
                & Q(said_confidence__gte=0, said_confidence__lte=1),
            ),
            models.CheckConstraint(
                name="proposal_priority_is_known", condition=Q(priority__in=Priority.values)
            ),
            models.CheckConstraint(
                name="proposal_accepted_has_its_draft",
                condition=Q(status=ProposalState.ACCEPTED, created_draft__isnull=False)
                | Q(~Q(status=ProposalState.ACCEPTED), created_draft__isnull=True),
            ),
            models.CheckConstraint(
                name="proposal_decided_has_a_time",
                condition=Q(status=ProposalState.PENDING, decided_at__isnull=True)
                | Q(~Q(status=ProposalState.PENDING), decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="proposal_list"),
            models.Index(
                fields=["expires_at"],
                name="proposal_to_expire",
                condition=Q(status=ProposalState.PENDING),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_moves",
                field="status",
                transitions=[(str(before), str(after)) for before, after in EDGES],
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("proposals:detail", args=[self.pk])

    @property
    def is_snoozed(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > timezone.now()

    @property
    def points(self) -> list[str]:
        """The reasoning, one point a line."""
        return self.reasoning.splitlines()

    @transition(status, source=ProposalState.PENDING, target=ProposalState.ACCEPTED)
    def mark_accepted(self, draft_id: str, user_id: str | None) -> None:
        self.created_draft_id = draft_id
        self._decided(user_id)

    @transition(status, source=ProposalState.PENDING, target=ProposalState.DISMISSED)
    def mark_dismissed(self, user_id: str | None) -> None:
        self._decided(user_id)

    @transition(status, source=ProposalState.PENDING, target=ProposalState.EXPIRED)
    def mark_expired(self) -> None:
        self._decided(None)

    @transition(status, source=ProposalState.DISMISSED, target=ProposalState.PENDING)
    def mark_pending(self) -> None:
        self.decided_by_id = None
        self.decided_at = None
        self.snoozed_until = None

    def _decided(self, user_id: str | None) -> None:
        self.decided_by_id = user_id
        self.decided_at = timezone.now()
        self.snoozed_until = None
