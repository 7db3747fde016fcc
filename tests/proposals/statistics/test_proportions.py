"""Against Newcombe, Statistics in Medicine 17 (1998), table I, and Fleiss (1981)."""

import pytest

from proposals.statistics.intervals import Interval
from proposals.statistics.proportions import (
    one_sided_confidence,
    sessions_per_arm,
    sessions_to_tell,
    wilson,
)

NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("successes", "trials", "low", "high"), NEWCOMBE)
def test_wilson_is_newcombes_table(successes, trials, low, high):
    found = wilson(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson_without_trials_knows_nothing():
    assert wilson(0, 0) == Interval(0, 1)


def test_forty_sessions_without_a_sale_prove_nothing_about_two_percent():
    assert not wilson(0, 40).below(0.02)
    assert wilson(0, 200).below(0.02)


def test_many_looks_ask_for_more():
    assert one_sided_confidence(0.025, 1) == 0.95
    assert one_sided_confidence(0.05, 10) == pytest.approx(0.99)


def test_how_many_sessions_are_needed():
    assert sessions_per_arm(0.10, 0.15) == 683
    # (1.6449·√0.24 + 0.8416·√0.25)² / 0.1² = 1.22662² / 0.01 = 150.46
    assert sessions_to_tell(0.5, 0.6) == 151


def test_an_interval_says_which_side_it_lies_on():
    interval = Interval(0.1, 0.2)
    assert interval.below(0.21)
    assert not interval.below(0.2)
    assert interval.above(0.09)
    assert 0.15 in interval
