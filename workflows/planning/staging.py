"""The temporary table a plan is collected in before it becomes rows of the tenant."""

from collections.abc import Iterable, Iterator

from django.db import connection
from psycopg.sql import SQL, Identifier

from stores.gateways import ChangeRelation
from workflows.planning.encoding import canonical, change_line

COLUMNS = "position, kind, entity, target_id, label, field, before, after, note"
CREATE = """
CREATE TEMPORARY TABLE {table} (
    position int, kind text, entity text COLLATE "C", target_id text COLLATE "C", label text,
    field text COLLATE "C", before jsonb, after jsonb, note jsonb
) ON COMMIT DROP
"""
STORE = """
INSERT INTO workflow_planned_changes
    (tenant_id, plan_id, position, kind, entity, target_id, label, field, before, after, note)
SELECT %s, %s, position, kind, entity, target_id, label, field,
       before, after, note
FROM {table}
"""
ORDERED = (
    "SELECT kind, entity, target_id, field, before::text, after::text FROM {table}"
    " ORDER BY entity, length(target_id), target_id, field"
)
DUPLICATE = (
    "SELECT entity, target_id, field FROM {table} GROUP BY 1, 2, 3 HAVING count(*) > 1 LIMIT 1"
)
TARGETS = "SELECT count(*) FROM (SELECT DISTINCT entity, target_id FROM {table}) AS t"
RELATION = "SELECT position, entity, target_id, field, before, after FROM pg_temp.{table}"
MEASURED = "SELECT kind, entity, target_id, field, before, after FROM pg_temp.{table}"
CARRY_OUT = (
    "COPY (SELECT position, kind, entity, target_id, label, field, before, after, note"
    " FROM {table} ORDER BY position) TO STDOUT"
)
STEP = 5_000


class Staging:
    """Make it before the transaction is set to read only: filling it is then still allowed."""

    def __init__(self, name: str) -> None:
        self.table = Identifier(f"staged_{name}")

    def make(self) -> None:
        self._run(CREATE)

    def drop(self) -> None:
        self._run("DROP TABLE IF EXISTS pg_temp.{table}")

    def copy(self, lines: str) -> None:
        self.copy_all([lines])

    def copy_all(self, parts: Iterable[str | bytes]) -> None:
        statement = SQL(f"COPY {{}} ({COLUMNS}) FROM STDIN").format(self.table)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for part in parts:
                copy.write(part)

    def carry_out(self) -> Iterator[bytes]:
        """All rows as COPY lines, for a savepoint that will be rolled back."""
        statement = SQL(CARRY_OUT).format(table=self.table)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for part in copy:
                yield bytes(part)

    def store(self, tenant_id: str, plan_id: str) -> None:
        self._run(STORE, [tenant_id, plan_id])

    def relation(self) -> ChangeRelation:
        return ChangeRelation(SQL(RELATION).format(table=self.table).as_string(), {})

    def measured(self) -> str:
        """As ``extent_of`` takes it."""
        return SQL(MEASURED).format(table=self.table).as_string()

    def duplicate(self) -> tuple[str, str, str] | None:
        return self._one(DUPLICATE)

    def targets(self) -> int:
        return self._one(TARGETS)[0]

    def lines(self) -> Iterator[str]:
        """The changes as the fingerprint wants them: sorted, one line each."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(SQL(ORDERED).format(table=self.table))
            while rows := cursor.fetchmany(STEP):
                for kind, entity, target_id, field, before, after in rows:
                    yield change_line(
                        kind, entity, target_id, field, canonical(before), canonical(after)
                    )

    def _run(self, statement: str, params: list[str] | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SQL(statement).format(table=self.table), params)

    def _one(self, statement: str):
        with connection.cursor() as cursor:
            cursor.execute(SQL(statement).format(table=self.table))
            return cursor.fetchone()
