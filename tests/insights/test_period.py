"""Months, weeks and days of the shop's own calendar; and the shapes drawn from them."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from codex.insights.charts import draw
from codex.insights.goals import Goal, Point, Reached
from codex.insights.period import Period, zone_of
from codex.insights.showing import duration, share
from codex.insights.sources import SOURCES

LONDON = ZoneInfo("Europe/London")


def period(since, until, zone=LONDON):
    return Period("", date.fromisoformat(since), date.fromisoformat(until), zone)


@pytest.mark.parametrize(
    ("since", "until", "unit", "pieces"),
    [
        ("2025-12-01", "2026-11-23", "month", 12),
        ("2026-08-26", "2026-11-23", "week", 14),
        ("2026-11-01", "2026-11-23", "day", 23),
        ("2026-11-23", "2026-11-23", "day", 1),
    ],
)
def test_a_period_is_cut_into_pieces_without_gaps(since, until, unit, pieces):
    found = period(since, until)
    assert (found.unit, len(found.starts), len(found.edges)) == (unit, pieces, pieces + 1)
    assert found.starts[0] == found.since
    assert all(before < after for before, after in pairwise(found.edges))


def test_pieces_begin_on_the_first_and_on_mondays():
    assert {day.day for day in period("2025-12-10", "2026-11-23").starts[1:]} == {1}
    assert {day.weekday() for day in period("2026-09-03", "2026-11-23").starts[1:]} == {0}


def test_edges_are_midnights_of_the_shop_also_when_clocks_change():
    edges = period("2026-10-24", "2026-10-26").edges
    assert [edge.utcoffset().total_seconds() for edge in edges] == [3600, 3600, 0, 0]
    assert {edge.hour for edge in edges} == {0}


def test_a_zone_that_is_none_is_utc():
    assert zone_of("Not/AZone").key == "UTC"


def goal_of(*values):
    points = [
        Point(date(2026, month, 1), f"m{month}", Reached(value, 0, 0))
        for month, value in enumerate(values, 1)
    ]
    known = [value for value in values if value is not None]
    reached = Reached(known[-1] if known else None, 0, 0)
    return Goal("adoption", SOURCES["adoption"], 0.6, reached, points)


def test_the_line_breaks_where_nothing_is_known():
    drawn = draw(goal_of(0.2, None, 0.6, 0.8, 1.0))
    assert drawn.line == "M0.00 80.00 M50.00 40.00 L75.00 20.00 L100.00 0.00"
    assert drawn.dots == "M0.00 80.00h0M100.00 0.00h0"
    assert drawn.goal == "M0 40.00H100"
    assert drawn.finding == ("Runs made through drafts: 20% in m1, 100% in m5; the goal is 60%")


def test_a_share_below_nothing_stays_in_the_box():
    assert draw(goal_of(-3.0, 0.5)).line == "M0.00 100.00 L100.00 50.00"


def test_nothing_known_draws_nothing():
    drawn = draw(goal_of(None, None))
    assert (drawn.line, drawn.dots) == ("", "")
    assert drawn.finding.endswith("nothing to show yet; the goal is 60%")


@pytest.mark.parametrize(
    ("values", "since"),
    [
        ((0.7, 0.5, 0.6, 0.9), "m3"),
        ((0.7, None, 0.9), "m1"),
        ((0.9, 0.1), None),
        ((None, None), None),
    ],
)
def test_since_when_a_goal_is_reached_without_a_break(values, since):
    found = goal_of(*values).since
    assert (found.label if found else None) == since


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.84, "0.8 s"),
        (41, "41 s"),
        (125, "2 min 5 s"),
        (9600, "2 h 40 min"),
        (176400, "2 d 1 h"),
    ],
)
def test_durations_in_two_units_at_most(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0.0, "0.0%"), (0.684, "68%"), (0.9998, "over 99%"), (1.0, "100%")],
)
def test_nearly_all_is_not_all(value, words):
    assert share(value) == words
