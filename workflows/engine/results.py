"""What became of each change, written in the transaction that writes the shop."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from core.canonical import canonical_json
from stores.gateways import ChangeRelation
from stores.gateways import Outcome as Answer
from workflows.states import Outcome, Phase

COLUMNS = "tenant_id, workflow_id, phase, position, outcome, why, reason, found, at"
EXCEPTIONS = (
    "unnest(%(positions)s::int[], %(why)s::text[], %(reasons)s::text[], %(found)s::text[])"
    " AS x (position, why, reason, found)"
)
RECORD = """
INSERT INTO workflow_change_results ({columns})
SELECT %(tenant)s, %(run_id)s, %(phase)s, c.position,
       CASE WHEN x.position IS NULL THEN %(done)s ELSE %(not_done)s END,
       coalesce(x.why, ''), coalesce(x.reason, ''), x.found::jsonb, now()
FROM ({relation}) AS c LEFT JOIN {exceptions} ON x.position = c.position
"""
AGAIN = """
ON CONFLICT (workflow_id, phase, position)
DO UPDATE SET outcome = EXCLUDED.outcome, why = EXCLUDED.why, reason = EXCLUDED.reason,
              found = EXCLUDED.found, at = EXCLUDED.at
"""
MOVED = """
INSERT INTO workflow_change_results ({columns})
SELECT %(tenant)s, %(run_id)s, %(phase)s, x.position, %(moved)s,
       x.why, x.reason, x.found::jsonb, now()
FROM {exceptions}
"""
WRITTEN = {
    Phase.APPLY: (Outcome.APPLIED.value, Outcome.SKIPPED.value),
    Phase.UNDO: (Outcome.RESTORED.value, Outcome.KEPT.value),
}


def record_results(
    tenant_id: str, run_id: str, phase: Phase, changes: ChangeRelation, unwritten: Sequence[Answer]
) -> int:
    """One row per change; ``unwritten`` are those the shop did not take. Answers how many in all.

    An undo may be tried again and then overwrites what it said of a change it had to keep.
    """
    relation, params = changes.as_sql()
    statement = RECORD.format(columns=COLUMNS, relation=relation, exceptions=EXCEPTIONS)
    done, not_done = WRITTEN[phase]
    head = {"tenant": tenant_id, "run_id": run_id, "phase": phase.value}
    given: dict[str, Any] = {**params, **head, **_columns(unwritten)}
    with connection.cursor() as cursor:
        cursor.execute(
            statement + (AGAIN if phase is Phase.UNDO else ""),
            given | {"done": done, "not_done": not_done},
        )
        return cursor.rowcount


def record_moved(tenant_id: str, run_id: str, moved: Sequence[Answer]) -> None:
    """The targets that no longer hold their before-value, found before anything was written."""
    head = {"tenant": tenant_id, "run_id": run_id, "phase": Phase.DRIFT.value}
    with connection.cursor() as cursor:
        cursor.execute(
            MOVED.format(columns=COLUMNS, exceptions=EXCEPTIONS),
            {**head, **_columns(moved), "moved": Outcome.MOVED.value},
        )


def _columns(answers: Sequence[Answer]) -> dict[str, list[Any]]:
    return {
        "positions": [answer.position for answer in answers],
        "why": [answer.result.value for answer in answers],
        "reasons": [str(answer.reason) for answer in answers],
        "found": [_json(answer.found) for answer in answers],
    }


def _json(found: object) -> str | None:
    return None if found is None else canonical_json(found).decode()
