"""Every read of plans and runs worth a name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import fmean
from typing import Any

from django.db import connection
from django.db.models import (
    Avg,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now

from core.errors import NotFound
from core.models import Event
from core.scope import current_scope, require_tenant_id
from workflows.models import (
    Artifact,
    ChangeResult,
    DeltaRow,
    Plan,
    PlanDelta,
    PlannedChange,
    TextModel,
    TextSpending,
    Workflow,
)
from workflows.planning.encoding import canonical
from workflows.states import ACTIVE, FIDELITY_FLOOR, Kind, Outcome, Phase, RunState

PAST_RUNS = 50
# (changes, seconds) of runs measured on two cores.
MEASURED = ((0, 1.0), (100_000, 6.0))
STEP = 5_000
HASH_ORDER = """
SELECT kind, entity, target_id, field, before::text, after::text
FROM workflow_planned_changes WHERE plan_id = %s AND position <> ALL(%s::int[])
ORDER BY entity, length(target_id), target_id, field
"""
RECORDS = """
SELECT workflow_type_id, avg(fidelity), count(*) FROM (
    SELECT workflow_type_id, fidelity,
           row_number() OVER (PARTITION BY workflow_type_id ORDER BY finished_at DESC) AS age
    FROM workflows WHERE tenant_id = %s AND fidelity IS NOT NULL
) AS run
WHERE age <= %s GROUP BY workflow_type_id
"""
HashRow = tuple[str, str, str, str, str, str]


def database_now() -> datetime:
    """The one clock of leases and due times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


# Plans


def plan(plan_id: str) -> Plan:
    found = Plan.objects.filter(pk=plan_id).first()
    if found is None:
        raise NotFound
    return found


def changes_in_hash_order(plan: Plan, leaving_out: Iterable[int] = ()) -> Iterator[HashRow]:
    """Streamed; ``before`` and ``after`` as canonical JSON text."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(HASH_ORDER, [plan.pk, list(leaving_out)])
        while rows := cursor.fetchmany(STEP):
            for *key, before, after in rows:
                yield (*key, canonical(before), canonical(after))


def old_plan_ids() -> list[tuple[str, str]]:
    """(tenant, plan) of all tenants: previews of more than a day ago that no run or draft has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, plan_id FROM codex_old_plans()")
        return cursor.fetchall()


def estimate(workflow_type_id: str, changes: int) -> dict[str, Any]:
    """Seconds a run of that size should take, from this tenant's past runs of the type.

    A straight line through the last runs and two of our own measurements, which hold it up before
    there are any runs, and keep a few small ones from foretelling hours for a large one.
    """
    past = (
        Workflow.objects.filter(
            workflow_type_id=workflow_type_id, status=RunState.SUCCEEDED, total__gt=0
        )
        .order_by("-finished_at")
        .annotate(took=ExpressionWrapper(F("finished_at") - F("started_at"), DurationField()))[
            :PAST_RUNS
        ]
    )
    runs = [(total, took.total_seconds()) for took, total in past.values_list("took", "total")]
    start_up, each = _line([*MEASURED, *runs])
    return {"seconds": max(1, round(start_up + each * changes)), "runs": len(runs)}


def _line(points: list[tuple[int, float]]) -> tuple[float, float]:
    """Where the line of least squares starts, and its slope, which never falls."""
    middle = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - middle[0]) ** 2 for x, _ in points)
    slope = max(0.0, sum((x - middle[0]) * (y - middle[1]) for x, y in points) / spread)
    return max(0.0, middle[1] - slope * middle[0]), slope


@dataclass(frozen=True, slots=True)
class TypeRecord:
    """How true a type's plans came here: the mean share of changes as planned over its last
    ``runs``; None before there are any."""

    fidelity: Decimal | None = None
    runs: int = 0

    @property
    def is_good(self) -> bool:
        return self.fidelity is None or self.fidelity >= FIDELITY_FLOOR


def type_records() -> dict[str, TypeRecord]:
    """Of every type that has run, in one query; a type not in it has never run."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [require_tenant_id(), PAST_RUNS])
        return {type_id: TypeRecord(share, runs) for type_id, share, runs in cursor.fetchall()}


def type_record(workflow_type_id: str) -> TypeRecord:
    return TypeRecord(**type_fidelity(workflow_type_id))


def type_fidelity(workflow_type_id: str) -> dict[str, Any]:
    """Mean share of changes that happened as planned over the last runs of a type."""
    last = Workflow.objects.filter(
        workflow_type_id=workflow_type_id, fidelity__isnull=False
    ).order_by("-finished_at")[:PAST_RUNS]
    return Workflow.objects.filter(pk__in=last.values("pk")).aggregate(
        fidelity=Avg("fidelity"), runs=Count("pk")
    )


def changes(
    plan: Plan, *, field: str = "", group: str = "", text: str = ""
) -> QuerySet[PlannedChange]:
    """Planned changes, filtered for people; order by ``position``."""
    rows = PlannedChange.objects.filter(plan=plan)
    if field:
        entity, _, name = field.partition(".")
        rows = rows.filter(entity=entity, field=name)
    if group:
        rows = rows.filter(note__group=group)
    return _searched(rows, text)


def delta(plan: Plan | None, earlier_id: str | None) -> PlanDelta | None:
    """What differs between them, if it was computed."""
    if plan is None or not earlier_id or plan.pk == earlier_id:
        return None
    return PlanDelta.objects.filter(plan=plan, earlier_id=earlier_id).first()


def delta_rows(
    delta: PlanDelta, *, difference: str = "", field: str = "", text: str = ""
) -> QuerySet[DeltaRow]:
    """The rows that differ, filtered for people; order by ``place``."""
    rows = DeltaRow.objects.filter(delta=delta)
    if difference:
        rows = rows.filter(difference=difference)
    if field:
        entity, _, name = field.partition(".")
        rows = rows.filter(entity=entity, field=name)
    return _searched(rows, text)


def left_out(part: Plan) -> QuerySet[PlannedChange]:
    """The changes of the whole plan that a reviewer unticked; order by ``position``."""
    kept = PlannedChange.objects.filter(
        plan_id=part.pk,
        entity=OuterRef("entity"),
        target_id=OuterRef("target_id"),
        field=OuterRef("field"),
    )
    return PlannedChange.objects.filter(~Exists(kept), plan_id=part.trimmed_from_id)


def _searched(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    if not text:
        return rows
    return rows.annotate(sku=KeyTextTransform("sku", "note")).filter(
        Q(label__icontains=text) | Q(sku__icontains=text) | Q(target_id=text)
    )


def creations(plan: Plan, *, up_to: int, leaving_out: list[int]) -> int:
    """How many new rows the first ``up_to`` changes make."""
    rows = PlannedChange.objects.filter(plan=plan, position__lte=up_to, kind=Kind.CREATE)
    return rows.exclude(position__in=leaving_out).count()


def artifact(plan_id: str, name: str) -> Artifact:
    found = Artifact.objects.filter(plan_id=plan_id, name=name).first()
    if found is None:
        raise NotFound
    return found


# Runs


def visible_to(actor: Any) -> QuerySet[Workflow]:
    """The scope's tenant's runs, for its members and for those who judged the draft."""
    here = current_scope()
    if here is None or not here.tenant_id:
        return Workflow._base_manager.none()
    return Workflow.objects.select_related("created_by")


def run_for(actor: Any, workflow_id: str) -> Workflow:
    """The run with its plan, or ``NotFound`` for a stranger as for nothing."""
    found = visible_to(actor).select_related("plan").filter(pk=workflow_id).first()
    if found is None:
        raise NotFound
    return found


def matching(
    *, draft_id: str = "", status: str = "", workflow_type_id: str = "", user_id: str = ""
) -> Q:
    asked = {
        "draft_id": draft_id,
        "status": status,
        "workflow_type_id": workflow_type_id,
        "created_by_id": user_id,
    }
    return Q(**{name: value for name, value in asked.items() if value})


def workflows(**asked: str) -> QuerySet[Workflow]:
    return Workflow.objects.filter(matching(**asked))


def counts_by_status() -> dict[str, int]:
    """Of the scope's tenant; nothing for somebody who belongs to none."""
    here = current_scope()
    if here is None or not here.tenant_id:
        return {}
    rows = Workflow.objects.order_by().values_list("status").annotate(n=Count("pk"))
    return dict(rows)


def running_count() -> int | None:
    here = current_scope()
    if here is None or not here.tenant_id:
        return None
    return Workflow.objects.filter(status__in=ACTIVE).count()


def startable() -> QuerySet[Workflow]:
    return Workflow.objects.filter(status=RunState.PENDING, due_at__lte=Now())


def resumable() -> QuerySet[Workflow]:
    """Runs whose holder has lost its lease; an undo just asked for has none yet."""
    return Workflow.objects.filter(status__in=ACTIVE, lease_until__lte=Now())


def changes_with_results(run: Workflow) -> QuerySet[PlannedChange]:
    """Each planned change with ``outcome`` and ``found`` of the run, and the same of its undo."""
    rows = PlannedChange.objects.filter(plan_id=run.plan_id)
    for phase in (Phase.APPLY, Phase.UNDO, Phase.DRIFT):
        result = ChangeResult.objects.filter(
            workflow_id=run.pk, phase=phase, position=OuterRef("position")
        )
        rows = rows.annotate(
            **{
                f"{phase.value}_outcome": Subquery(result.values("outcome")),
                f"{phase.value}_found": Subquery(result.values("found")),
                f"{phase.value}_why": Subquery(result.values("why")),
                f"{phase.value}_reason": Subquery(result.values("reason")),
            }
        )
    return rows


RESULTS = {
    "applied": (Phase.APPLY, Outcome.APPLIED),
    "skipped": (Phase.APPLY, Outcome.SKIPPED),
    "moved": (Phase.DRIFT, Outcome.MOVED),
    "restored": (Phase.UNDO, Outcome.RESTORED),
    "kept": (Phase.UNDO, Outcome.KEPT),
}
RESULT_FILTERS = ("open", *RESULTS)


def changes_of_run(run: Workflow, *, result: str = "", text: str = "") -> QuerySet[PlannedChange]:
    rows = _searched(changes_with_results(run), text)
    if result == "open":
        return rows.filter(position__gt=run.done)
    return rows.filter(position__in=_positions(run, *RESULTS[result])) if result else rows


def _positions(run: Workflow, phase: Phase, outcome: Outcome) -> QuerySet[ChangeResult, int]:
    rows = ChangeResult.objects.filter(workflow_id=run.pk, phase=phase, outcome=outcome)
    return rows.values_list("position", flat=True)


def result_counts(run: Workflow) -> dict[str, int]:
    """How many changes each filter shows; kept on the run, so that nothing is counted."""
    stopped = run.status == RunState.STOPPED_BY_DRIFT
    return {
        "applied": run.applied,
        "skipped": run.skipped,
        "open": run.open_count,
        "moved": moved_count(run) if stopped else 0,
        "restored": run.restored,
        "kept": run.kept,
    }


def moved_count(run: Workflow) -> int:
    return ChangeResult.objects.filter(workflow_id=run.pk, phase=Phase.DRIFT).count()


def results(run: Workflow, phase: Phase, outcome: Outcome) -> QuerySet[PlannedChange]:
    return changes_with_results(run).filter(position__in=_positions(run, phase, outcome))


def timeline(run: Workflow) -> QuerySet[Event]:
    """What happened to this run, newest first."""
    return Event.objects.filter(tenant_id=run.tenant_id, subject_id=run.pk).order_by("-at", "-id")


def due_run_ids() -> list[tuple[str, str]]:
    """(tenant, run) of all tenants: due and never started, or held by nobody any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, workflow_id FROM codex_runs_to_publish()")
        return cursor.fetchall()


def text_model(tenant_id: str) -> TextModel | None:
    return TextModel.objects.filter(tenant_id=tenant_id).first()


def text_spending(tenant_id: str) -> list[TextSpending]:
    """What the last twelve months' texts cost, newest first."""
    return list(TextSpending.objects.filter(tenant_id=tenant_id).order_by("-month")[:12])
