"""A person's inbox and wishes; a shop's endpoints and what went to them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from core.errors import NotFound
from notifications.kinds import CHOSEN, MAILED
from notifications.models import (
    Attempt,
    Delivery,
    Digest,
    DigestTime,
    Endpoint,
    Notice,
    Preference,
)
from notifications.states import Group, MailChoice, Sending
from tenants.models import Tenant


def inbox(user_id: str) -> QuerySet[Notice]:
    """What this person wants in the inbox, newest first."""
    muted = Preference.objects.filter(user_id=user_id, in_app=False).values("group")
    rows = Notice.objects.filter(user_id=user_id).exclude(group__in=muted)
    return rows.order_by("-created_at", "-id")


def unread_count(user_id: str) -> int:
    return inbox(user_id).filter(read_at__isnull=True).order_by().count()


def preferences(user_id: str) -> dict[Group, Preference]:
    """Every group a person can choose for, as chosen or as shipped."""
    found = {one.group: one for one in Preference.objects.filter(user_id=user_id)}
    return {
        group: found.get(group) or Preference(user_id=user_id, group=group, mail=MAILED[group])
        for group in CHOSEN
    }


def mail_choice(notice: Notice) -> str:
    if notice.group not in CHOSEN:
        return MailChoice.NOW
    chosen = Preference.objects.filter(user_id=notice.user_id, group=notice.group).first()
    return chosen.mail if chosen else MAILED[Group(notice.group)]


def digest_time(user_id: str) -> DigestTime:
    return DigestTime.objects.filter(user_id=user_id).first() or DigestTime(user_id=user_id)


def next_morning(wish: DigestTime, shop_zone: str, now: datetime | None = None) -> datetime:
    """The next time the person's clock shows their hour; where it is skipped, right after."""
    zone = _zone(wish.timezone) or _zone(shop_zone) or ZoneInfo("UTC")
    here = (now or timezone.now()).astimezone(zone)
    for days in (0, 1):
        day = here.date() + timedelta(days=days)
        at = datetime(day.year, day.month, day.day, wish.hour, tzinfo=zone)
        if at > here:
            return at
    raise AssertionError("tomorrow's hour has passed")


def zone_of(tenant: Tenant | None) -> ZoneInfo:
    """The shop's clock; UTC for a zone that this machine does not know."""
    return (_zone(tenant.timezone) if tenant else None) or ZoneInfo("UTC")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def waiting_for_digest(user_id: str) -> QuerySet[Notice]:
    rows = Notice.objects.filter(user_id=user_id, state=Sending.DIGEST)
    return rows.select_related("tenant").order_by("tenant_id", "created_at", "id")


def digests(user_id: str) -> QuerySet[Digest]:
    return Digest.objects.filter(user_id=user_id)


def endpoints() -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(removed_at=None).order_by("created_at", "id")


def endpoint(endpoint_id: str) -> Endpoint:
    found = endpoints().filter(pk=endpoint_id).first()
    if found is None:
        raise NotFound
    return found


def deliveries(endpoint_id: str, *, state: str = "") -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(endpoint_id=endpoint_id)
    return (rows.filter(state=state) if state else rows).order_by("-created_at", "-id")


def with_calls(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    calls = Attempt.objects.order_by("-number")
    return rows.prefetch_related(Prefetch("calls", queryset=calls))


def delivery(delivery_id: str) -> Delivery:
    found = Delivery.objects.filter(pk=delivery_id, endpoint__removed_at=None).first()
    if found is None:
        raise NotFound
    return found
