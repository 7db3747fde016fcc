"""Many rows into one table: COPY into a temporary table, then one INSERT under the policies.

PostgreSQL refuses COPY into a table with row-level security, and rightly: the INSERT checks
every row's tenant.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, models
from psycopg.sql import SQL, Identifier, Literal

from core.scope import require_tenant_id

STAGED = Identifier("simulated_rows")
STAGE = "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    constants: Mapping[str, object],
) -> int:
    """Insert into the scope's tenant and say how many.

    ``columns`` are column names and each row holds their values; ``constants`` are the same in
    every row. Values that are JSON are given as text.
    """
    table = Identifier(model._meta.db_table)
    names = SQL(", ").join(map(Identifier, columns))
    fixed = {"tenant_id": require_tenant_id(), **constants}
    with connection.cursor() as cursor:
        cursor.execute(
            SQL(
                "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
            ).format(STAGED, names, table)
        )
        with cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(STAGED, names)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            SQL("INSERT INTO {} ({}, {}) SELECT {}, {} FROM {}").format(
                table,
                SQL(", ").join(map(Identifier, fixed)),
                names,
                SQL(", ").join(map(Literal, fixed.values())),
                names,
                STAGED,
            )
        )
        inserted = cursor.rowcount
        cursor.execute(SQL("DROP TABLE {}").format(STAGED))
    return inserted
