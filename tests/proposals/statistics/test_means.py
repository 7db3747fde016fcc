from math import inf, sqrt

import pytest

from proposals.statistics.effects import difference_in_differences
from proposals.statistics.means import difference, weighted_mean
from proposals.statistics.student import t_quantile


def test_equal_weights_give_the_ordinary_interval():
    """Mean 2, standard error 1, one degree of freedom: 2 ± 12.706."""
    found = weighted_mean([1, 3], [1, 1])
    assert found.value == 2
    assert (found.interval.low, found.interval.high) == pytest.approx((-10.706, 14.706), abs=1e-3)


def test_weights_pull():
    """(3·0.2 + 1·0.0) / 4 = 0.15; squares 9·0.05² + 1·0.15² = 0.045, times 2, root, over 4."""
    found = weighted_mean([0.2, 0.0], [3, 1])
    error = sqrt(0.045 * 2) / 4
    assert found.value == pytest.approx(0.15)
    assert found.interval.high - found.value == pytest.approx(t_quantile(0.975, 1.0) * error)


def test_a_mean_of_nothing_or_of_one_is_not_known():
    assert weighted_mean([], []).count == 0
    assert weighted_mean([0.3], [5]).interval.high == inf


def test_welch_by_hand():
    """Means 2 and 4, variances of the means 1/3 and 4/3, so freedom (5/3)² / (17/18) = 50/17."""
    found = difference([1, 2, 3], [2, 4, 6])
    reach = t_quantile(0.975, 50 / 17) * sqrt(5 / 3)
    assert found.value == -2
    assert found.interval.low == pytest.approx(-2 - reach)
    assert found.interval.high == pytest.approx(-2 + reach)


def test_two_equal_constants_do_not_differ():
    found = difference([4, 4, 4], [4, 4])
    assert (found.value, found.p) == (0, 1)


def test_what_would_have_happened_anyway_is_taken_off():
    """Touched 10 → 16, untouched 20 → 22: the six gained are four, on a baseline of twelve."""
    touched = [(10 + n, 16 + n) for n in (-2, -1, 0, 1, 2)]
    untouched = [(20 + n, 22 + n) for n in (-2, -1, 0, 1, 2, 0)]
    found = difference_in_differences(touched, untouched)
    assert (found.value, found.baseline, found.p) == (4, 12, 0)
    assert found.share == pytest.approx(1 / 3)
    assert (found.touched, found.untouched) == (5, 6)


def test_four_products_are_not_enough():
    assert difference_in_differences([(1, 2)] * 4, [(1, 1)] * 50) is None
    assert difference_in_differences([(1, 2)] * 50, [(1, 1)] * 4) is None
