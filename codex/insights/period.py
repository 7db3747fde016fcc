"""The stretch of time figures are asked for, cut into months, weeks or days of the shop's zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.errors import Invalid

PERIODS = {"12m": _l("Last 12 months"), "90d": _l("Last 90 days"), "30d": _l("Last 30 days")}
DEFAULT = "12m"
LONGEST = 5 * 366
MONTHS_FROM, WEEKS_FROM = 120, 45


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``since`` to ``until``, both included. ``starts`` are the days on which its
    pieces begin; the first piece may be a part of a month or week."""

    key: str
    since: date
    until: date
    zone: ZoneInfo

    @property
    def unit(self) -> str:
        days = (self.until - self.since).days + 1
        if days >= MONTHS_FROM:
            return "month"
        return "week" if days >= WEEKS_FROM else "day"

    @property
    def starts(self) -> list[date]:
        found = [self.since]
        while (following := self._next(found[-1])) <= self.until:
            found.append(following)
        return found

    def _next(self, day: date) -> date:
        if self.unit == "month":
            return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if self.unit == "week":
            return day + timedelta(days=7 - day.weekday())
        return day + timedelta(days=1)

    @property
    def edges(self) -> list[datetime]:
        """The moments at which the pieces begin, and the one at which the last is over."""
        return [self._midnight(day) for day in (*self.starts, self.until + timedelta(days=1))]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone)

    def label(self, start: date) -> str:
        return date_format(start, "M y" if self.unit == "month" else "j M")

    @property
    def words(self) -> str:
        return _("{since} to {until}").format(
            since=date_format(self.since, "j M Y"), until=date_format(self.until, "j M Y")
        )

    @property
    def query(self) -> dict[str, str]:
        if self.key:
            return {"period": self.key}
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def period_of(asked: Mapping[str, str], zone_name: str) -> Period:
    """``period`` by name, or the days ``since`` and ``until``; ``Invalid`` beside its field."""
    zone = zone_of(zone_name)
    today = timezone.now().astimezone(zone).date()
    if asked.get("since") or asked.get("until"):
        return _between(asked, zone, today)
    key = asked.get("period") or DEFAULT
    if key not in PERIODS:
        raise Invalid({"period": [_("One of: {words}.").format(words=", ".join(PERIODS))]})
    return Period(key, _first_day(key, today), today, zone)


def _first_day(key: str, today: date) -> date:
    if key == "12m":
        # This month and the eleven before it.
        months = today.year * 12 + today.month - 1 - 11
        return date(months // 12, months % 12 + 1, 1)
    return today - timedelta(days=int(key.removesuffix("d")) - 1)


def _between(asked: Mapping[str, str], zone: ZoneInfo, today: date) -> Period:
    until = _day(asked, "until") or today
    since = _day(asked, "since") or until - timedelta(days=89)
    if not since <= until <= since + timedelta(days=LONGEST):
        raise Invalid({"since": [_("Begin before the end, at most five years earlier.")]})
    return Period("", since, until, zone)


def _day(asked: Mapping[str, str], name: str) -> date | None:
    text = asked.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Invalid({name: [_("A day as 2026-11-23, please.")]}) from wrong
