"""Found again: what was written down to be sent and whose task vanished."""

from collections.abc import Callable

from django.db import connection

from notifications import tasks

FINDERS: dict[str, tuple[tuple[str, ...], Callable[..., bool]]] = {
    "codex_mails_due": (("user_id", "notice_id"), tasks.mail_notice.send),
    "codex_digests_due": (("user_id", "digest_id"), tasks.mail_digest.send),
    "codex_occasions_due": (("tenant_id", "occasion_id"), tasks.spread.send),
    "codex_deliveries_due": (("tenant_id", "delivery_id"), tasks.deliver.send),
}


def sweep() -> dict[str, int]:
    """Publish again what is due, in every tenant: how many of each."""
    found = {}
    for name, (keys, send) in FINDERS.items():
        rows = _rows(name)
        found[name] = len(rows)
        for row in rows:
            if not send(**dict(zip(keys, row, strict=True))):
                return found
    return found


def _rows(name: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name}()")  # noqa: S608 -- our own names
        return cursor.fetchall()
