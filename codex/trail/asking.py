"""What of the trail is asked for, read from the address; the same at page, API and export."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Invalid, NotAllowed, NotFound
from core.models import Event

NEWEST = ("-at", "-id")
PERM = "tenants.view_audit"
FIELDS = ("kind", "actor_id", "subject_type", "subject_id", "draft_id")


@dataclass(frozen=True, slots=True)
class Asked:
    """``kind`` may be a whole family: ``draft`` or ``draft.``; ``until`` is a day, included."""

    tenant_id: str
    kind: str = ""
    actor_id: str = ""
    subject_type: str = ""
    subject_id: str = ""
    draft_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def require_auditor(request) -> None:
    if not request.actor.tenant_id or request.tenant is None:
        raise NotFound
    if not request.actor.has_perm(PERM, request.tenant):
        raise NotAllowed(perm=PERM)


def asked_by(request) -> Asked:
    said: Mapping[str, str] = request.GET
    zone = ZoneInfo(request.tenant.timezone)
    texts = {name: _text(name, said.get(name, "")) for name in FIELDS}
    since, until = _day("since", said, zone), _day("until", said, zone)
    return Asked(
        tenant_id=request.actor.tenant_id,
        since=since,
        until=until + timedelta(days=1) if until else None,
        **texts,
    )


def events(asked: Asked) -> QuerySet[Event]:
    rows = Event.objects.filter(tenant_id=asked.tenant_id)
    for name in ("actor_id", "subject_type", "subject_id", "draft_id"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    if asked.kind:
        family = asked.kind.rstrip(".")
        rows = rows.filter(Q(kind=family) | Q(kind__startswith=f"{family}."))
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    return rows.filter(at__lt=asked.until) if asked.until else rows


def story(tenant_id: str, subject_id: str) -> QuerySet[Event]:
    """All that happened to one object; of a draft, its whole story."""
    rows = Event.objects.filter(tenant_id=tenant_id)
    return rows.filter(Q(subject_id=subject_id) | Q(draft_id=subject_id))


def _text(name: str, text: str) -> str:
    if len(text) > 64 or "\x00" in text:
        raise Invalid({name: [_("At most 64 letters.")]})
    return text.strip()


def _day(name: str, said: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    text = said.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 2000 <= day.year <= 2999:
            raise ValueError
        return datetime.combine(day, time(), tzinfo=zone)
    except ValueError as error:
        raise Invalid({name: [_("A day such as 2026-11-23.")]}) from error
