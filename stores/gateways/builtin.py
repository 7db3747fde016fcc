"""Our own tables as the shop: one statement per field, however many rows."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from core.scope import require_tenant_id
from stores.gateways import creations
from stores.gateways.base import ChangeRelation, Changes, Json, Outcome, Result, Target
from stores.gateways.fields import REASONS, Entity, Field, field_of

# Concurrent writers: PostgreSQL asks the WHERE again on the row as the other writer left it.
# Row-level security lets the planner expect one row: NOT IN stays hashed, NOT EXISTS does not.
WANTED = """
WITH wanted AS MATERIALIZED (
    SELECT change.position, {id} AS id, {before} AS before, {after} AS after,
           coalesce(refusal, {twin}) AS refusal
    FROM ({relation}) change
    CROSS JOIN LATERAL (SELECT {refusal} AS refusal) judged
    WHERE change.entity = %(gateway_entity)s AND change.field = %(gateway_field)s
)"""

WRITE = """
{wanted},
written AS (
    UPDATE {table} held SET {column} = wanted.after, updated_at = statement_timestamp()
    FROM wanted
    WHERE held.tenant_id = %(gateway_tenant)s AND held.id = wanted.id AND wanted.refusal IS NULL
      AND held.{column} IS NOT DISTINCT FROM wanted.before
    RETURNING wanted.position
)
SELECT wanted.position, wanted.id, wanted.refusal FROM wanted
WHERE wanted.position NOT IN (SELECT written.position FROM written)
ORDER BY wanted.position
"""

DRIFT = """
{wanted}
SELECT wanted.position, wanted.id, wanted.refusal FROM wanted
LEFT JOIN {table} held ON held.tenant_id = %(gateway_tenant)s AND held.id = wanted.id
WHERE held.id IS NULL OR held.{column} IS DISTINCT FROM wanted.before
ORDER BY wanted.position
"""

REFUSALS = """
SELECT position, refusal FROM (
    SELECT change.position, coalesce({refusal}, {twin}) AS refusal FROM ({relation}) change
    WHERE change.entity = %(gateway_entity)s AND change.field = %(gateway_field)s
) judged
WHERE refusal IS NOT NULL ORDER BY position
"""

FOUND = """
SELECT id, {shown} FROM {table}
WHERE tenant_id = %(gateway_tenant)s AND id = ANY(%(gateway_ids)s::{id_type}[])
"""

SETS = "SELECT * FROM ({relation}) every WHERE field <> ''"
CREATIONS = "SELECT * FROM ({relation}) every WHERE field = ''"
GROUPS = "SELECT entity, field, count(*) FROM ({relation}) change GROUP BY 1, 2 ORDER BY 1, 2"
POSITIONS = """
SELECT position FROM ({relation}) change
WHERE entity = %(gateway_entity)s AND field = %(gateway_field)s ORDER BY position
"""


class BuiltinGateway:
    """Reads and writes the scope's tenant."""

    def current_values(self, targets: Iterable[Target]) -> dict[Target, Json]:
        groups: dict[tuple[str, str], list[Target]] = defaultdict(list)
        for target in targets:
            groups[target.entity, target.field].append(target)
        found: dict[Target, Json] = {}
        for (entity, name), members in groups.items():
            values = _found(entity, name, [target.id for target in members])
            found |= {target: values[target.id] for target in members if target.id in values}
        return found

    def refusals(self, changes: Changes) -> list[Outcome]:
        """Creations are told by their empty field."""
        relation, given = changes.as_sql()
        sets = ChangeRelation(SETS.format(relation=relation), given)
        made = ChangeRelation(CREATIONS.format(relation=relation), given)
        outcomes = self._each_field(sets, REFUSALS) + creations.refusals(made)
        return sorted(outcomes, key=lambda outcome: outcome.position)

    def drift(self, changes: Changes) -> list[Outcome]:
        return self._each_field(changes, DRIFT)

    def write(self, changes: Changes, *, restoring: bool = False) -> list[Outcome]:
        return self._each_field(changes, WRITE, restoring=restoring)

    def create(self, changes: Changes, *, created_by: str) -> list[Outcome]:
        return creations.create(changes, created_by=created_by)

    def delete_unchanged(self, changes: Changes, *, created_by: str) -> list[Outcome]:
        return creations.delete_unchanged(changes, created_by=created_by)

    def _each_field(
        self, changes: Changes, statement: str, *, restoring: bool = False
    ) -> list[Outcome]:
        relation, given = changes.as_sql()
        params = {**given, "gateway_tenant": require_tenant_id()}
        outcomes: list[Outcome] = []
        for entity, name, _count in _rows(GROUPS.format(relation=relation), params):
            named = {**params, "gateway_entity": entity, "gateway_field": name}
            spec = field_of(entity, name)
            if spec is None:
                positions = _rows(POSITIONS.format(relation=relation), named)
                outcomes += [_refused(position, "not_writable") for (position,) in positions]
                continue
            sql = _statement(statement, relation, *spec, name, restoring=restoring)
            rows = _rows(sql, named)
            if statement is REFUSALS:
                outcomes += [_refused(position, code) for position, code in rows]
            else:
                outcomes += _explained(rows, entity, name)
        return sorted(outcomes, key=lambda outcome: outcome.position)


# Values that cannot even be cast; everything else may have stood in a shop before.
NO_CAST = "('not_a_number', 'not_valid')"
TWIN = (
    "CASE WHEN row_number() OVER (PARTITION BY change.after ORDER BY change.position) > 1"
    " THEN '{code}' END"
)
NOT_RESTORABLE = "('not_a_number', 'not_valid', 'handle_taken')"


def _statement(
    template: str, relation: str, entity: Entity, field: Field, name: str, *, restoring: bool
) -> str:
    after, before = "change.after", "change.before"
    refusal = f"CASE {field.refusal.format(value=after)} END"
    if restoring:
        refusal = f"CASE WHEN ({refusal}) IN {NOT_RESTORABLE} THEN {refusal} END"
    unreadable = f"CASE {field.refusal.format(value=before)} END"
    twin = TWIN.format(code=field.once) if field.once else "NULL"
    wanted = WANTED.format(
        relation=relation,
        id=_id_of("change.target_id", entity.id_type),
        # What a shop must not get may still stand in it: only casts that fail are kept away.
        before=f"CASE WHEN ({unreadable}) IN {NO_CAST} THEN NULL"
        f" ELSE {field.from_json(before)} END",
        after=f"CASE WHEN refusal IS NULL THEN {field.from_json(after)} END",
        refusal=refusal,
        twin=twin,
    )
    return template.format(
        wanted=wanted,
        table=entity.table,
        column=name,
        refusal=refusal,
        twin=twin,
        relation=relation,
    )


def _id_of(column: str, id_type: str) -> str:
    if id_type == "text":
        return column
    return f"CASE WHEN pg_input_is_valid({column}, '{id_type}') THEN {column}::{id_type} END"


def _explained(rows: list[tuple], entity: str, name: str) -> list[Outcome]:
    """Exceptions with what stands there now, read after the write and so the value that won."""
    if not rows:
        return []
    values = _found(entity, name, [str(row_id) for _, row_id, _ in rows if row_id is not None])
    outcomes = []
    for position, row_id, refusal in rows:
        if str(row_id) not in values:
            outcomes.append(Outcome(position, Result.MISSING))
        elif refusal:
            outcomes.append(_refused(position, refusal, values[str(row_id)]))
        else:
            outcomes.append(Outcome(position, Result.DRIFTED, values[str(row_id)]))
    return outcomes


def _refused(position: int, code: str, found: Json = None) -> Outcome:
    return Outcome(position, Result.REFUSED, found, str(REASONS[code]))


def _found(entity: str, name: str, ids: list[str]) -> dict[str, Json]:
    spec = field_of(entity, name)
    if spec is None:
        return {}
    kind, field = spec
    if kind.id_type != "text":
        ids = [row_id for row_id in ids if row_id.isascii() and row_id.isdigit()]
    sql = FOUND.format(
        shown=field.shown.format(column=name), table=kind.table, id_type=kind.id_type
    )
    params = {"gateway_tenant": require_tenant_id(), "gateway_ids": ids}
    return {str(row_id): _decoded(value) for row_id, value in _rows(sql, params)}


def _decoded(value: object) -> Json:
    return json.loads(value) if isinstance(value, str) else value


def _rows(sql: str, params: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
