"""One chunk of a run or an undo: shop rows, results and progress in the caller's transaction."""

from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from stores.gateways import ChangeRelation, Result, gateway_for
from stores.gateways import Outcome as Answer
from workflows.engine.batch import ToUndo, planned
from workflows.engine.crash import crash_point
from workflows.engine.lease import renew
from workflows.engine.results import record_results
from workflows.models import Workflow
from workflows.states import Kind, Phase

Write = Callable[[ChangeRelation], list[Answer]]


def find_moved(run: Workflow) -> list[Answer]:
    """Re-read all targets; those that do not hold their before-value any more."""
    return gateway_for(run.tenant_id).drift(planned(run.plan_id, 1, run.total))


def apply_chunk(run: Workflow) -> None:
    """The next open positions, compare-and-set; new rows first, they may be pointed at."""
    size = settings.CODEX_CHUNK_SIZE
    first, last = run.done + 1, min(run.done + size, run.total)
    number = run.done // size + 1
    crash_point("before_chunk", number)
    gateway = gateway_for(run.tenant_id)
    create = partial(gateway.create, created_by=run.pk)
    treated, skipped = _write(
        run,
        Phase.APPLY,
        number,
        (
            (planned(run.plan_id, first, last, Kind.CREATE), create),
            (planned(run.plan_id, first, last), gateway.write),
        ),
    )
    _check_whole(treated, last - first + 1)
    # With progress, earlier failed attempts no longer count.
    renew(
        run,
        attempts=0,
        done=last,
        applied=F("applied") + treated - skipped,
        skipped=F("skipped") + skipped,
        first_change_at=Coalesce("first_change_at", Now()),
    )
    crash_point("before_commit", number)


def undo_chunk(run: Workflow) -> None:
    """The last positions not looked at yet, backwards; what people changed since is kept."""
    size = settings.CODEX_CHUNK_SIZE
    last = run.done - run.undo_done
    first = max(last - size + 1, 1)
    number = run.undo_done // size + 1
    crash_point("before_chunk", number)
    gateway = gateway_for(run.tenant_id)
    changes = ToUndo.of(run.plan_id, run.pk, first, last)
    put_back = partial(gateway.write, restoring=True)
    take_back = partial(_gone, partial(gateway.delete_unchanged, created_by=run.pk))
    treated, kept = _write(
        run,
        Phase.UNDO,
        number,
        (
            (changes.inverse(), put_back),
            (changes.made(), take_back),
        ),
    )
    renew(
        run,
        attempts=0,
        undo_done=run.done - first + 1,
        restored=F("restored") + treated - kept,
        kept=F("kept") + kept,
    )
    crash_point("before_commit", number)


def _write(
    run: Workflow, phase: Phase, number: int, steps: Iterable[tuple[ChangeRelation, Write]]
) -> tuple[int, int]:
    """How many changes were treated, and how many of them the shop did not take."""
    treated = not_taken = 0
    for changes, write in steps:
        unwritten = write(changes)
        crash_point("after_write", number)
        not_taken += len(unwritten)
        treated += record_results(run.tenant_id, run.pk, phase, changes, unwritten)
    return treated, not_taken


def _gone(delete: Write, changes: ChangeRelation) -> list[Answer]:
    """A row somebody has deleted already is as gone as the undo wants it."""
    return [answer for answer in delete(changes) if answer.result is not Result.MISSING]


def chunk_count(total: int) -> int:
    return -(-total // settings.CODEX_CHUNK_SIZE)


def _check_whole(treated: int, wanted: int) -> None:
    if treated != wanted:
        raise RuntimeError(f"the plan holds {treated} of the {wanted} changes of this chunk")
