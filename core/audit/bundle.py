"""A tenant's whole trail, line by line, for the checker; each step in a scope of its own."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Max

from core.audit.documents import event_document, seal_document, tombstone_document
from core.audit.sealing import last_seal, signed_head, unsealed
from core.models import Event, Seal, SealedEvent, Tombstone
from core.scope import scope

STEP = 2_000
Line = dict[str, Any]


def lines(tenant_id: str) -> Iterator[Line]:
    with scope(tenant_id=tenant_id):
        stone = Tombstone.objects.filter(tenant_id=tenant_id).first()
        last = last_seal(tenant_id)
        head = signed_head(tenant_id, last, stone)
    yield head
    if stone is not None:
        yield {"tombstone": tombstone_document(stone)}
    for number in range(1, _newest(tenant_id, last) + 1):
        yield from _sealed(tenant_id, number)
    yield from _waiting(tenant_id)


def _newest(tenant_id: str, last: Seal | None) -> int:
    """The last seal anything speaks of, also when it is gone itself."""
    with scope(tenant_id=tenant_id):
        rows = SealedEvent.objects.filter(tenant_id=tenant_id)
        spoken_of = rows.aggregate(newest=Max("seal_number"))["newest"] or 0
    return max(spoken_of, last.number if last else 0)


def _sealed(tenant_id: str, number: int) -> Iterator[Line]:
    with scope(tenant_id=tenant_id):
        seal = Seal.objects.filter(tenant_id=tenant_id, number=number).first()
    if seal is not None:
        yield {"seal": seal_document(seal)}
    after = -1
    while found := _rows(tenant_id, number, after):
        yield from found
        after = found[-1]["position"]


def _rows(tenant_id: str, number: int, after: int) -> list[Line]:
    """Rows of a seal with their events; of a deleted event, its place and id."""
    with scope(tenant_id=tenant_id):
        rows = SealedEvent.objects.filter(tenant_id=tenant_id, seal_number=number)
        places = list(rows.filter(position__gt=after).order_by("position", "event_id")[:STEP])
        events = Event.objects.filter(tenant_id=tenant_id).in_bulk([row.event_id for row in places])
    return [
        {
            "event": event_document(events[row.event_id]) if row.event_id in events else None,
            "id": row.event_id,
            "seal": number,
            "position": row.position,
            "mark": row.mark,
        }
        for row in places
    ]


def _waiting(tenant_id: str) -> Iterator[Line]:
    """Everything in no seal: new events, and what somebody slipped in."""
    after: tuple[Any, str] | None = None
    while True:
        with scope(tenant_id=tenant_id):
            rows = unsealed(tenant_id, None)
            if after:
                rows = rows.filter(at__gte=after[0]).exclude(at=after[0], pk__lte=after[1])
            found = list(rows[:STEP])
        for event in found:
            yield {"event": event_document(event), "seal": None}
        if len(found) < STEP:
            return
        after = (found[-1].at, found[-1].pk)
