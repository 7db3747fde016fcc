"""The ten dates of a country's retail year: from ``holidays`` where it is a public one, by rule
where it is custom."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays
from dateutil.easter import easter
from django.utils.translation import gettext_lazy as _l

MONDAY, THURSDAY, SUNDAY = 0, 3, 6
WEEK = 7
Rule = Callable[[int, str], date]


@dataclass(frozen=True, slots=True)
class RetailDate:
    key: str
    name: Any
    day: date
    also: tuple[Any, ...] = ()  # names of dates in the week after, which share its season
    last: date | None = None  # the last of them


def fixed(month: int, day: int) -> Rule:
    return lambda year, _country: date(year, month, day)


def nth(number: int, weekday: int, month: int) -> Rule:
    """The second Sunday of May: ``nth(2, SUNDAY, 5)``; number -1 is the last."""

    def rule(year: int, _country: str) -> date:
        if number < 0:
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    return rule


def public(name: str, otherwise: Rule) -> Rule:
    """A public holiday of the country; by rule where the country does not keep it."""

    def rule(year: int, country: str) -> date:
        found = [day for day in _named(country, year, name) if day.year == year]
        return min(found) if found else otherwise(year, country)

    return rule


@lru_cache(maxsize=512)
def _named(country: str, year: int, name: str) -> tuple[date, ...]:
    if country not in holidays.list_supported_countries():
        return ()
    known = holidays.country_holidays(country, years=year, language="en_US")
    return tuple(known.get_named(name, lookup="exact"))


def by_easter(days: int) -> Rule:
    return lambda year, _country: easter(year) + timedelta(days=days)


def after_thanksgiving(days: int) -> Rule:
    thanksgiving = nth(4, THURSDAY, 11)
    return lambda year, country: thanksgiving(year, country) + timedelta(days=days)


def french_mothers_day(year: int, country: str) -> date:
    """The last Sunday of May, unless that is Pentecost."""
    day = nth(-1, SUNDAY, 5)(year, country)
    return day + timedelta(days=7) if day == easter(year) + timedelta(days=49) else day


NAMES = {
    "valentines_day": _l("Valentine’s Day"),
    "easter": _l("Easter"),
    "mothers_day": _l("Mother’s Day"),
    "fathers_day": _l("Father’s Day"),
    "independence_day": _l("Independence Day"),
    "labor_day": _l("Labor Day"),
    "canada_day": _l("Canada Day"),
    "kings_day": _l("King’s Day"),
    "end_of_financial_year": _l("End of financial year"),
    "back_to_school": _l("Back to school"),
    "halloween": _l("Halloween"),
    "singles_day": _l("Singles’ Day"),
    "black_friday": _l("Black Friday"),
    "cyber_monday": _l("Cyber Monday"),
    "sinterklaas": _l("Sinterklaas"),
    "st_nicholas": _l("St Nicholas’ Day"),
    "christmas": _l("Christmas"),
    "boxing_day": _l("Boxing Day"),
    "epiphany": _l("Epiphany"),
}
ANYWHERE: dict[str, Rule] = {
    "valentines_day": fixed(2, 14),
    "easter": public("Easter Sunday", by_easter(0)),
    "mothers_day": nth(2, SUNDAY, 5),
    "fathers_day": nth(3, SUNDAY, 6),
    "back_to_school": fixed(9, 1),
    "halloween": fixed(10, 31),
    "singles_day": fixed(11, 11),
    "black_friday": after_thanksgiving(1),
    "cyber_monday": after_thanksgiving(4),
    "christmas": public("Christmas Day", fixed(12, 25)),
}


def _like_anywhere(*, without: str, **more: Rule) -> dict[str, Rule]:
    """Ten again: what is custom here takes the place of what is not."""
    kept = {key: rule for key, rule in ANYWHERE.items() if key not in without.split()}
    return {**kept, **more}


BRITISH = _like_anywhere(
    without="singles_day",
    mothers_day=by_easter(-21),
    boxing_day=public("Boxing Day", fixed(12, 26)),
)
GERMAN = _like_anywhere(
    without="singles_day",
    fathers_day=public("Ascension Day", by_easter(39)),
    st_nicholas=fixed(12, 6),
    christmas=fixed(12, 24),
)
COUNTRIES: dict[str, dict[str, Rule]] = {
    "GB": BRITISH,
    "IE": BRITISH,
    "US": _like_anywhere(
        without="singles_day back_to_school",
        independence_day=public("Independence Day", fixed(7, 4)),
        labor_day=public("Labor Day", nth(1, MONDAY, 9)),
    ),
    "CA": _like_anywhere(without="singles_day", canada_day=public("Canada Day", fixed(7, 1))),
    "AU": _like_anywhere(
        without="singles_day back_to_school",
        fathers_day=nth(1, SUNDAY, 9),
        end_of_financial_year=fixed(6, 30),
        boxing_day=public("Boxing Day", fixed(12, 26)),
    ),
    "DE": GERMAN,
    "AT": {**GERMAN, "fathers_day": nth(2, SUNDAY, 6)},
    "CH": {**GERMAN, "fathers_day": nth(1, SUNDAY, 6)},
    "FR": _like_anywhere(
        without="singles_day", mothers_day=french_mothers_day, epiphany=fixed(1, 6)
    ),
    "NL": _like_anywhere(
        without="singles_day halloween",
        kings_day=public("King's Day", fixed(4, 27)),
        sinterklaas=fixed(12, 5),
    ),
}


def dates_of(country: str, year: int) -> list[RetailDate]:
    """The country's ten, in the order of the year."""
    rules = COUNTRIES.get(country, ANYWHERE)
    found = [RetailDate(key, NAMES[key], rule(year, country)) for key, rule in rules.items()]
    return sorted(found, key=lambda entry: entry.day)


def same_date(country: str, key: str, year: int) -> date:
    return COUNTRIES.get(country, ANYWHERE)[key](year, country)


def occasions(country: str, year: int) -> list[RetailDate]:
    """The dates, those within a week of each other taken together: Black Friday and Cyber Monday
    are one occasion to prepare for."""
    found: list[RetailDate] = []
    for entry in dates_of(country, year):
        if found and (entry.day - found[-1].day).days <= WEEK:
            found[-1] = replace(found[-1], also=(*found[-1].also, entry.name), last=entry.day)
        else:
            found.append(entry)
    return found


def upcoming(country: str, today: date, *, within: int, lead: int) -> list[RetailDate]:
    """Those more than ``lead`` and at most ``within`` days away, the next one first."""
    both = occasions(country, today.year) + occasions(country, today.year + 1)
    return [entry for entry in both if lead < (entry.day - today).days <= within]
