"""A trail that can be tampered with as a thief of the owner's login would."""

import json

import pytest
from django.db import connections

from core.actors import SystemActor
from core.audit import bundle, keys
from core.audit.checking import check
from core.audit.sealing import seal_tenant
from core.lifecycle import record
from core.models import Event
from core.scope import scope

WHO = SystemActor("tester")


def happen(tenant, number: int, kind: str = "tenant.changed", minutes: int = 60) -> list[str]:
    """Events of a while ago, so that they are settled and can be sealed."""
    made = []
    with scope(tenant_id=tenant.pk):
        for index in range(number):
            event = record(kind, tenant, actor=WHO, data={"n": index, "ratio": 0.1, "é": "–"})
            made.append(event.pk)
    # One after the other, as their ids need not be within a millisecond.
    owner(
        "UPDATE core_event SET at = now() - interval '1 minute' * %s"
        " + interval '1 ms' * array_position(%s::text[], id::text) WHERE id = ANY(%s)",
        minutes,
        made,
        made,
    )
    return made


def owner(sql: str, *values: object) -> None:
    """As the owner of the tables, with the triggers that guard them out of the way."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{core_event:append_only}', false)")
        for table in ("core_event", "core_seal", "core_sealedevent", "core_tombstone"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("core_event", "core_seal", "core_sealedevent", "core_tombstone"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def exported(tenant_id: str) -> list[dict]:
    return [json.loads(json.dumps(line)) for line in bundle.lines(tenant_id)]


def checked(tenant_id: str):
    return check(exported(tenant_id), keys.known_keys(), keys.verify)


@pytest.fixture
def trail(committed_cast) -> tuple[str, list[str]]:
    """Two seals of five and four events; events of making the cast are in the first as well."""
    tenant = committed_cast.tenant
    ids = happen(tenant, 5)
    seal_tenant(tenant.pk)
    ids += happen(tenant, 4, minutes=30)
    seal_tenant(tenant.pk)
    return tenant.pk, ids


def sealed_ids(tenant_id: str) -> list[str]:
    with scope(tenant_id=tenant_id):
        return list(Event.objects.order_by("at", "id").values_list("pk", flat=True))
