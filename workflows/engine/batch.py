"""A stretch of a plan as the gateways take it: one relation, so that no row travels through us."""

from dataclasses import dataclass
from typing import Any, Self

from django.db import connection

from stores.gateways import ChangeRelation
from workflows.states import Kind, Outcome, Phase

PLANNED = """
SELECT c.position, c.entity, c.target_id, c.field, c.before, c.after
FROM workflow_planned_changes c
WHERE c.plan_id = %(plan)s AND c.position BETWEEN %(first)s AND %(last)s AND c.kind = %(kind)s
"""
LEFT_OUT = " AND c.position <> ALL(%(left_out)s::int[])"
MADE = PLANNED + LEFT_OUT
INVERSE = MADE.replace("c.before, c.after", "c.after AS before, c.before AS after")
NOT_TO_UNDO = """
SELECT position FROM workflow_change_results
WHERE workflow_id = %s AND position BETWEEN %s AND %s
  AND (phase = %s AND outcome <> %s OR phase = %s AND outcome = %s)
"""


def planned(plan_id: str, first: int, last: int, kind: Kind = Kind.SET) -> ChangeRelation:
    """Positions ``first`` to ``last`` of one kind, as planned."""
    return ChangeRelation(PLANNED, _bounds(plan_id, first, last, kind))


@dataclass(frozen=True)
class ToUndo:
    """What the run really applied in a stretch and has not put back yet.

    The few changes to leave out are looked up first: joined instead, row-level security hides
    from the planner how many there are, and it may take minutes.
    """

    plan_id: str
    first: int
    last: int
    left_out: list[int]

    @classmethod
    def of(cls, plan_id: str, run_id: str, first: int, last: int) -> Self:
        applied = (Phase.APPLY.value, Outcome.APPLIED.value)
        restored = (Phase.UNDO.value, Outcome.RESTORED.value)
        with connection.cursor() as cursor:
            cursor.execute(NOT_TO_UNDO, [run_id, first, last, *applied, *restored])
            return cls(plan_id, first, last, [position for (position,) in cursor.fetchall()])

    def inverse(self) -> ChangeRelation:
        """Its sets, after for before."""
        return ChangeRelation(INVERSE, self._params(Kind.SET))

    def made(self) -> ChangeRelation:
        """The rows it made."""
        return ChangeRelation(MADE, self._params(Kind.CREATE))

    def _params(self, kind: Kind) -> dict[str, Any]:
        return {
            **_bounds(self.plan_id, self.first, self.last, kind),
            "left_out": self.left_out,
        }


def _bounds(plan_id: str, first: int, last: int, kind: Kind) -> dict[str, Any]:
    return {"plan": plan_id, "first": first, "last": last, "kind": kind.value}
