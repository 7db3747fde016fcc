"""Row-level security switched off and on again, for the same requests without it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench import seeds

RULED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relrowsecurity
"""


@contextmanager
def no_policies() -> Iterator[None]:
    with seeds.owner() as cursor:
        cursor.execute(RULED)
        tables = [name for (name,) in cursor.fetchall()]
        _switch(cursor, tables, "DISABLE")
        try:
            yield
        finally:
            _switch(cursor, tables, "ENABLE")


def _switch(cursor, tables: list[str], way: str) -> None:
    cursor.execute(";".join(f'ALTER TABLE "{table}" {way} ROW LEVEL SECURITY' for table in tables))
