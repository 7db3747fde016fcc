"""The retail year by country, and a real shop's November found in the right weeks.

The real history (UCI Online Retail, CC BY 4.0) lies beside the repository; without it the test
says so and is skipped.
"""

import csv
import gzip
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from proposals.detectors import registry
from proposals.detectors.base import Shop
from proposals.detectors.retail_dates import COUNTRIES, dates_of, occasions, upcoming
from proposals.detectors.season import Facts
from workflows.types.marketing.holidays import Holiday, day_of

UCI = Path(__file__).resolve().parents[3] / "shared" / "data" / "online_retail.csv.gz"
TOLD = {
    ("GB", 2026): {
        "valentines_day": date(2026, 2, 14),
        "mothers_day": date(2026, 3, 15),
        "easter": date(2026, 4, 5),
        "fathers_day": date(2026, 6, 21),
        "black_friday": date(2026, 11, 27),
        "cyber_monday": date(2026, 11, 30),
        "christmas": date(2026, 12, 25),
        "boxing_day": date(2026, 12, 26),
    },
    ("US", 2024): {
        "mothers_day": date(2024, 5, 12),
        "independence_day": date(2024, 7, 4),
        "labor_day": date(2024, 9, 2),
        "black_friday": date(2024, 11, 29),
        "cyber_monday": date(2024, 12, 2),
    },
    ("DE", 2026): {"fathers_day": date(2026, 5, 14), "christmas": date(2026, 12, 24)},
    # Pentecost 2026 is on 24 May, the last Sunday is the 31st; in 2023 and 2012 they meet.
    ("FR", 2026): {"mothers_day": date(2026, 5, 31)},
    ("FR", 2012): {"mothers_day": date(2012, 6, 3)},
    ("AU", 2026): {"fathers_day": date(2026, 9, 6)},
    ("NL", 2026): {"kings_day": date(2026, 4, 27)},
}


@pytest.mark.parametrize(("place", "told"), TOLD.items())
def test_the_dates_are_those_of_the_calendar(place, told):
    found = {entry.key: entry.day for entry in dates_of(*place)}
    assert {key: found[key] for key in told} == told


@pytest.mark.parametrize("country", [*COUNTRIES, "JP", "BR"])
def test_ten_dates_in_every_country_and_year(country):
    for year in range(2010, 2031):
        days = [entry.day for entry in dates_of(country, year)]
        assert len(days) == 10
        assert days == sorted(days)


@pytest.mark.parametrize("country", [*COUNTRIES, "JP"])
def test_the_campaign_type_knows_each_date_and_the_same_day(country):
    """Its offer for "Christmas" ends on the 25th where gifts are given on the 24th: said apart."""
    for year in range(2020, 2031):
        for entry in dates_of(country, year):
            if entry.key == "christmas" and country in ("DE", "AT", "CH"):
                continue
            assert day_of(Holiday(entry.key), year, country) == entry.day, entry


def test_dates_of_one_week_are_one_occasion():
    november = [entry for entry in occasions("GB", 2026) if entry.day.month == 11]
    assert [(entry.key, [str(name) for name in entry.also]) for entry in november] == [
        ("black_friday", ["Cyber Monday"])
    ]


def test_only_while_there_is_time():
    """Black Friday 2026 is on 27 November: from 28 September to 19 November."""
    seen = [
        day
        for day in (date(2026, 9, 1) + timedelta(days=n) for n in range(100))
        if "black_friday" in [e.key for e in upcoming("GB", day, within=60, lead=7)]
    ]
    assert (seen[0], seen[-1]) == (date(2026, 9, 28), date(2026, 11, 19))
    assert len(seen) == 53


def test_the_turn_of_the_year_is_looked_across():
    found = upcoming("GB", date(2026, 12, 30), within=60, lead=7)
    assert [(entry.key, entry.day) for entry in found] == [("valentines_day", date(2027, 2, 14))]


@pytest.fixture(scope="module")
def history():
    """Sales by day of the real shop, the way its importer counts: sales and returns."""
    if not UCI.exists():
        pytest.skip(f"the UCI file is not at {UCI}")
    sales = defaultdict(float)
    with gzip.open(UCI, "rt", encoding="utf-8", errors="replace") as handle:
        for row in csv.DictReader(handle):
            price = float(row["UnitPrice"])
            if price > 0:
                sales[_day(row["InvoiceDate"])] += int(row["Quantity"]) * price
    return dict(sales)


def _day(text):
    for form in ("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 -- the file has no zone
        except ValueError:
            continue
    raise ValueError(text)


def weeks(first, last):
    return [first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 1)]


def seen_on(day, history):
    """What the detector says on that day, with the days known by then."""
    detector = registry.get("upcoming_holiday")
    known = {when: amount for when, amount in history.items() if when <= day}
    found = detector.judge(Shop("tenant_uci", day), Facts(known), detector.Settings())
    return {finding.facts["holiday"]: finding for finding in found}


@pytest.mark.slow
def test_november_is_found_in_the_right_weeks_as_time_moves_through_the_year(history):
    """Through 2011, knowing at each time only what had happened by then."""
    told = {day: seen_on(day, history) for day in weeks(date(2011, 2, 7), date(2011, 12, 9))}
    november = [day for day, found in told.items() if "black_friday" in found]

    assert (november[0], november[-1]) == (date(2011, 9, 26), date(2011, 11, 14))
    assert len(november) == 8
    assert all("black_friday" not in told[day] for day in told if day < date(2011, 9, 26))
    assert {f["black_friday"].priority for d, f in told.items() if d in november} <= {
        "high",
        "urgent",
    }


@pytest.mark.slow
def test_a_year_later_the_november_of_the_history_is_measured_and_comes_first(history):
    """Through 2012, with 2011 known: the season that was the year's best is told as such."""
    told = {day: seen_on(day, history) for day in weeks(date(2012, 1, 2), date(2012, 12, 24))}
    lifts = {
        name: found[name].facts["lift"]
        for found in told.values()
        for name in found
        if found[name].interval is not None
    }
    november = [day for day, found in told.items() if "black_friday" in found]
    first = [next(iter(told[day])) for day in november if "christmas" not in told[day]]

    assert lifts["black_friday"] == max(lifts.values())
    assert lifts["black_friday"] > 1.5
    assert told[november[0]]["black_friday"].interval.low > 1.2
    assert (november[0], november[-1]) == (date(2012, 9, 24), date(2012, 11, 12))
    assert set(first) == {"black_friday"}
    # The dates of spring sold no more than the weeks around them: they are never pressed.
    spring = ("valentines_day", "mothers_day", "easter")
    assert {
        found[name].priority for found in told.values() for name in spring if name in found
    } == {"normal"}
