"""Means with intervals: weighted, and of two groups against each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from proposals.statistics.intervals import Interval
from proposals.statistics.student import t_quantile, t_two_sided_p


@dataclass(frozen=True, slots=True)
class Estimate:
    value: float
    interval: Interval
    p: float
    count: int


UNKNOWN = Interval(-inf, inf)


def weighted_mean(
    values: Sequence[float], weights: Sequence[float], confidence: float = 0.95
) -> Estimate:
    """Σwx/Σw with the ratio estimator's error √Σw²(x−m)²/Σw, times n/(n−1) for a small n."""
    x, w = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    count, total = len(x), float(w.sum())
    if count == 0 or total <= 0:
        return Estimate(0.0, UNKNOWN, 1.0, count)
    mean = float(w @ x) / total
    if count == 1:
        return Estimate(mean, UNKNOWN, 1.0, 1)
    error = sqrt(float((w**2) @ (x - mean) ** 2) * count / (count - 1)) / total
    # Few heavy weights are few observations (Kish's effective number).
    effective = max(total**2 / float(w @ w) - 1, 1.0)
    return _estimate(mean, error, effective, confidence, count)


def difference(one: Sequence[float], other: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Mean of ``one`` minus mean of ``other``, Welch's interval (1947)."""
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    count = len(a) + len(b)
    if min(len(a), len(b)) < 2:
        return Estimate(0.0, UNKNOWN, 1.0, count)
    va, vb = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    value = float(a.mean() - b.mean())
    if va + vb == 0:
        return Estimate(value, Interval(value, value), float(value == 0), count)
    freedom = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    return _estimate(value, sqrt(va + vb), freedom, confidence, count)


def _estimate(
    value: float, error: float, freedom: float, confidence: float, count: int
) -> Estimate:
    if error == 0:
        return Estimate(value, Interval(value, value), float(value == 0), count)
    reach = t_quantile((1 + confidence) / 2, freedom) * error
    p = t_two_sided_p(value / error, freedom)
    return Estimate(value, Interval(value - reach, value + reach), p, count)
