"""Locks on names, held to the end of the transaction: what has no row to lock, or a shared one
that a tenant's login may not lock."""

from django.db import connection

ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"


def alone(name: str) -> None:
    """Wait until nobody holds ``name``, then keep everybody out."""
    _take(ALONE, name)


def together(name: str) -> None:
    """Among others who hold it so; ``alone`` waits for all of them."""
    _take(TOGETHER, name)


def _take(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
