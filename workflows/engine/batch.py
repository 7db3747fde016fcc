"""A stretch of a plan as the gateways take it: one relation, so that no row travels through us."""

from typing import Any

from stores.gateways import ChangeRelation
from workflows.states import Kind, Outcome, Phase

PLANNED = """
SELECT c.position, c.entity, c.target_id, c.field, c.before, c.after
FROM workflow_planned_changes c
WHERE c.plan_id = %(plan)s AND c.position BETWEEN %(first)s AND %(last)s AND c.kind = %(kind)s
"""
REALLY_APPLIED = """
FROM workflow_planned_changes c
JOIN workflow_change_results r ON r.workflow_id = %(run)s AND r.phase = %(apply)s
 AND r.position = c.position AND r.outcome = %(applied)s
LEFT JOIN workflow_change_results u ON u.workflow_id = %(run)s AND u.phase = %(undo)s
 AND u.position = c.position AND u.outcome = %(restored)s
WHERE c.plan_id = %(plan)s AND c.position BETWEEN %(first)s AND %(last)s AND c.kind = %(kind)s
  AND u.position IS NULL
"""
INVERSE = (
    "SELECT c.position, c.entity, c.target_id, c.field, c.after AS before, c.before AS after"
    + REALLY_APPLIED
)
MADE = "SELECT c.position, c.entity, c.target_id, c.field, c.before, c.after" + REALLY_APPLIED
WORDS = {
    "apply": Phase.APPLY.value,
    "undo": Phase.UNDO.value,
    "applied": Outcome.APPLIED.value,
    "restored": Outcome.RESTORED.value,
}


def planned(plan_id: str, first: int, last: int, kind: Kind = Kind.SET) -> ChangeRelation:
    """Positions ``first`` to ``last`` of one kind, as planned."""
    return ChangeRelation(PLANNED, _bounds(plan_id, first, last, kind))


def inverse(plan_id: str, run_id: str, first: int, last: int) -> ChangeRelation:
    """The inverse of the sets the run really applied there and has not put back yet."""
    return ChangeRelation(INVERSE, _of_run(plan_id, run_id, first, last, Kind.SET))


def made(plan_id: str, run_id: str, first: int, last: int) -> ChangeRelation:
    """The rows the run made there and has not taken back yet."""
    return ChangeRelation(MADE, _of_run(plan_id, run_id, first, last, Kind.CREATE))


def _bounds(plan_id: str, first: int, last: int, kind: Kind) -> dict[str, Any]:
    return {"plan": plan_id, "first": first, "last": last, "kind": kind.value}


def _of_run(plan_id: str, run_id: str, first: int, last: int, kind: Kind) -> dict[str, Any]:
    return {**_bounds(plan_id, first, last, kind), **WORDS, "run": run_id}
