"""Against printed tables of the t distribution and cases with a closed form."""

from math import atan, pi, sqrt

import pytest

from proposals.statistics.student import incomplete_beta, t_below, t_quantile, t_two_sided_p

TABLE = [(0.975, 1, 12.706), (0.975, 10, 2.228), (0.95, 5, 2.015), (0.995, 30, 2.750)]


@pytest.mark.parametrize(("chance", "freedom", "value"), TABLE)
def test_quantiles_are_those_of_the_printed_table(chance, freedom, value):
    assert round(t_quantile(chance, freedom), 3) == value


@pytest.mark.parametrize("t", [-3.0, -0.5, 0.0, 1.0, 6.5])
def test_one_degree_of_freedom_is_cauchys_distribution(t):
    assert t_below(t, 1) == pytest.approx(0.5 + atan(t) / pi, abs=1e-12)


@pytest.mark.parametrize("t", [0.3, 1.0, 4.0])
def test_two_degrees_of_freedom_have_a_closed_form(t):
    assert t_below(t, 2) == pytest.approx(0.5 + t / (2 * sqrt(2 + t * t)), abs=1e-12)


def test_p_is_two_sided():
    assert t_two_sided_p(1.0, 1) == pytest.approx(0.5)
    assert t_two_sided_p(float("inf"), 5) == 0


@pytest.mark.parametrize("x", [0.01, 0.3, 0.77, 0.999])
def test_incomplete_beta_where_it_is_elementary(x):
    assert incomplete_beta(1, 3, x) == pytest.approx(1 - (1 - x) ** 3, abs=1e-13)
    assert incomplete_beta(2, 2, x) == pytest.approx(3 * x**2 - 2 * x**3, abs=1e-13)
