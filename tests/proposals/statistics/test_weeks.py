from math import exp, log, sqrt

import numpy as np
import pytest

from proposals.statistics.student import t_quantile
from proposals.statistics.weeks import (
    autocorrelation,
    level_change,
    weekday_columns,
    weekly_slope,
    weekly_trend,
)

WEEK = np.array([30.0, 10.0, 0.0, -5.0, 4.0, -20.0, 11.0])
MONDAY, THURSDAY = 0, 3


def test_a_straight_line_under_a_weekly_pattern_is_found_exactly():
    days = 3.0 * np.arange(28) + np.tile(WEEK, 4)
    found = weekly_trend(days, MONDAY)
    assert found.value == pytest.approx(3.0, abs=1e-9)
    assert found.p < 1e-12


def test_the_pattern_does_not_depend_on_the_day_the_series_begins():
    values = 3.0 * np.arange(30) + np.resize(WEEK, 30 + THURSDAY)[THURSDAY:]
    assert weekly_trend(values, THURSDAY).value == pytest.approx(3.0, abs=1e-9)


def test_the_error_is_the_text_books():
    """A step under noise that is no line, no weekday and unlike itself from day to day."""
    noise = np.tile([1.0] * 7 + [-1.0] * 7, 4) * np.tile([1, -1, 1, -1, 1, -1, 1], 8)
    step = (np.arange(56) >= 28).astype(float)
    found = weekly_slope(100 + 8 * step + noise, step, MONDAY)
    squares, freedom = 56.0, 56 - 8
    error = sqrt(squares / freedom * (1 / 28 + 1 / 28))
    reach = t_quantile(0.975, freedom) * error
    assert found.autocorrelation == 0
    assert found.value == pytest.approx(8)
    assert found.error == pytest.approx(error)
    assert (found.interval.low, found.interval.high) == pytest.approx((8 - reach, 8 + reach))


def test_days_that_resemble_their_neighbours_widen_the_interval():
    noise = np.repeat([1.0, -1.0, 1.0, -1.0], 14) * 1.0
    step = (np.arange(56) >= 28).astype(float)
    found = weekly_slope(noise, step, MONDAY)
    assert found.autocorrelation == 0.8
    plain = sqrt(float(noise @ noise) / 48 * (2 / 28))
    assert found.error == pytest.approx(plain * 3)


def test_autocorrelation_of_an_alternating_series_never_narrows():
    assert autocorrelation(np.tile([1.0, -1.0], 10)) == 0


def test_a_level_change_is_the_ratio_of_geometric_means():
    before, after = (
        np.tile(np.exp(WEEK / 100) * 200 - 1, 4),
        np.tile(np.exp(WEEK / 100) * 150 - 1, 4),
    )
    found = level_change(np.concatenate([before, after]), 28, THURSDAY)
    assert found.share == pytest.approx(exp(log(150 / 200)) - 1)
    assert found.p == pytest.approx(0, abs=1e-9)
    assert (found.days, found.left_out) == (56, ())


def test_a_day_on_which_the_counter_broke_is_left_out_and_named():
    rng = np.random.default_rng(7)
    values = 1000 * np.exp(rng.normal(0, 0.05, 56))
    values[40] = 0
    found = level_change(values, 28, MONDAY)
    assert found.left_out == (40,)
    assert abs(found.share) < 0.05


def test_too_few_days_say_nothing():
    assert level_change(np.ones(40), 20, MONDAY) is None
    assert level_change(np.ones(41), 21, MONDAY) is None


def test_six_columns_for_seven_weekdays():
    columns = weekday_columns(7, 6)
    assert columns.shape == (7, 6)
    assert columns[0].tolist() == [0] * 6
    assert columns[1].tolist() == [1, 0, 0, 0, 0, 0]
