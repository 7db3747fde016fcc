"""Recurring work happens once per slot, however many beats tick."""

from django.db import connection

CLAIM = "INSERT INTO core_jobslot (job, tenant_id, slot) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def once(job: str, tenant_id: str, slot: str) -> bool:
    """True for the first caller of this slot; call it in the transaction that does the work.

    A second caller waits for the first one's transaction: if that fails, the second wins.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [job, tenant_id, slot])
        return cursor.rowcount == 1
