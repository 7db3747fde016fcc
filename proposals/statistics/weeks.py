"""Daily figures with a weekly rhythm: their trend, and whether the level has moved.

Least squares with an intercept and six weekday columns beside the column asked about. Days that
resemble their neighbours carry less news than their number says, so the error is widened by the
residuals' first-order autocorrelation, and the degrees of freedom shrink with it.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from proposals.statistics.anomalies import outliers
from proposals.statistics.intervals import Interval
from proposals.statistics.student import t_quantile, t_two_sided_p

Floats = NDArray[np.float64]
DAYS = 7
FEWEST_DAYS = 3 * DAYS
MOST_CORRELATED = 0.8


@dataclass(frozen=True, slots=True)
class Slope:
    """``value`` per unit of the column asked about, with its interval and two-sided p."""

    value: float
    error: float
    interval: Interval
    p: float
    autocorrelation: float
    days: int


@dataclass(frozen=True, slots=True)
class Change:
    """A level against the one before it, as a share: -0.2 is a fifth less."""

    share: float
    interval: Interval
    p: float
    days: int
    left_out: tuple[int, ...] = ()


def weekday_columns(days: int, first_weekday: int) -> Floats:
    """Six columns, Monday to Saturday; Sunday is what the intercept stands for."""
    weekday = (np.arange(days) + first_weekday) % DAYS
    return (weekday[:, None] == np.arange(DAYS - 1)).astype(float)


def weekly_slope(
    values: Floats, column: Floats, first_weekday: int, confidence: float = 0.95
) -> Slope:
    """The effect of ``column`` on ``values``, the weekday's effect taken out."""
    return _slope(values, column, weekday_columns(len(values), first_weekday), confidence)


def weekly_trend(values: Floats, first_weekday: int, confidence: float = 0.95) -> Slope:
    """Growth per day."""
    return weekly_slope(values, np.arange(len(values), dtype=float), first_weekday, confidence)


def level_change(
    values: Floats, recent: int, first_weekday: int, confidence: float = 0.95
) -> Change | None:
    """The last ``recent`` days against those before, in proportion; None when too few to tell.

    Logarithms, so that a weekday's share stays a share. A day far off the fit (a broken counter,
    one mention in the news) is left out once, and said. How much days resemble their neighbours
    is seen around a line on each side: a slow slide is news, not noise.
    """
    if len(values) - recent < FEWEST_DAYS or recent < FEWEST_DAYS:
        return None
    logs = np.log(np.asarray(values, dtype=float) + 1)
    column = (np.arange(len(values)) >= len(values) - recent).astype(float)
    weekdays = weekday_columns(len(values), first_weekday)
    odd = outliers(_residuals(logs, _design(column, weekdays)))
    keep = ~odd if odd.sum() <= len(values) // 10 else np.ones(len(values), dtype=bool)
    lines = _lines(column)[keep]
    around = _residuals(logs[keep], np.column_stack([_design(column, weekdays)[keep], lines]))
    alike = autocorrelation(around)
    found = _slope(logs[keep], column[keep], weekdays[keep], confidence, alike)
    return Change(
        share=exp(found.value) - 1,
        interval=Interval(exp(found.interval.low) - 1, exp(found.interval.high) - 1),
        p=found.p,
        days=found.days,
        left_out=tuple(int(day) for day in np.flatnonzero(~keep)),
    )


def _design(column: Floats, weekdays: Floats) -> Floats:
    return np.column_stack([column, np.ones(len(column)), weekdays])


def _lines(column: Floats) -> Floats:
    """A straight line of its own for the days before and for the recent ones."""
    day = np.arange(len(column)) / len(column)
    return np.column_stack([day * (1 - column), day * column])


def _residuals(values: Floats, design: Floats) -> Floats:
    return values - design @ np.linalg.lstsq(design, values, rcond=None)[0]


def _slope(
    values: Floats,
    column: Floats,
    weekdays: Floats,
    confidence: float,
    alike: float | None = None,
) -> Slope:
    design = _design(column, weekdays)
    # A weekday that never occurs would leave the system without a single answer.
    design = design[:, design.any(axis=0)]
    solution = np.linalg.lstsq(design, values, rcond=None)[0]
    rest = values - design @ solution
    freedom = len(values) - design.shape[1]
    alike = autocorrelation(rest) if alike is None else alike
    widened = (1 + alike) / (1 - alike)
    variance = float(rest @ rest) / freedom * float(np.linalg.pinv(design.T @ design)[0, 0])
    error = sqrt(variance * widened)
    freedom_left = max(freedom / widened, 2.0)
    reach = t_quantile((1 + confidence) / 2, freedom_left) * error
    value = float(solution[0])
    p = t_two_sided_p(value / error, freedom_left) if error > 0 else float(value == 0)
    return Slope(value, error, Interval(value - reach, value + reach), p, alike, len(values))


def autocorrelation(rest: Floats) -> float:
    """Of neighbouring residuals; never below zero, so that an interval is never made narrower."""
    total = float(rest @ rest)
    if total <= 0:
        return 0.0
    found = float(rest[1:] @ rest[:-1]) / total
    # Residuals of a fit look less alike than the noise was (Kendall's bias, about (1 + 3ρ)/n).
    found += (1 + 3 * found) / len(rest)
    return min(max(found, 0.0), MOST_CORRELATED)
