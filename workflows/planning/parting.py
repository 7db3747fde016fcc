"""Which changes of a plan hang together, and how a part of a plan is written: in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from workflows.models import Plan

# A price without the compare-at price it needs gone would be a price nobody planned.
TOGETHER = """
SELECT other.position FROM workflow_planned_changes gone
JOIN workflow_planned_changes other ON other.plan_id = gone.plan_id
    AND other.entity = gone.entity AND other.target_id = gone.target_id
WHERE gone.plan_id = %(plan)s AND gone.position = ANY(%(out)s::int[])
    AND gone.entity || '.' || gone.field = ANY(%(together)s)
    AND other.entity || '.' || other.field = ANY(%(together)s)
"""
MADE = """
SELECT target_id FROM workflow_planned_changes
WHERE plan_id = %(plan)s AND position = ANY(%(out)s::int[]) AND kind = 'create'
"""
POINTING = """
SELECT position FROM workflow_planned_changes
WHERE plan_id = %(plan)s AND (target_id = ANY(%(made)s) OR EXISTS (
    SELECT FROM jsonb_path_query(after, '$.** ? (@.type() == "string")') AS said
    WHERE said #>> '{}' = ANY(%(made)s)
))
"""
STORE = """
INSERT INTO workflow_planned_changes
    (tenant_id, plan_id, position, kind, entity, target_id, label, field, before, after, note)
SELECT tenant_id, %(part)s, row_number() OVER (ORDER BY position), kind, entity, target_id,
       label, field, before, after, note
FROM workflow_planned_changes
WHERE plan_id = %(plan)s AND position <> ALL(%(out)s::int[])
ORDER BY position
"""
STORE_PARTS = """
INSERT INTO workflow_artifact_parts (tenant_id, plan_id, artifact_id, number, data)
SELECT tenant_id, %(part)s, %(copy)s, number, data
FROM workflow_artifact_parts WHERE artifact_id = %(artifact)s
"""
COUNTS = """
SELECT count(*), count(DISTINCT (entity, target_id)), count(*) FILTER (WHERE kind = 'create')
FROM workflow_planned_changes WHERE plan_id = %s AND position <> ALL(%s::int[])
"""
BY_FIELD = """
SELECT entity, field, count(*) FROM workflow_planned_changes
WHERE plan_id = %s AND position <> ALL(%s::int[]) GROUP BY 1, 2 ORDER BY 1, 2
"""
BY_GROUP = """
SELECT note ->> 'group', count(*) FROM workflow_planned_changes
WHERE plan_id = %s AND position <> ALL(%s::int[]) AND note ? 'group' GROUP BY 1
"""


@dataclass(frozen=True)
class Tally:
    """What is left of a plan: counts of changes, targets and new rows, per field and group."""

    changes: int
    targets: int
    creates: int
    fields: list[tuple[str, str, int]]
    groups: dict[str, int]


def with_what_hangs_on_it(
    plan: Plan, out: Iterable[int], together: Iterable[tuple[str, str]]
) -> list[int]:
    """These positions and those that cannot stand without them: rows that point at a row which
    is not made, and fields of one target that go together."""
    found = set(out)
    names = [f"{entity}.{field}" for entity, field in together]
    while more := _hanging(plan, sorted(found), names) - found:
        found |= more
    return sorted(found)


def _hanging(plan: Plan, out: list[int], together: list[str]) -> set[int]:
    given = {"plan": plan.pk, "out": out}
    hanging = _firsts(TOGETHER, given | {"together": together}) if together else set()
    made = sorted(_firsts(MADE, given))
    return hanging | (_firsts(POINTING, {"plan": plan.pk, "made": made}) if made else set())


def tally(plan: Plan, out: list[int]) -> Tally:
    given = [plan.pk, out]
    [(changes, targets, creates)] = _rows(COUNTS, given)
    return Tally(changes, targets, creates, _rows(BY_FIELD, given), dict(_rows(BY_GROUP, given)))


def store_part(whole: Plan, part: Plan, out: list[int]) -> int:
    """The changes left, numbered anew from 1 in the order they had."""
    with connection.cursor() as cursor:
        cursor.execute(STORE, {"plan": whole.pk, "part": part.pk, "out": out})
        return cursor.rowcount


def copy_content(artifact_id: str, copy_id: str, part: Plan) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STORE_PARTS, {"artifact": artifact_id, "copy": copy_id, "part": part.pk})


def _firsts(sql: str, params: Any) -> set[Any]:
    return {row[0] for row in _rows(sql, params)}


def _rows(sql: str, params: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
