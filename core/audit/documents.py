"""Events and seals as the documents that are hashed, exported and checked."""

from datetime import UTC, datetime

from core.models import Event, Seal, Tombstone

FIELDS = (
    "id", "tenant_id", "kind", "subject_type", "subject_id", "draft_id", "actor_id",
    "actor_label", "before", "after", "data", "request_id",
)  # fmt: skip


def event_document(event: Event) -> dict[str, object]:
    return {**{name: getattr(event, name) for name in FIELDS}, "at": moment(event.at)}


def seal_document(seal: Seal) -> dict[str, object]:
    return {
        "tenant_id": seal.tenant_id,
        "number": seal.number,
        "previous": seal.previous,
        "root": seal.root,
        "count": seal.count,
        "sealed_at": moment(seal.sealed_at),
        "key": seal.key,
        "hash": seal.hash,
        "signature": seal.signature,
    }


def tombstone_document(stone: Tombstone) -> dict[str, object]:
    return {
        "tenant_id": stone.tenant_id,
        "seals": stone.seals,
        "head": stone.head,
        "events": stone.events,
        "erased_at": moment(stone.erased_at),
        "erased_by": stone.erased_by,
        "key": stone.key,
        "signature": stone.signature,
    }


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
