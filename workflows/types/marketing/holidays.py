"""Named occasions and their days: the fixed, the moving, and those that differ by country."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

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
    EPIPHANY = "epiphany"
    KINGS_DAY = "kings_day"
    END_OF_FINANCIAL_YEAR = "end_of_financial_year"
    CANADA_DAY = "canada_day"
    INDEPENDENCE_DAY = "independence_day"
    BACK_TO_SCHOOL = "back_to_school"
    LABOR_DAY = "labor_day"
    SINGLES_DAY = "singles_day"
    SINTERKLAAS = "sinterklaas"
    ST_NICHOLAS = "st_nicholas"


NAMES: Any = {
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
    "epiphany": N_("Epiphany"),
    "kings_day": N_("King's Day"),
    "end_of_financial_year": N_("End of financial year"),
    "canada_day": N_("Canada Day"),
    "independence_day": N_("Independence Day"),
    "back_to_school": N_("Back to school"),
    "labor_day": N_("Labor Day"),
    "singles_day": N_("Singles' Day"),
    "sinterklaas": N_("Sinterklaas"),
    "st_nicholas": N_("St Nicholas' Day"),
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
    Holiday.EPIPHANY: ("epiphany", "king cake"),
    Holiday.KINGS_DAY: ("orange", "kings-day"),
    Holiday.END_OF_FINANCIAL_YEAR: (),
    Holiday.CANADA_DAY: ("canada", "maple"),
    Holiday.INDEPENDENCE_DAY: ("independence", "stars and stripes", "barbecue"),
    Holiday.BACK_TO_SCHOOL: ("school", "notebook", "pencil", "diary"),
    Holiday.LABOR_DAY: ("barbecue", "garden", "outdoor"),
    Holiday.SINGLES_DAY: (),
    Holiday.SINTERKLAAS: ("sinterklaas", "toy", "chocolate"),
    Holiday.ST_NICHOLAS: ("nicholas", "nikolaus", "chocolate", "stocking-filler"),
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
    if country == "FR":
        return _french_mothers_day(year)
    return _nth(year, 5, SUNDAY, 2)


def _french_mothers_day(year: int) -> date:
    """The last Sunday of May, unless that is Pentecost."""
    day = date(year, 5, 31) - timedelta(days=(date(year, 5, 31).weekday() - SUNDAY) % 7)
    return day + timedelta(days=7) if day == easter(year) + timedelta(days=49) else day


def _fathers_day(year: int, country: str) -> date:
    """The third Sunday of June, but for those who keep another day."""
    if country == "DE":
        return easter(year) + timedelta(days=39)
    if country == "AU":
        return _nth(year, 9, SUNDAY, 1)
    number = {"AT": 2, "CH": 1}.get(country, 3)
    return _nth(year, 6, SUNDAY, number)


def _kings_day(year: int, country: str) -> date:
    """27 April, or the day before when that is a Sunday."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.weekday() == SUNDAY else day


def _thanksgiving(year: int, country: str) -> date:
    if country == "CA":
        return _nth(year, 10, MONDAY, 2)
    return _nth(year, 11, THURSDAY, 4)


DAYS: dict[Holiday, Callable[[int, str], date]] = {
    Holiday.NEW_YEAR: _fixed(1, 1),
    Holiday.VALENTINES_DAY: _fixed(2, 14),
    Holiday.MOTHERS_DAY: _mothers_day,
    Holiday.EASTER: lambda year, country: easter(year),
    Holiday.FATHERS_DAY: _fathers_day,
    Holiday.HALLOWEEN: _fixed(10, 31),
    Holiday.THANKSGIVING: _thanksgiving,
    Holiday.BLACK_FRIDAY: lambda year, country: _nth(year, 11, THURSDAY, 4) + timedelta(days=1),
    Holiday.CYBER_MONDAY: lambda year, country: _nth(year, 11, THURSDAY, 4) + timedelta(days=4),
    Holiday.CHRISTMAS: _fixed(12, 25),
    Holiday.BOXING_DAY: _fixed(12, 26),
    Holiday.EPIPHANY: _fixed(1, 6),
    Holiday.KINGS_DAY: _kings_day,
    Holiday.END_OF_FINANCIAL_YEAR: _fixed(6, 30),
    Holiday.CANADA_DAY: _fixed(7, 1),
    Holiday.INDEPENDENCE_DAY: _fixed(7, 4),
    Holiday.BACK_TO_SCHOOL: _fixed(9, 1),
    Holiday.LABOR_DAY: lambda year, country: _nth(year, 9, MONDAY, 1),
    Holiday.SINGLES_DAY: _fixed(11, 11),
    Holiday.SINTERKLAAS: _fixed(12, 5),
    Holiday.ST_NICHOLAS: _fixed(12, 6),
}


def day_of(holiday: Holiday, year: int, country: str) -> date:
    return DAYS[holiday](year, country)


def next_day_of(holiday: Holiday, after: date, country: str) -> date:
    """The first such day that is not past."""
    this_year = day_of(holiday, after.year, country)
    return this_year if this_year >= after else day_of(holiday, after.year + 1, country)
