"""What the planner can't know while a shop is being filled."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

GATHER = "SELECT codex_analyze_shop()"
SET = "SELECT set_config('enable_nestloop', %s, true)"


@contextmanager
def hash_joins() -> Iterator[None]:
    """No nested loops in this block.

    Under row-level security, and without statistics on rows just loaded, the planner expects one
    row of a tenant where there are thousands, and loops over them: minutes instead of a blink.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_nestloop')")
        before = cursor.fetchone()[0]
        cursor.execute(SET, ["off"])
    yield
    # After a failure the rolled-back savepoint has put it back already.
    with connection.cursor() as cursor:
        cursor.execute(SET, [before])


def gather_statistics() -> None:
    """Tell the planner what was just loaded; without it, what reads a new shop next may loop."""
    with connection.cursor() as cursor:
        cursor.execute(GATHER)
