"""A council's meeting: its agenda, the item at hand, and minutes written from the decisions."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import IllegalMove, Invalid, NotFound
from councils import queries
from councils.models import ReviewEntry, Session, SessionItem, Verdict
from drafts.models import Comment
from drafts.queries import opened
from tenants.actors import Person

LONGEST_AGENDA = 50


@transaction.atomic
def start_session(*, council_id: str, actor: Person, minutes_each: int = 5) -> Session:
    """An agenda of everything open in one's council, oldest first."""
    if council_id not in actor.council_ids:
        raise NotFound
    if not 1 <= minutes_each <= 60:
        raise Invalid({"minutes_each": [_("From 1 to 60 minutes.")]})
    entries = list(queries.agenda(actor, council_id)[:LONGEST_AGENDA])
    if not entries:
        raise IllegalMove(_("Nothing waits in this council, so there is nothing to meet about."))
    session = Session.objects.create(
        council_id=council_id,
        council_name=_council_name(entries, council_id),
        led_by_id=actor.user_id,
        minutes_each=minutes_each,
    )
    SessionItem.objects.bulk_create(
        SessionItem(
            session=session,
            council_id=council_id,
            position=position,
            draft_id=entry.draft_id,
            name=entry.name,
            author_name=entry.author_name,
            tenant_name=entry.tenant_name,
            effect=entry.effect,
            risk=entry.risk,
            revision_number=entry.revision_number,
            reached_at=timezone.now() if position == 1 else None,
        )
        for position, entry in enumerate(entries, start=1)
    )
    session.refresh_from_db()
    return session


@transaction.atomic
def go_to_item(*, session_id: str, position: int, actor: Person) -> Session:
    """Leave the item at hand, keeping what was decided about it, and take up another."""
    session = _open_session(session_id)
    leaving, reaching = _item(session, session.at_item), _item(session, position)
    if leaving.position == reaching.position:
        return session
    _leave(session, leaving, actor)
    reaching.reached_at = timezone.now()
    reaching.save(update_fields=["reached_at"])
    session.at_item = position
    session.save(update_fields=["at_item"])
    return session


@transaction.atomic
def close_session(*, session_id: str, actor: Person) -> Session:
    """Write the minutes: of every item what was decided and said since the meeting began."""
    session = _open_session(session_id)
    for item in session.items.all():
        if item.position == session.at_item:
            _leave(session, item, actor)
        else:
            item.outcome = _outcome(session, item, actor)
            item.save(update_fields=["outcome"])
    session.closed_at = timezone.now()
    session.save(update_fields=["closed_at"])
    return session


def _leave(session: Session, item: SessionItem, actor: Person) -> None:
    if item.reached_at is not None:
        item.seconds += max(0, int((timezone.now() - item.reached_at).total_seconds()))
    item.reached_at = None
    item.outcome = _outcome(session, item, actor)
    item.save(update_fields=["seconds", "reached_at", "outcome"])


def _outcome(session: Session, item: SessionItem, actor: Person) -> dict[str, Any]:
    """What stands in the draft since the meeting began; what is known already if this person
    cannot see the draft any more."""
    since = session.started_at
    try:
        with opened(actor, item.draft_id) as draft:
            given = queries.verdicts(draft).filter(created_at__gte=since)
            said = Comment.objects.filter(draft=draft, created_at__gte=since)
            return {
                "state": str(draft.status),
                "state_label": str(draft.get_status_display()),
                "verdicts": [_verdict(one) for one in given],
                "comments": [
                    {"who": str(one.author), "about": one.about, "text": one.text}
                    for one in said.select_related("author").order_by("created_at", "id")
                ],
            }
    except NotFound:
        return item.outcome or {}


def _verdict(given: Verdict) -> dict[str, object]:
    return {
        "who": str(given.user),
        "decision": given.decision,
        "label": str(given.get_decision_display()),
        "revision": given.revision_number,
        "comment": given.comment,
        "taken_back": given.taken_back_at is not None,
    }


def _open_session(session_id: str) -> Session:
    session = Session.objects.select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None:
        raise NotFound
    if session.closed_at is not None:
        raise IllegalMove(_("This meeting is closed; its minutes are written."))
    return session


def _item(session: Session, position: int) -> SessionItem:
    item = session.items.filter(position=position).first()
    if item is None:
        raise NotFound
    return item


def _council_name(entries: list[ReviewEntry], council_id: str) -> str:
    own = (entry.council_name for entry in entries if entry.council_id == council_id)
    return next(own, entries[0].council_name)
