"""Against Newcombe, Statistics in Medicine 17 (1998), table I, and Fleiss (1981)."""

import pytest

from proposals.statistics.intervals import Interval
from proposals.statistics.proportions import (
    p_below,
    sessions_per_arm,
    sessions_to_tell,
    stand_out,
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


def test_the_score_test_is_wilsons_interval_turned_round():
    """Where p is 0.025, the 95 % interval ends at the threshold."""
    high = wilson(12, 1000).high
    assert p_below(12, 1000, high) == pytest.approx(0.025)
    assert p_below(20, 1000, 0.02) == 0.5
    assert p_below(0, 0, 0.02) == 1


def test_benjamini_and_hochbergs_own_example():
    """Their table of 1995: fifteen p-values, four of which stand out at 0.05."""
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    values += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert stand_out(values, 0.05) == [True] * 4 + [False] * 11
    assert stand_out(values[::-1], 0.05) == [False] * 11 + [True] * 4
    assert stand_out([0.2, 0.9], 0.05) == [False, False]
    assert stand_out([], 0.05) == []


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
