"""The trail as it lies in the database, held against its seals."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connections

from core.audit import keys
from core.audit.bundle import lines
from core.audit.checking import Fault, check
from core.models import Tombstone
from core.routing import on_database
from core.scope import scope

EVERY = (
    "SELECT tenant_id FROM core_seal UNION SELECT tenant_id FROM core_tombstone"
    " UNION SELECT tenant_id FROM core_event ORDER BY 1"
)


@dataclass(frozen=True, slots=True)
class Finding:
    tenant_id: str
    seals: int = 0
    events: int = 0
    waiting: int = 0
    head: str = ""
    erased: bool = False
    fault: str = ""


def verify(
    tenant_ids: list[str] | None = None, *, trusted: set[str] | None = None
) -> Iterator[Finding]:
    """A finding a tenant. ``trusted``: public keys, if not those this installation knows."""
    for tenant_id in tenant_ids or every_tenant():
        with on_database("staff"):
            finding = verify_tenant(tenant_id, trusted or keys.known_keys())
        yield finding


def verify_tenant(tenant_id: str, trusted: set[str]) -> Finding:
    with scope(tenant_id=tenant_id):
        erased = Tombstone.objects.filter(tenant_id=tenant_id).exists()
    try:
        done = check(lines(tenant_id), trusted, keys.verify)
    except Fault as fault:
        return Finding(tenant_id, erased=erased, fault=str(fault))
    return Finding(tenant_id, done.seals, done.events, done.waiting, done.last, erased)


def every_tenant() -> list[str]:
    with connections["staff"].cursor() as cursor:
        cursor.execute(EVERY)
        return [tenant_id for (tenant_id,) in cursor.fetchall() if tenant_id]
