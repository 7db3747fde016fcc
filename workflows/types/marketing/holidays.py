"""Named occasions and their days: the fixed, the moving, and those that differ by country."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_noop as N_

MONDAY, THURSDAY, SUNDAY = 0, 3, 6
# Where Mother's Day is the fourth Sunday of Lent; elsewhere it is the second Sunday of May.
LENT_MOTHERS_DAY = frozenset({"GB", "IE", "NG", "GG", "JE", "IM"})


class Holiday(StrEnum):
    NEW_YEAR = "new_year"
    VALENTINES_DAY = "valentines_day"
    MOTHERS_DAY = "mothers_day"
    EASTER = "easter"
    FATHERS_DAY = "fathers_day"
    HALLOWEEN = "halloween"
    THANKSGIVING = "thanksgiving"
    BLACK_FRIDAY = "black_friday"
    CYBER_MONDAY = "cyber_monday"
    CHRISTMAS = "christmas"
    BOXING_DAY = "boxing_day"


NAMES = {
    "new_year": N_("New Year"),
    "valentines_day": N_("Valentine's Day"),
    "mothers_day": N_("Mother's Day"),
    "easter": N_("Easter"),
    "fathers_day": N_("Father's Day"),
    "halloween": N_("Halloween"),
    "thanksgiving": N_("Thanksgiving"),
    "black_friday": N_("Black Friday"),
    "cyber_monday": N_("Cyber Monday"),
    "christmas": N_("Christmas"),
    "boxing_day": N_("Boxing Day"),
}

# Words by which a product's tags and title say that it belongs to the day.
WORDS: dict[Holiday, tuple[str, ...]] = {
    Holiday.NEW_YEAR: ("new year", "diary", "calendar"),
    Holiday.VALENTINES_DAY: ("valentine", "valentines", "love", "heart", "sweetheart"),
    Holiday.MOTHERS_DAY: ("mothers-day", "mother", "mum", "tea", "flower", "rose"),
    Holiday.EASTER: ("easter", "egg", "chick", "bunny", "rabbit", "hare"),
    Holiday.FATHERS_DAY: ("fathers-day", "father", "dad", "garden", "mug"),
    Holiday.HALLOWEEN: ("halloween", "pumpkin", "skull", "ghost"),
    Holiday.THANKSGIVING: ("thanksgiving", "autumn", "table"),
    Holiday.BLACK_FRIDAY: (),
    Holiday.CYBER_MONDAY: (),
    Holiday.CHRISTMAS: ("christmas", "xmas", "stocking-filler", "advent", "winter"),
    Holiday.BOXING_DAY: (),
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Callable[[int, str], date]:
    return lambda year, country: date(year, month, day)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _mothers_day(year: int, country: str) -> date:
    if country in LENT_MOTHERS_DAY:
        return easter(year) - timedelta(days=21)
    return _nth(year, 5, SUNDAY, 2)


def _thanksgiving(year: int, country: str) -> date:
    if country == "CA":
        return _nth(year, 10, MONDAY, 2)
    return _nth(year, 11, THURSDAY, 4)


DAYS: dict[Holiday, Callable[[int, str], date]] = {
    Holiday.NEW_YEAR: _fixed(1, 1),
    Holiday.VALENTINES_DAY: _fixed(2, 14),
    Holiday.MOTHERS_DAY: _mothers_day,
    Holiday.EASTER: lambda year, country: easter(year),
    Holiday.FATHERS_DAY: lambda year, country: _nth(year, 6, SUNDAY, 3),
    Holiday.HALLOWEEN: _fixed(10, 31),
    Holiday.THANKSGIVING: _thanksgiving,
    Holiday.BLACK_FRIDAY: lambda year, country: _nth(year, 11, THURSDAY, 4) + timedelta(days=1),
    Holiday.CYBER_MONDAY: lambda year, country: _nth(year, 11, THURSDAY, 4) + timedelta(days=4),
    Holiday.CHRISTMAS: _fixed(12, 25),
    Holiday.BOXING_DAY: _fixed(12, 26),
}


def day_of(holiday: Holiday, year: int, country: str) -> date:
    return DAYS[holiday](year, country)


def next_day_of(holiday: Holiday, after: date, country: str) -> date:
    """The first such day that is not past."""
    this_year = day_of(holiday, after.year, country)
    return this_year if this_year >= after else day_of(holiday, after.year + 1, country)
