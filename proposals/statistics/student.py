"""Student's t distribution, which the standard library lacks.

The tail comes from the regularized incomplete beta function, by the continued fraction of Lentz
(Press et al., Numerical Recipes, 6.4); its inverse by bisection.
"""

from math import exp, inf, lgamma, log

TINY, CLOSE, STEPS = 1e-300, 1e-14, 300


def t_two_sided_p(t: float, freedom: float) -> float:
    """The chance of a value at least this far from zero, either way."""
    if t in (inf, -inf):
        return 0.0
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def t_below(t: float, freedom: float) -> float:
    """The chance of a value at most ``t``."""
    tail = t_two_sided_p(t, freedom) / 2
    return tail if t < 0 else 1 - tail


def t_quantile(chance: float, freedom: float) -> float:
    """The value that ``chance`` of the distribution stays below; 0.5 < chance < 1."""
    low, high = 0.0, 1.0
    while t_below(high, freedom) < chance:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, freedom) < chance else (low, middle)
    return (low + high) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b), between 0 and 1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = _inverse(1 + term * d)
            c = 1 + term / c if abs(1 + term / c) > TINY else TINY
            step = c * d
            found *= step
        if abs(step - 1) < CLOSE:
            break
    return found


def _inverse(value: float) -> float:
    return 1 / (value if abs(value) > TINY else TINY)
