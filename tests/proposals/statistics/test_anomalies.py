import numpy as np
import pytest

from proposals.statistics.anomalies import outliers, robust_scores, weekday_residuals


def test_scores_count_in_robust_standard_deviations():
    scores = robust_scores(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))
    assert scores.tolist() == pytest.approx([-2 / 1.4826, -1 / 1.4826, 0, 1 / 1.4826, 97 / 1.4826])


def test_where_nothing_varies_nothing_is_odd():
    assert robust_scores(np.array([5.0, 5.0, 5.0, 9.0])).tolist() == [0, 0, 0, 0]


def test_one_wild_day_does_not_hide_behind_its_own_size():
    values = np.array([10.0, 11.0, 9.0, 10.0, 12.0, 8.0, 10_000.0])
    assert np.flatnonzero(outliers(values)).tolist() == [6]


def test_each_weekday_is_compared_with_itself():
    week = np.array([1.0, 2, 3, 4, 5, 60, 70])
    values = np.tile(week, 3)
    values[8] += 9
    rest = weekday_residuals(values, 2)
    assert np.flatnonzero(rest).tolist() == [8]
    assert rest[8] == 9
