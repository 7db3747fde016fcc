"""The draft: a workflow being written. Only ``drafts.services`` may move it."""

from collections.abc import Sequence

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, transition

from core.ids import IdField
from core.models import StatefulModel, TimeStamped
from drafts.models import guards
from drafts.states import EDGES, FINAL, DraftState, PreviewState
from tenants.models import TenantKey, TenantOwned
from workflows.models.plans import of_a_real_plan

User = settings.AUTH_USER_MODEL


class Draft(TimeStamped, StatefulModel, TenantOwned):
    """``version`` counts what people wrote, so that two who write at once notice each other.

    ``plan`` is the plan of the inputs as they stand; an edit of the inputs clears it. What a
    client sent as ``preview_data`` is the author's note and is never run. ``seed`` is what its
    plans' chance and the ids of new rows follow from: its own id, or that of the draft it was
    re-planned from, so that only what the shop changed differs.
    """

    guest_path = "id"

    id = IdField(prefix="draft")
    workflow_type_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    preview_data = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    status = FSMField(default=DraftState.EDITING, choices=DraftState.choices, protected=True)

    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_council = TenantKey(
        "councils.Council", on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    # The other councils that review it as well, and the one it was escalated to.
    further_council_ids = ArrayField(
        models.CharField(max_length=64, db_collation="C"), default=list, blank=True
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_comment = models.TextField(blank=True)

    seed = models.CharField(max_length=64, blank=True)
    plan = TenantKey(
        "workflows.Plan", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    preview_state = models.CharField(
        max_length=16, choices=PreviewState.choices, default=PreviewState.NONE, blank=True
    )
    preview_asked_at = models.DateTimeField(null=True, blank=True)
    preview_asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    preview_problem = models.JSONField(null=True, blank=True)

    created_from_template_id = models.CharField(max_length=64, null=True, blank=True)
    created_from_proposal_id = models.CharField(max_length=64, null=True, blank=True)
    replanned_from_workflow = TenantKey(
        "workflows.Workflow",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor_drafts",
    )
    converted_to_workflow = TenantKey(
        "workflows.Workflow", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "workflow_drafts"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="draft_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="draft_in_review_was_submitted",
                condition=~Q(status__in=[DraftState.PENDING_REVIEW, DraftState.REJECTED])
                | Q(submitted_at__isnull=False, assigned_council__isnull=False),
            ),
            models.CheckConstraint(
                name="draft_past_editing_has_a_plan",
                condition=Q(plan__isnull=False)
                | ~Q(
                    status__in=[
                        DraftState.PENDING_REVIEW,
                        DraftState.APPROVED,
                        DraftState.CONVERTED,
                    ]
                ),
            ),
            models.CheckConstraint(
                name="draft_converted_names_its_workflow",
                condition=Q(status=DraftState.CONVERTED, converted_to_workflow__isnull=False)
                | Q(~Q(status=DraftState.CONVERTED), converted_to_workflow__isnull=True),
            ),
            models.CheckConstraint(
                name="draft_preview_asked_has_a_time",
                condition=~Q(preview_state=PreviewState.COMPUTING)
                | Q(preview_asked_at__isnull=False, preview_asked_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-created_at", "-id"],
                name="draft_list",
                condition=~Q(status=DraftState.DISCARDED),
            ),
            models.Index(fields=["tenant", "status", "-created_at", "-id"], name="draft_by_status"),
            models.Index(fields=["tenant", "created_by", "-created_at"], name="draft_by_author"),
            models.Index(fields=["tenant", "-created_at"], name="draft_by_age"),
            models.Index(fields=["tenant", "assigned_council", "status"], name="draft_by_council"),
            models.Index(
                fields=["preview_asked_at"],
                name="draft_preview_open",
                condition=Q(preview_state=PreviewState.COMPUTING),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_moves",
                field="status",
                transitions=[(str(before), str(after)) for before, after in EDGES],
            ),
            *guards.DRAFT,
            of_a_real_plan(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("drafts:draft", args=[self.pk])

    @property
    def is_editing(self) -> bool:
        return self.status == DraftState.EDITING

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @transition(status, source=DraftState.EDITING, target=DraftState.PENDING_REVIEW)
    def mark_pending_review(self, council_id: str, further: Sequence[str] = ()) -> None:
        self.assigned_council_id = council_id
        self.further_council_ids = list(further)
        self.submitted_at = timezone.now()
        self._forget_review()

    @transition(status, source=DraftState.PENDING_REVIEW, target=DraftState.EDITING)
    def mark_withdrawn(self) -> None:
        pass

    @transition(status, source=DraftState.PENDING_REVIEW, target=DraftState.EDITING)
    def mark_changes_requested(self, reviewer_id: str | None, comment: str) -> None:
        self._remember_review(reviewer_id, comment)

    @transition(status, source=DraftState.PENDING_REVIEW, target=DraftState.REJECTED)
    def mark_rejected(self, reviewer_id: str | None, comment: str) -> None:
        self._remember_review(reviewer_id, comment)

    @transition(status, source=DraftState.PENDING_REVIEW, target=DraftState.APPROVED)
    def mark_approved(self, reviewer_id: str | None, comment: str) -> None:
        self._remember_review(reviewer_id, comment)

    @transition(status, source=DraftState.EDITING, target=DraftState.APPROVED)
    def mark_approved_by_standing(self) -> None:
        self._remember_review(None, "")

    @transition(status, source=DraftState.EDITING, target=DraftState.APPROVED)
    def mark_approved_by_carry_over(self) -> None:
        self._remember_review(None, "")

    @transition(
        status,
        source=[DraftState.EDITING, DraftState.PENDING_REVIEW],
        target=DraftState.APPROVED,
    )
    def mark_approved_by_break_glass(
        self, owner_id: str | None, reason: str, council_ids: Sequence[str] = ()
    ) -> None:
        """``council_ids``: who looks at it afterwards, and from now on sees it."""
        if council_ids:
            self.assigned_council_id, *self.further_council_ids = council_ids
            self.submitted_at = self.submitted_at or timezone.now()
        self._remember_review(owner_id, reason)

    @transition(status, source=DraftState.APPROVED, target=DraftState.PENDING_REVIEW)
    def mark_taken_back(self) -> None:
        self._forget_review()

    @transition(
        status, source=[DraftState.REJECTED, DraftState.APPROVED], target=DraftState.EDITING
    )
    def mark_reopened(self) -> None:
        pass

    @transition(status, source=DraftState.APPROVED, target=DraftState.EDITING)
    def mark_approval_expired(self) -> None:
        pass

    @transition(status, source=DraftState.APPROVED, target=DraftState.CONVERTED)
    def mark_converted(self, workflow_id: str) -> None:
        self.converted_to_workflow_id = workflow_id

    @transition(
        status,
        source=[DraftState.EDITING, DraftState.REJECTED, DraftState.APPROVED],
        target=DraftState.DISCARDED,
    )
    def mark_discarded(self) -> None:
        pass

    def _remember_review(self, reviewer_id: str | None, comment: str) -> None:
        self.reviewed_by_id = reviewer_id
        self.reviewed_at = timezone.now()
        self.review_comment = comment

    def _forget_review(self) -> None:
        self.reviewed_by_id = None
        self.reviewed_at = None
        self.review_comment = ""
