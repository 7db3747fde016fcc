"""Two plans laid over each other, in the database: what came, what went, what is otherwise."""

from typing import Any

from django.db import connection

from workflows.models import Plan, PlanDelta

# A full join never becomes a nested loop, however few rows row-level security makes it expect.
KEEP = """
INSERT INTO workflow_plan_delta_rows
    (tenant_id, delta_id, place, difference, kind, entity, target_id, label, field,
     was_before, was_after, before, after, note)
SELECT %(tenant)s, %(delta)s, row_number() OVER (ORDER BY position, is_gone), difference, kind,
       entity, target_id, label, field, was_before, was_after, before, after, note
FROM (
    SELECT coalesce(n.position, o.position) AS position, n.position IS NULL AS is_gone,
           CASE WHEN o.position IS NULL THEN 'added' WHEN n.position IS NULL THEN 'gone'
                WHEN n.after IS DISTINCT FROM o.after THEN 'after'
                WHEN n.before IS DISTINCT FROM o.before THEN 'before' END AS difference,
           coalesce(n.kind, o.kind) AS kind, entity, target_id, field,
           coalesce(n.label, o.label) AS label, coalesce(n.note, o.note) AS note,
           o.before AS was_before, o.after AS was_after, n.before, n.after
    FROM (SELECT * FROM workflow_planned_changes WHERE plan_id = %(plan)s) n
    FULL JOIN (SELECT * FROM workflow_planned_changes WHERE plan_id = %(earlier)s) o
        USING (entity, target_id, field)
) laid
WHERE difference IS NOT NULL
"""
COUNTS = """
SELECT difference, count(*) FROM workflow_plan_delta_rows WHERE delta_id = %s GROUP BY 1
"""
# Only numbers can be added up; of anything else the sum says nothing.
MOVED = """
SELECT coalesce(sum(abs((after #>> '{}')::numeric - (before #>> '{}')::numeric)), 0)::text
FROM workflow_planned_changes
WHERE plan_id = %(plan)s AND kind = 'set' AND entity || '.' || field = ANY(%(fields)s)
  AND before IS NOT NULL AND after IS NOT NULL
"""
OTHER_WORDS = """
SELECT count(*) FROM workflow_plan_delta_rows
WHERE delta_id = %(delta)s AND difference = 'after'
  AND NOT (kind = 'set' AND entity || '.' || field = ANY(%(fields)s)
           AND after IS NOT NULL AND was_after IS NOT NULL)
"""


def keep_rows(delta: PlanDelta) -> dict[str, int]:
    """Store the rows that differ; how many of each kind."""
    given = {"tenant": delta.tenant_id, "delta": delta.pk}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, given | {"plan": delta.plan_id, "earlier": delta.earlier_id})
        cursor.execute(COUNTS, [delta.pk])
        return dict(cursor.fetchall())


def moved_value(plan: Plan, fields: list[str]) -> str:
    """By how much its numbers move in all, up or down, as decimal text."""
    return _one(MOVED, {"plan": plan.pk, "fields": fields})


def other_words(delta: PlanDelta, fields: list[str]) -> int:
    """Changes with another result that is no amount: a text, a date, a new row."""
    return _one(OTHER_WORDS, {"delta": delta.pk, "fields": fields})


def _one(sql: str, given: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()[0]
