"""What a worker does with a run: claim it, check the shop, write chunk by chunk, finish.

The message that called it is a hint. Everything it must know stands on the row, so calling it
twice, late, or on a machine that dies half-way changes nothing about the result.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

import structlog
from django.conf import settings
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actors import SystemActor
from core.errors import NotFound
from core.ids import new_id
from core.lifecycle import moving, record
from core.scope import scope
from workflows import queries, restraints
from workflows.engine.chunks import apply_chunk, chunk_count, find_moved, undo_chunk
from workflows.engine.crash import crash_point
from workflows.engine.lease import Claim, Fenced, holding, lease, renew
from workflows.engine.results import record_moved
from workflows.models import Workflow
from workflows.services.telling import tell_of_the_end
from workflows.states import RunState

log = structlog.get_logger(__name__)
ENGINE = SystemActor("engine", grants=frozenset({"workflows.execute"}))
EXECUTE = "workflows.execute"
RETRIES = 3
RETRIED = frozenset({"40P01", "40001"})  # deadlock, serialization: another run was quicker
MOVED_NAMED = 5


def run_workflow(*, tenant_id: str, workflow_id: str) -> None:
    """Do all that is open of a run or an undo; do nothing when it is not due or held by another."""
    claim = _claim(tenant_id, workflow_id)
    if claim is None:
        return
    crash_point("after_claim")
    try:
        _work(claim)
    except Fenced:
        log.warning("run_has_another_holder", workflow_id=workflow_id, fence=claim.fence)
    except OperationalError:
        # The database went away or refused for now: the lease runs out and the sweep comes back.
        log.exception("run_interrupted", workflow_id=workflow_id)
    except Exception as error:
        _give_up(claim, error)


def _claim(tenant_id: str, workflow_id: str) -> Claim | None:
    with scope(tenant_id=tenant_id), suppress(NotFound):
        for rows, event in (
            (queries.startable(), "workflow.started"),
            (queries.resumable(), "workflow.resumed"),
        ):
            if rows.filter(pk=workflow_id, attempts__gte=settings.CODEX_RUN_ATTEMPTS).exists():
                _bury(rows, workflow_id)
                return None
            if rows.filter(pk=workflow_id).exists():
                held = event == "workflow.started" and _hold(rows, workflow_id)
                return None if held else _take(rows, workflow_id, event)
    return None


def _hold(rows: QuerySet[Workflow], workflow_id: str) -> bool:
    """Whether a freeze is on; then the run waits for its end, and says so once. A run that
    somebody else took a moment ago is not ours to start either."""
    run = rows.filter(pk=workflow_id).first()
    if run is None:
        return True
    now = queries.database_now()
    frozen = restraints.freeze_at(run.tenant_id, run.workflow_type_id, now)
    if frozen is None:
        return False
    if run.held_until != frozen.until:
        window = frozen.window
        data = {"until": frozen.until.isoformat(), "freeze": window.name, "freeze_id": window.pk}
        event = "workflow.held"
        with moving(
            rows, workflow_id, actor=ENGINE, perm=EXECUTE, event=event, data=data
        ) as waiting:
            waiting.held_until, waiting.nudged_at = frozen.until, now
    return True


def _take(rows: QuerySet[Workflow], workflow_id: str, event: str) -> Claim:
    """Under the lock, if the row is still to be had: a new fence number and a lease."""
    now = queries.database_now()
    data: dict[str, object] = {}
    with moving(rows, workflow_id, actor=ENGINE, perm=EXECUTE, event=event, data=data) as run:
        run.fence += 1
        run.attempts += 1
        run.lease_until = now + lease()
        run.held_until = None
        data.update(fence=run.fence, attempt=run.attempts)
        if run.status == RunState.PENDING:
            run.mark_running(now)
        return Claim(run.tenant_id, run.pk, run.fence, run.status)


def _bury(rows: QuerySet[Workflow], workflow_id: str) -> None:
    """A run whose workers die again and again is stopped, so that it kills no more of them."""
    reference = new_id("fault")
    data: dict[str, object] = {"reference": reference}
    with moving(
        rows, workflow_id, actor=ENGINE, perm=EXECUTE, event="workflow.given_up", data=data
    ) as run:
        text = _("Given up: its worker died {n} times without getting further.")
        run.fence += 1
        _mark_given_up(run, queries.database_now(), text.format(n=run.attempts), reference)
    tell_of_the_end(run)


def _work(claim: Claim) -> None:
    step = _undo_step if claim.status == RunState.UNDOING else _ApplyStep()
    failures = 0
    while True:
        try:
            if not step(claim):
                return
            failures = 0
        except OperationalError as error:
            failures += 1
            if getattr(error.__cause__, "sqlstate", "") not in RETRIED or failures > RETRIES:
                raise


class _ApplyStep:
    """One transaction of a run; True while there is more to do."""

    def __init__(self) -> None:
        self.checked = False

    def __call__(self, claim: Claim) -> bool:
        with holding(claim) as run:
            before = run.done
            if run.cancel_requested_at is not None:
                return _cancel(claim)
            if before == 0 and not self.checked:
                self.checked = True
                return _check_shop(claim, run)
            if before < run.total:
                apply_chunk(run)
        if before == run.total:
            crash_point("before_finish")
            return _succeed(claim)
        crash_point("after_commit", before // settings.CODEX_CHUNK_SIZE + 1)
        return True


def _undo_step(claim: Claim) -> bool:
    with holding(claim) as run:
        before = run.undo_done
        if before < run.done:
            undo_chunk(run)
    if before >= run.done:
        crash_point("before_finish")
        return _finish_undo(claim)
    crash_point("after_commit", before // settings.CODEX_CHUNK_SIZE + 1)
    return True


def _check_shop(claim: Claim, run: Workflow) -> bool:
    """Before the first chunk: with drift, nothing is written at all."""
    moved = find_moved(run)
    if not moved:
        read = {"changes": run.total, "chunks": chunk_count(run.total)}
        record("workflow.checked", run, actor=ENGINE, data=read)
        renew(run)
        return True
    record_moved(run.tenant_id, run.pk, moved)
    positions = [answer.position for answer in moved[:MOVED_NAMED]]
    named = queries.changes(run.plan).filter(position__in=positions).order_by("position")
    data: dict[str, object] = {
        "moved": len(moved),
        "first": [f"{change.label} · {change.field}" for change in named],
    }
    with _finishing(claim, "workflow.stopped_by_drift", data) as (held, now):
        held.mark_stopped_by_drift(now)
    return False


def _cancel(claim: Claim) -> bool:
    data: dict[str, object] = {}
    with _finishing(claim, "workflow.cancelled", data) as (run, now):
        run.fidelity = share(run.applied, run.total)
        data.update(_counts(run))
        run.mark_cancelled(now)
    return False


def _succeed(claim: Claim) -> bool:
    data: dict[str, object] = {}
    finishing = _finishing(claim, "workflow.succeeded", data)
    with scope(tenant_id=claim.tenant_id), finishing as (run, now):
        run.fidelity = share(run.applied, run.total)
        data.update(_counts(run), fidelity=str(run.fidelity))
        run.mark_succeeded(now)
    return False


def _finish_undo(claim: Claim) -> bool:
    with scope(tenant_id=claim.tenant_id):
        run = claim.rows().first()
        left = run is not None and run.kept > 0
        event = "workflow.undo_incomplete" if left else "workflow.undone"
        data: dict[str, object] = {}
        with _finishing(claim, event, data) as (held, now):
            data.update(restored=held.restored, kept=held.kept)
            if left:
                held.mark_undo_incomplete(now)
            else:
                held.mark_undone(now)
    return False


@contextmanager
def _finishing(
    claim: Claim, event: str, data: dict[str, object]
) -> Iterator[tuple[Workflow, datetime]]:
    """Move the run we hold to its end, with its event; ``Fenced`` when it is no longer ours."""
    try:
        with moving(
            claim.rows(), claim.workflow_id, actor=ENGINE, perm=EXECUTE, event=event, data=data
        ) as run:
            yield run, queries.database_now()
        tell_of_the_end(run)
    except NotFound as gone:
        raise Fenced(claim.workflow_id) from gone


def _give_up(claim: Claim, error: Exception) -> None:
    """A fault that trying again would not mend: say so on the run, keep the trace in the log."""
    reference = new_id("fault")
    log.exception("run_failed", reference=reference, workflow_id=claim.workflow_id, exc_info=error)
    text = _("The run stopped with an error: {error}").format(error=_in_short(error))
    data: dict[str, object] = {"reference": reference}
    with scope(tenant_id=claim.tenant_id), suppress(Fenced):
        event = (
            "workflow.failed" if claim.status == RunState.RUNNING else "workflow.undo_incomplete"
        )
        with _finishing(claim, event, data) as (run, now):
            data.update(_counts(run))
            _mark_given_up(run, now, text, reference)


def _mark_given_up(run: Workflow, now: datetime, text: str, reference: str) -> None:
    if run.status == RunState.RUNNING:
        run.fidelity = share(run.applied, run.total)
        run.mark_failed(now, error=text, reference=reference)
    else:
        run.mark_undo_incomplete(now, error=text, reference=reference)


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:300]


def _counts(run: Workflow) -> dict[str, object]:
    return {"applied": run.applied, "skipped": run.skipped, "total": run.total}


def share(part: int, whole: int) -> Decimal:
    """Rounded down: 1 means every single one."""
    if whole == 0:
        return Decimal(1)
    return (Decimal(part) / whole).quantize(Decimal("0.000001"), ROUND_DOWN)
