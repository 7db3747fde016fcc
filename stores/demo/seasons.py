"""How a day differs from another: weekday, month, and what people buy when."""

import zlib
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Monday to Sunday; a gift shop is visited on Sunday evening and bought from on Monday.
WEEKDAY_SESSIONS = (1.08, 1.02, 1.0, 0.99, 0.94, 0.90, 1.07)
# January to December.
MONTH_SESSIONS = (0.86, 0.92, 0.97, 0.95, 0.96, 0.93, 0.88, 0.90, 0.99, 1.12, 1.42, 1.38)
MONTH_CONVERSION = (0.88, 0.95, 1.0, 0.97, 0.98, 0.95, 0.92, 0.92, 1.0, 1.12, 1.55, 1.70)
MONTH_BY_TYPE = {
    "Christmas": (0.10, 0.04, 0.04, 0.04, 0.04, 0.05, 0.08, 0.18, 0.60, 2.2, 5.0, 5.2),
    "Garden": (0.5, 0.8, 1.6, 2.0, 2.1, 1.7, 1.2, 0.9, 0.8, 0.6, 0.6, 0.7),
    "Textiles": (1.3, 1.0, 0.7, 0.6, 0.6, 0.6, 0.6, 0.7, 1.0, 1.4, 1.6, 1.6),
    "Candles": (1.0, 1.0, 0.9, 0.8, 0.8, 0.8, 0.8, 0.9, 1.1, 1.3, 1.4, 1.4),
}
MONTH_BY_TAG = {
    "christmas": MONTH_BY_TYPE["Christmas"],
    "valentine": (2.5, 3.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3),
    "mothers-day": (0.3, 2.0, 3.6, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
    "2027": (0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1.4, 2.0, 2.6, 2.8),
}


def generator(seed: int, part: str) -> np.random.Generator:
    """A stream of its own for each part, so that changing one leaves the others alone."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


def days_until(today: date, count: int) -> list[date]:
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def smooth_month(day: date, months: Sequence[float]) -> float:
    """The month's value, blended with its neighbour's towards the month's ends."""
    offset = (day.day - 15.5) / 31
    here = months[day.month - 1]
    there = months[(day.month - 1 + (1 if offset > 0 else -1)) % 12]
    return here + (there - here) * abs(offset)


def by_month(days: Sequence[date], months: Sequence[float]) -> Floats:
    return np.array([smooth_month(day, months) for day in days])


def by_weekday(days: Sequence[date], weekdays: Sequence[float] = WEEKDAY_SESSIONS) -> Floats:
    return np.array([weekdays[day.weekday()] for day in days])


def demand(days: Sequence[date], type_: str, tags: frozenset[str]) -> Floats:
    """How much an item of this type and these tags is wanted on each day; 1 is usual."""
    for tag, months in MONTH_BY_TAG.items():
        if tag in tags:
            return by_month(days, months)
    return by_month(days, MONTH_BY_TYPE.get(type_, (1.0,) * 12))
