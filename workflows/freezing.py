"""When a freeze is on: wall-clock rules of a shop turned into moments.

Wall clocks skip an hour in spring and repeat one in autumn. A freeze begins at the earliest
moment its wall time can mean and ends at the latest, so that on such a night it is rather an hour
too long than open by mistake.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as wall_time

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflows.models import FreezeWindow
from workflows.states import Repeats

DAY = timedelta(days=1)
# Nobody plans farther ahead; freezes that leave no hole in all this time end with it.
HORIZON = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a freeze is on: from ``start`` until just before ``end``."""

    start: datetime
    end: datetime
    window: FreezeWindow


@dataclass(frozen=True, slots=True)
class Frozen:
    """``until``: the next moment at which nothing is frozen; ``window`` the freeze that is on."""

    until: datetime
    window: FreezeWindow


def occurrences(
    windows: Iterable[FreezeWindow], zone: tzinfo, after: datetime, before: datetime
) -> list[Occurrence]:
    """Those that are on at some moment from ``after`` until ``before``, in their order."""
    found = []
    for window in windows:
        first = after.astimezone(zone).date() - (window.ends_on - window.starts_on) - 2 * DAY
        last = before.astimezone(zone).date() + DAY
        for day in _days(window, first, last):
            one = _occurrence(window, day, zone)
            if one.start <= before and one.end > after:
                found.append(one)
    return sorted(found, key=lambda one: (one.start, one.end, one.window.pk))


def frozen(windows: Sequence[FreezeWindow], zone: tzinfo, at: datetime) -> Frozen | None:
    """What holds at ``at``; freezes that follow on each other without a hole count as one."""
    now_on = [one for one in occurrences(windows, zone, at, at) if one.start <= at]
    if not now_on:
        return None
    end = max(one.end for one in now_on)
    for one in occurrences(windows, zone, at, at + HORIZON):
        if one.start > end:
            break
        end = max(end, one.end)
    return Frozen(end, now_on[0].window)


def _days(window: FreezeWindow, first: date, last: date) -> Iterator[date]:
    """The days between ``first`` and ``last`` on which it begins."""
    first = max(first, window.starts_on)
    last = min(last, window.until) if window.until else last
    if window.repeats == Repeats.WEEKLY:
        weekdays = window.weekdays or [window.starts_on.weekday()]
        for number in range((last - first).days + 1):
            if (day := first + number * DAY).weekday() in weekdays:
                yield day
        return
    years = (
        range(first.year, last.year + 1)
        if window.repeats == Repeats.YEARLY
        else [window.starts_on.year]
    )
    for year in years:
        if first <= (day := _in_year(window.starts_on, year)) <= last:
            yield day


def _occurrence(window: FreezeWindow, day: date, zone: tzinfo) -> Occurrence:
    if window.repeats == Repeats.YEARLY:
        crossed = window.ends_on.year - window.starts_on.year
        last_day = _in_year(window.ends_on, day.year + crossed)
    else:
        last_day = day + (window.ends_on - window.starts_on)
    return Occurrence(
        min(_moments(day, window.starts_at, zone)),
        max(_moments(last_day, window.ends_at, zone)),
        window,
    )


def _in_year(day: date, year: int) -> date:
    """29 February is the 28th in a year that has no 29th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _moments(day: date, at: wall_time, zone: tzinfo) -> list[datetime]:
    """What this wall time can mean: one moment, or two on the night the clocks change."""
    wall = datetime.combine(day, at, zone)
    return [wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]


def freeze_in_words(window: FreezeWindow) -> str:
    """“Every Friday 17:00 until Monday 08:00”; wall-clock times of the shop."""
    start, end = window.starts_at.strftime("%H:%M"), window.ends_at.strftime("%H:%M")
    days = (window.ends_on - window.starts_on).days
    if window.repeats == Repeats.WEEKLY:
        starts = window.weekdays or [window.starts_on.weekday()]
        names = ", ".join(str(WEEKDAYS[day]) for day in starts)
        if days == 0:
            text = _("Every {names}, {start} to {end}").format(names=names, start=start, end=end)
        elif len(starts) == 1:
            last = str(WEEKDAYS[(starts[0] + days) % 7])
            text = _("Every {names} {start} until {last} {end}").format(
                names=names, start=start, last=last, end=end
            )
        else:
            text = ngettext(
                "Every {names} {start} until {end} the day after",
                "Every {names} {start} until {end} {n} days later",
                days,
            ).format(names=names, start=start, end=end, n=days)
        return _with_last(text, window)
    form = "j F" if window.repeats == Repeats.YEARLY else "j F Y"
    parts = {
        "first": date_format(window.starts_on, form),
        "last": date_format(window.ends_on, form),
        "start": start,
        "end": end,
    }
    if window.repeats == Repeats.YEARLY:
        text = _("Every year, {first} {start} to {last} {end}").format(**parts)
        return _with_last(text, window)
    return _("{first} {start} to {last} {end}").format(**parts)


def _with_last(text: str, window: FreezeWindow) -> str:
    if window.until is None:
        return text
    return _("{rule}, last on {day}").format(rule=text, day=date_format(window.until, "j F Y"))
