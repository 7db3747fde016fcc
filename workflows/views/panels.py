"""What the pages of runs show, gathered once, for whole pages and for their fragments."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.actors import Actor
from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid
from core.requests import Request
from stores.gateways import Result
from workflows import presentation, queries, restraints, services
from workflows.freezing import Frozen
from workflows.models import PlannedChange, Workflow
from workflows.states import Outcome, Phase, RunState
from workflows.types import registry

SIZE = 50
NAMED = 5
RESULT = ("outcome", "found", "why", "reason")
HISTORY = 30
FILTER_WORDS = {
    "applied": _l("Applied"),
    "skipped": _l("Skipped"),
    "open": _l("Open"),
    "moved": _l("Moved"),
    "restored": _l("Restored"),
    "kept": _l("Kept"),
}
# The badge a result wears: colour and shape of a state people know.
BADGES: dict[str, tuple[str, object]] = {
    Outcome.APPLIED: ("succeeded", _l("Applied")),
    Outcome.SKIPPED: ("stopped_by_drift", _l("Skipped")),
    Outcome.MOVED: ("stopped_by_drift", _l("Moved")),
    Outcome.RESTORED: ("undone", _l("Restored")),
    Outcome.KEPT: ("undo_incomplete", _l("Kept")),
}
WHY = {
    "drifted": _l("is now {found}"),
    "changed": _l("edited since"),
    "missing": _l("not there any more"),
    "taken": _l("there already"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One change with its result."""

    change: presentation.Shown
    badge: str
    word: str
    note: str


@dataclass(frozen=True, slots=True)
class Filter:
    href: str
    label: str
    count: int
    current: bool


def run_page(request: Request, run: Workflow) -> dict[str, object]:
    return {
        **live_panel(request, run),
        **changes_panel(request, run),
        "kind": registry.find(run.workflow_type_id),
        "summary": run.plan.summary,
        "events": list(queries.timeline(run)[:HISTORY]),
        "left_alone": _left_alone(request, run),
        **may(run, request.actor),
    }


def may(run: Workflow, actor: Actor) -> dict[str, bool]:
    return {
        "may_start": services.may_start(run, actor=actor),
        "may_cancel": services.may_cancel(run, actor=actor),
        "may_undo": services.may_undo(run, actor=actor),
        "may_replan": _may_replan(run, actor),
    }


def _may_replan(run: Workflow, actor: Actor) -> bool:
    """A run of a draft that met a shop that had moved."""
    met_drift = run.status == RunState.STOPPED_BY_DRIFT or run.skipped > 0
    return bool(run.draft_id) and met_drift and actor.has_perm("workflows.undo_workflow", run)


def live_panel(request: Request, run: Workflow) -> dict[str, object]:
    undoing = run.undo_started_at is not None
    frozen = _frozen(run)
    waiting = run.is_waiting and _is_due(run)
    return {
        "run": run,
        "frozen": frozen,
        "waiting": waiting,
        "live": run.is_active or (waiting and frozen is None),
        "done": run.undo_done if undoing else run.done,
        "total": run.done if undoing else run.total,
        "seconds_left": _seconds_left(run),
        "share_percent": _percent(run),
    }


def _frozen(run: Workflow) -> Frozen | None:
    """What keeps a waiting run from starting: now, or at the time it is scheduled for."""
    if not run.is_waiting:
        return None
    now = timezone.now()
    return restraints.freeze_at(
        run.tenant_id, run.workflow_type_id, max(now, run.due_at) if run.due_at else now
    )


def _is_due(run: Workflow) -> bool:
    return run.due_at is not None and run.due_at <= timezone.now()


def _seconds_left(run: Workflow) -> int | None:
    since, done, total = _pace(run)
    if since is None or not done:
        return None
    took = (timezone.now() - since).total_seconds()
    return max(1, round(took / done * (total - done)))


def _pace(run: Workflow) -> tuple[datetime | None, int, int]:
    if run.status == RunState.RUNNING:
        return run.started_at, run.done, run.total
    if run.status == RunState.UNDOING:
        return run.undo_started_at, run.undo_done, run.done
    return None, 0, 0


def _percent(run: Workflow) -> str:
    """“99.3%” of what was treated happened as planned; never rounded up to 100."""
    if not run.done:
        return ""
    tenths = run.applied * 1000 // run.done
    return f"{tenths // 10}.{tenths % 10}%" if tenths < 1000 else "100%"


def changes_panel(request: Request, run: Workflow) -> dict[str, object]:
    asked = request.GET
    result, text, cursor = (asked.get(name, "") for name in ("result", "q", "cursor"))
    if result and result not in queries.RESULT_FILTERS:
        raise Invalid({"result": [_("There is no such result.")]})
    rows = queries.changes_of_run(run, result=result, text=text)
    page = after_cursor(rows, ("position",), cursor) if cursor else rows
    found = list(page.order_by("position")[: SIZE + 1])
    counts = queries.result_counts(run)
    return {
        **_table(request, found[:SIZE]),
        "next": cursor_of(found[SIZE - 1], ("position",)) if len(found) > SIZE else "",
        "filters": _filters(run, counts, result, text),
        "result": result,
        "text": text,
        "total_changes": rows.count() if text else counts.get(result, run.total),
    }


def _table(request: Request, changes: list[PlannedChange]) -> dict[str, object]:
    columns = presentation.columns_of(changes)[:1]
    return {"rows": [_row(request, change, columns) for change in changes], "columns": columns}


def _row(request: Request, change: PlannedChange, columns: list[str]) -> Row:
    currency = request.tenant.currency
    outcome, found, why, reason = _latest_result(change)
    badge, word = BADGES.get(outcome or "", ("normal", _("Open")))
    note = reason or str(WHY.get(why, "")).format(
        found=presentation.display(change.entity, change.field, found, currency)
    )
    return Row(presentation.shown(change, currency, columns), badge, str(word), note)


def _latest_result(change: PlannedChange) -> tuple[str | None, object, str, str]:
    row = vars(change)
    for phase in (Phase.UNDO, Phase.APPLY, Phase.DRIFT):
        if row.get(f"{phase.value}_outcome"):
            found, why, reason = (
                row[f"{phase.value}_{name}"] for name in ("found", "why", "reason")
            )
            return row[f"{phase.value}_outcome"], found, why or "", reason or ""
    return None, None, "", ""


def _filters(run: Workflow, counts: dict[str, int], result: str, text: str) -> list[Filter]:
    kept = {"q": text} if text else {}
    links = [Filter(f"?{urlencode(kept)}#changes", _("All"), run.total, not result)]
    for name, count in counts.items():
        if count:
            href = f"?{urlencode({**kept, 'result': name})}#changes"
            links.append(Filter(href, str(FILTER_WORDS[name]), count, result == name))
    return links


def _left_alone(request: Request, run: Workflow) -> list[Row]:
    """The first few changes the shop did not take, for the notice at the top."""
    if run.status == RunState.STOPPED_BY_DRIFT:
        rows = queries.results(run, Phase.DRIFT, Outcome.MOVED)
    elif run.kept:
        rows = queries.results(run, Phase.UNDO, Outcome.KEPT)
    elif run.skipped:
        rows = queries.results(run, Phase.APPLY, Outcome.SKIPPED)
    else:
        return []
    return [_row(request, change, []) for change in rows.order_by("position")[:NAMED]]


def undo_page(request: Request, run: Workflow) -> dict[str, object]:
    """What an undo would put back, and what was edited since and stays."""
    preview = services.preview_undo(run)
    positions = [answer.position for answer in preview.kept[:SIZE]]
    edited = queries.changes_of_run(run).filter(position__in=positions).order_by("position")
    by_position = {answer.position: answer for answer in preview.kept[:SIZE]}
    currency = request.tenant.currency
    rows = []
    for change in edited:
        answer = by_position[change.position]
        note = presentation.display(change.entity, change.field, answer.found, currency)
        if answer.result is Result.MISSING:
            note = str(WHY[answer.result.value])
        rows.append(Row(presentation.shown(change, currency, []), "kept", "", note))
    return {
        "run": run,
        "preview": preview,
        "rows": rows,
        "more": len(preview.kept) - len(rows),
        "estimate": queries.estimate(run.workflow_type_id, preview.restorable),
    }
