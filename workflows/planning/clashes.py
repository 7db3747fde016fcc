"""Where two plans write the same field of the same thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from workflows.models import Plan

# Both sides are read along the unique index (plan, entity, target, field).
CLASHES = """
WITH met AS MATERIALIZED (
    SELECT theirs.plan_id, mine.position, mine.entity, mine.target_id, mine.field, mine.label,
           mine.before, mine.after, theirs.after AS other_after
    FROM (SELECT * FROM workflow_planned_changes WHERE plan_id = %(plan)s) mine
    JOIN (SELECT * FROM workflow_planned_changes WHERE plan_id = ANY(%(others)s)) theirs
        USING (entity, target_id, field)
)
SELECT plan_id, many, position, entity, target_id, field, label, before::text, after::text,
       other_after::text
FROM (
    SELECT *, count(*) OVER (PARTITION BY plan_id) AS many,
           row_number() OVER (PARTITION BY plan_id ORDER BY position) AS nth
    FROM met
) counted
WHERE nth <= %(first)s ORDER BY plan_id, position
"""
# The planner expects one row behind row-level security and would look each of a hundred thousand
# up by itself; laid side by side they are read once.
SIDE_BY_SIDE = "SELECT set_config('enable_nestloop', %s, true)"
MANY = 5_000


@dataclass(frozen=True, slots=True)
class Clash:
    """One field both write; values are JSON text, as stored."""

    position: int
    entity: str
    target_id: str
    field: str
    label: str
    before: str | None
    after: str | None
    other_after: str | None

    @property
    def is_same(self) -> bool:
        """Both want the same value there; whichever comes second finds it done."""
        return self.after == self.other_after


def clashes(plan: Plan, others: Iterable[str], *, first: int) -> dict[str, tuple[int, list[Clash]]]:
    """Other plan → how many fields both write, and the first of them in this plan's order."""
    wanted = sorted(set(others) - {plan.pk})
    if not wanted:
        return {}
    found: dict[str, tuple[int, list[Clash]]] = {}
    for plan_id, many, *row in _rows(plan, wanted, first):
        found.setdefault(plan_id, (many, []))[1].append(Clash(*row))
    return found


def fields_of(plan: Plan) -> set[tuple[str, str]]:
    """What kinds of fields a plan writes, by its summary: most plans never meet."""
    listed: Sequence[dict[str, Any]] = (plan.summary.get("counts") or {}).get("fields") or []
    return {(one["entity"], one["field"]) for one in listed}


def _rows(plan: Plan, others: list[str], first: int) -> list[tuple]:
    large = plan.change_count > MANY
    with connection.cursor() as cursor:
        if large:
            cursor.execute("SELECT current_setting('enable_nestloop')")
            before = cursor.fetchone()[0]
            cursor.execute(SIDE_BY_SIDE, ["off"])
        cursor.execute(CLASHES, {"plan": plan.pk, "others": others, "first": first})
        rows = cursor.fetchall()
        if large:
            cursor.execute(SIDE_BY_SIDE, [before])
    return rows
