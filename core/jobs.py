"""Recurring work happens once per slot, however many beats tick."""

from django.db import connection

HAD = "SELECT 1 FROM core_jobslot WHERE job = %s AND tenant_id = %s AND slot = %s"
CLAIM = "INSERT INTO core_jobslot (job, tenant_id, slot) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def had(job: str, tenant_id: str, slot: str) -> bool:
    """Whether that slot is taken by a transaction that committed."""
    with connection.cursor() as cursor:
        cursor.execute(HAD, [job, tenant_id, slot])
        return cursor.fetchone() is not None


def once(job: str, tenant_id: str, slot: str) -> bool:
    """True for the first caller of this slot; call it in the transaction that does the work.

    A second caller waits for the first one's transaction: if that fails, the second wins.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [job, tenant_id, slot])
        return cursor.rowcount == 1
