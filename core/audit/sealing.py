"""New events are bound into the chain of their tenant, a batch at a time.

Which events a seal holds is written down row by row: a transaction may commit an event long after
the time it bears, so no time or id could say what had been there.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.audit import keys
from core.audit.checking import (
    FIRST,
    UNSEALED_FOR,
    canonical,
    hash_of,
    leaf_of,
    mark_text,
    root_of,
)
from core.audit.documents import event_document, moment, seal_document, tombstone_document
from core.models import Event, Seal, SealedEvent, Tombstone
from core.scope import scope

log = structlog.get_logger(__name__)
BATCH = 5_000
ROUNDS = 200
# What is being written this very moment is left to the next round.
SETTLED = timedelta(seconds=1)


def tenants_to_seal() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM codex_tenants_to_seal()")
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def seal_tenant(tenant_id: str) -> int:
    """Seal all that is not sealed yet; the number of events."""
    done = 0
    for _ in range(ROUNDS):
        count = _seal_batch(tenant_id)
        done += count
        if count < BATCH:
            break
    return done


def last_seal(tenant_id: str) -> Seal | None:
    return Seal.objects.filter(tenant_id=tenant_id).order_by("-number").first()


def unsealed(tenant_id: str, last: Seal | None) -> QuerySet[Event]:
    """Oldest first. Behind a seal, only as far back as a transaction can have been open."""
    rows = Event.objects.filter(tenant_id=tenant_id)
    if last is not None:
        rows = rows.filter(at__gte=last.sealed_at - UNSEALED_FOR)
    sealed = SealedEvent.objects.filter(tenant_id=tenant_id, event_id=OuterRef("pk"))
    return rows.filter(~Exists(sealed)).order_by("at", "id")


def _seal_batch(tenant_id: str) -> int:
    with scope(tenant_id=tenant_id):
        _take_turn(tenant_id)
        last, now = last_seal(tenant_id), timezone.now()
        events = list(unsealed(tenant_id, last).filter(at__lte=now - SETTLED)[:BATCH])
        if events:
            _write(tenant_id, last, events, now)
        return len(events)


def _take_turn(tenant_id: str) -> None:
    """One sealer a tenant; a second waits for the first and finds its work done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [tenant_id])


def _write(tenant_id: str, last: Seal | None, events: list[Event], now: datetime) -> None:
    leaves = [leaf_of(event_document(event)) for event in events]
    seal = Seal(
        tenant_id=tenant_id,
        number=last.number + 1 if last else 1,
        previous=last.hash if last else FIRST,
        root=root_of(leaves),
        count=len(events),
        sealed_at=now,
        key=keys.public_key(),
    )
    seal.hash = hash_of(seal_document(seal))
    seal.signature = keys.sign(bytes.fromhex(seal.hash))
    seal.save(force_insert=True)
    SealedEvent.objects.bulk_create(
        SealedEvent(
            event_id=event.pk,
            tenant_id=tenant_id,
            seal_number=seal.number,
            position=position,
            mark=keys.sign(mark_text(tenant_id, seal.number, position, leaf)),
        )
        for position, (event, leaf) in enumerate(zip(events, leaves, strict=True))
    )
    # Outside the database too: who rewrites the tables does not rewrite the logs.
    log.info("audit_sealed", tenant_id=tenant_id, number=seal.number, hash=seal.hash)


def leave_tombstone(tenant_id: str, *, erased_by: str) -> Tombstone:
    """What stays of an erased tenant's trail; written in the transaction that erases it."""
    last = last_seal(tenant_id)
    stone = Tombstone(
        tenant_id=tenant_id,
        seals=last.number if last else 0,
        head=last.hash if last else FIRST,
        events=Event.objects.filter(tenant_id=tenant_id).count(),
        erased_at=timezone.now(),
        erased_by=erased_by,
        key=keys.public_key(),
    )
    stone.signature = keys.sign(canonical(_told(tombstone_document(stone))))
    stone.save(force_insert=True)
    return stone


def signed_head(tenant_id: str, last: Seal | None, stone: Tombstone | None) -> dict[str, Any]:
    """The first line of a bundle: how much there is, so that a cut-off end shows."""
    head = {
        "tenant_id": tenant_id,
        "exported_at": moment(timezone.now()),
        "seals": stone.seals if stone else (last.number if last else 0),
        "head": stone.head if stone else (last.hash if last else FIRST),
    }
    signature = keys.sign(canonical(head))
    return {"codex_audit": 1, **head, "key": keys.public_key(), "signature": signature}


def _told(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name != "signature"}
