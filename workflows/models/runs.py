"""The run: one execution of a plan, who holds it, how far it is, and what really happened."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django_fsm import FSMField, transition

from core.ids import IdField
from core.models import StatefulModel, TimeStamped
from tenants.models import TenantKey, TenantOwned
from workflows.models.plans import Plan, of_a_real_plan
from workflows.states import ACTIVE, EDGES, UNDOABLE, Agent, Outcome, Phase, RunState

FINISHED_RUN = (
    RunState.SUCCEEDED,
    RunState.FAILED,
    RunState.STOPPED_BY_DRIFT,
    RunState.CANCELLED,
)


def applied_something(run: "Workflow") -> bool:
    return run.applied > 0


class Workflow(TenantOwned, TimeStamped, StatefulModel):
    """One execution of an approved plan. Only ``workflows.services`` may move it.

    The row decides who works on it: ``fence`` counts claims, ``lease_until`` is when the present
    holder loses it, ``attempts`` counts claims without progress. ``due_at`` is when it should
    start; without it, it waits for somebody to press start. ``held_until`` is when a freeze that
    met it at its start is over.
    ``done`` is the position up to which changes were treated, ``undo_done`` the same from the end.
    """

    guest_path = "draft_id"

    id = IdField(prefix="workflow")
    plan = TenantKey(Plan, on_delete=models.PROTECT, related_name="workflows")
    draft = TenantKey(
        "drafts.Draft", on_delete=models.PROTECT, null=True, blank=True, related_name="workflows"
    )
    workflow_type_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    inputs = models.JSONField(encoder=DjangoJSONEncoder)
    status = FSMField(default=RunState.PENDING, choices=RunState.choices, protected=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by_agent = models.CharField(max_length=32, choices=Agent.choices)

    due_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    undo_done = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    fidelity = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    error = models.TextField(blank=True)
    error_reference = models.CharField(max_length=32, blank=True)

    started_at = models.DateTimeField(null=True, blank=True)
    first_change_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undo_started_at = models.DateTimeField(null=True, blank=True)
    undo_finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "workflows"
        constraints = [
            models.UniqueConstraint(
                fields=["draft"],
                name="workflow_one_per_draft",
                condition=Q(draft__isnull=False),
            ),
            models.UniqueConstraint(fields=["plan"], name="workflow_one_per_plan"),
            models.CheckConstraint(
                name="workflow_status_is_known", condition=Q(status__in=RunState.values)
            ),
            models.CheckConstraint(
                name="workflow_counts_add_up",
                condition=Q(done__lte=F("total"), done=F("applied") + F("skipped")),
            ),
            models.CheckConstraint(
                name="workflow_undo_counts_add_up",
                condition=Q(undo_done__lte=F("total"), restored__lte=F("applied")),
            ),
            models.CheckConstraint(
                name="workflow_fidelity_is_a_share",
                condition=Q(fidelity=None) | Q(fidelity__gte=0, fidelity__lte=1),
            ),
            models.CheckConstraint(
                name="workflow_lease_is_for_work",
                condition=Q(status__in=ACTIVE) | Q(lease_until=None),
            ),
            models.CheckConstraint(
                name="workflow_succeeded_did_all",
                condition=~Q(status=RunState.SUCCEEDED)
                | Q(done=F("total"), fidelity__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="workflow_newest"),
            models.Index(fields=["tenant", "status", "-created_at"], name="workflow_by_status"),
            models.Index(
                fields=["tenant", "workflow_type_id", "-finished_at"], name="workflow_by_type"
            ),
            models.Index(fields=["tenant", "-finished_at"], name="workflow_by_end"),
            models.Index(
                fields=["due_at"],
                name="workflow_due",
                condition=Q(status=RunState.PENDING, due_at__isnull=False),
            ),
            models.Index(
                fields=["lease_until"], name="workflow_leased", condition=Q(status__in=ACTIVE)
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="status_edges", field="status", transitions=list(EDGES)),
            of_a_real_plan(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workflows:run", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def is_waiting(self) -> bool:
        return self.status == RunState.PENDING

    @property
    def open_count(self) -> int:
        return self.total - self.done

    @transition(status, source=RunState.PENDING, target=RunState.RUNNING)
    def mark_running(self, at: datetime) -> None:
        self.started_at = at

    @transition(status, source=RunState.RUNNING, target=RunState.SUCCEEDED)
    def mark_succeeded(self, at: datetime) -> None:
        self._release(finished_at=at)

    @transition(status, source=RunState.RUNNING, target=RunState.FAILED)
    def mark_failed(self, at: datetime, *, error: str, reference: str) -> None:
        self.error, self.error_reference = error, reference
        self._release(finished_at=at)

    @transition(status, source=RunState.RUNNING, target=RunState.STOPPED_BY_DRIFT)
    def mark_stopped_by_drift(self, at: datetime) -> None:
        self._release(finished_at=at)

    @transition(status, source=[RunState.PENDING, RunState.RUNNING], target=RunState.CANCELLED)
    def mark_cancelled(self, at: datetime) -> None:
        self._release(finished_at=at)

    @transition(
        status, source=list(UNDOABLE), target=RunState.UNDOING, conditions=[applied_something]
    )
    def mark_undoing(self, at: datetime) -> None:
        self.undo_started_at, self.undo_finished_at = at, None
        self.undo_done, self.kept, self.attempts = 0, 0, 0
        self.lease_until = at
        self.error = self.error_reference = ""

    @transition(status, source=RunState.UNDOING, target=RunState.UNDONE)
    def mark_undone(self, at: datetime) -> None:
        self._release(undo_finished_at=at)

    @transition(status, source=RunState.UNDOING, target=RunState.UNDO_INCOMPLETE)
    def mark_undo_incomplete(self, at: datetime, *, error: str = "", reference: str = "") -> None:
        self.error, self.error_reference = error, reference
        self._release(undo_finished_at=at)

    def _release(self, **times: datetime) -> None:
        self.lease_until = None
        for name, value in times.items():
            setattr(self, name, value)


class ChangeResult(TenantOwned):
    """What became of one change of a run in one phase.

    Of a change the shop did not take: ``why`` (the gateway's word for it), ``reason`` for people,
    and ``found``, what stood there instead.


    A row is written in the transaction that writes the shop. No surrogate key and no second
    index: 100,000 of them are written with every run of that size.
    """

    guest_path = "workflow__draft_id"

    pk = models.CompositePrimaryKey("workflow_id", "phase", "position")
    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    workflow = TenantKey(Workflow, on_delete=models.CASCADE, related_name="results", db_index=False)
    phase = models.CharField(max_length=8, db_collation="C", choices=Phase.choices)
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, db_collation="C", choices=Outcome.choices)
    why = models.CharField(max_length=8, db_collation="C", blank=True)
    reason = models.CharField(max_length=200, blank=True)
    found = models.JSONField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "workflow_change_results"
        constraints = [
            models.CheckConstraint(
                name="change_result_fits_its_phase",
                condition=Q(phase=Phase.DRIFT, outcome=Outcome.MOVED)
                | Q(phase=Phase.APPLY, outcome__in=[Outcome.APPLIED, Outcome.SKIPPED])
                | Q(phase=Phase.UNDO, outcome__in=[Outcome.RESTORED, Outcome.KEPT]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} {self.phase} {self.position}: {self.outcome}"
