import pytest

from proposals.statistics.calibration import (
    brier_score,
    calibrated,
    curve,
    pool_adjacent_violators,
    reliability,
    shrunk,
)


@pytest.mark.parametrize(
    ("values", "weights", "pooled"),
    [
        ([1, 3, 2, 4], None, [1, 2.5, 2.5, 4]),
        ([3, 2, 1], None, [2, 2, 2]),
        ([1, 2, 3], None, [1, 2, 3]),
        ([4, 1], [1, 3], [1.75, 1.75]),
        ([1, 5, 4, 3, 6], [1, 1, 1, 2, 1], [1, 3.75, 3.75, 3.75, 6]),
        ([], None, []),
    ],
)
def test_pooling_adjacent_violators(values, weights, pooled):
    assert pool_adjacent_violators(values, weights) == pooled


def test_brier_score_by_hand():
    assert brier_score([0.8, 0.2], [True, False]) == pytest.approx(0.04)
    assert brier_score([0.5] * 4, [True, False, True, False]) == 0.25
    assert brier_score([], []) is None


def test_the_curve_never_falls():
    said, right = [0.2, 0.2, 0.6, 0.6, 0.9], [False, True, False, False, True]
    assert curve(said, right) == [(0.2, 0.25, 2), (0.6, 0.25, 2), (0.9, 1.0, 1)]


def test_eighty_percent_that_came_true_in_forty_moves_towards_forty():
    few = calibrated(0.8, curve([0.8] * 5, [True, True, False, False, False]))
    many = calibrated(0.8, curve([0.8] * 50, [True] * 20 + [False] * 30))
    assert few == pytest.approx((0.4 * 5 + 0.8 * 10) / 15)
    assert many == pytest.approx((0.4 * 50 + 0.8 * 10) / 60)
    assert 0.4 < many < few < 0.8


def test_without_outcomes_near_it_what_was_said_stands():
    assert calibrated(0.8, []) == 0.8
    assert calibrated(0.8, [(0.3, 0.1, 40)]) == 0.8


def test_shrinking():
    assert shrunk(1.0, 0, 0.6) == 0.6
    assert shrunk(1.0, 10, 0.6) == pytest.approx(0.8)


def test_reliability_bins():
    (low, high) = reliability([0.1, 0.1, 1.0, 0.9], [False, True, True, True])
    assert (low.said, low.right, low.count) == (0.1, 0.5, 2)
    assert (high.said, high.right, high.count) == (0.95, 1.0, 2)
    assert high.interval.low < 1
