"""What does not belong: distance from the median in robust standard deviations."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NORMAL_MAD = 1.4826  # the factor that makes the MAD of normal noise its standard deviation
FAR = 6.0


def robust_scores(values: Floats) -> Floats:
    """(value − median) / (1.4826 × median absolute deviation); zero where nothing varies."""
    values = np.asarray(values, dtype=float)
    distance = values - np.median(values)
    spread = NORMAL_MAD * float(np.median(np.abs(distance)))
    return distance / spread if spread > 0 else np.zeros_like(distance)


def outliers(values: Floats, far: float = FAR) -> NDArray[np.bool_]:
    return np.abs(robust_scores(values)) > far


def weekday_residuals(values: Floats, first_weekday: int) -> Floats:
    """What is left of each day after its weekday's own median."""
    values = np.asarray(values, dtype=float)
    weekday = (np.arange(len(values)) + first_weekday) % 7
    rest = values.copy()
    for day in range(7):
        rest[weekday == day] -= np.median(values[weekday == day]) if (weekday == day).any() else 0
    return rest
