"""Refusals the audit has to know of: said on the error, written once the rest is rolled back.

A move that is refused leaves nothing behind, its transaction least of all. ``tried`` marks the
errors of a block as worth remembering; whoever closes the request's scope calls ``write``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from core.actors import Actor
from core.errors import Conflict, DomainError, IllegalMove, NotAllowed, TooMany
from core.models import Event
from core.scope import require_tenant_id

WORTH_IT = (NotAllowed, Conflict, IllegalMove, TooMany)


@dataclass(frozen=True, slots=True)
class Tried:
    """``kind`` names the event; ``what`` the move that was refused."""

    kind: str
    what: str
    subject_type: str
    subject_id: str
    draft_id: str = ""


@contextmanager
def tried(
    kind: str, what: str, *, subject_type: str, subject_id: str, draft_id: str = ""
) -> Iterator[None]:
    try:
        yield
    except WORTH_IT as refused:
        if refused.audit is None:
            refused.audit = Tried(kind, what, subject_type, subject_id, draft_id)
        raise


def write(refused: DomainError, actor: Actor) -> Event | None:
    """In a scope of its own, after the refused request's was rolled back."""
    told = refused.audit
    if told is None:
        return None
    return Event.objects.create(
        tenant_id=require_tenant_id(),
        kind=told.kind,
        subject_type=told.subject_type,
        subject_id=told.subject_id[:64],
        draft_id=told.draft_id[:64],
        actor_id=actor.id,
        actor_label=actor.label,
        data={"what": told.what, "code": refused.code, "said": str(refused.detail)[:500]},
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
