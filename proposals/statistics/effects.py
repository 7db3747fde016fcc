"""Did it work? Touched against untouched, before against after."""

from collections.abc import Sequence
from dataclasses import dataclass

from proposals.statistics.intervals import Interval
from proposals.statistics.means import difference

FEWEST_UNITS = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """Per unit. ``share`` is against what the touched would have done without: before plus what
    the untouched moved by."""

    value: float
    interval: Interval
    p: float
    baseline: float
    touched: int
    untouched: int

    @property
    def share(self) -> float:
        return self.value / self.baseline if self.baseline > 0 else 0.0


def difference_in_differences(
    touched: Sequence[tuple[float, float]],
    untouched: Sequence[tuple[float, float]],
    confidence: float = 0.95,
) -> Effect | None:
    """Each unit is (before, after) over windows of equal length. None: not enough data.

    The change of the untouched is what would have happened anyway; the interval is Welch's over
    the units' changes, so units that differ much from each other make it wide.
    """
    if min(len(touched), len(untouched)) < FEWEST_UNITS:
        return None
    moved = [after - before for before, after in touched]
    stayed = [after - before for before, after in untouched]
    found = difference(moved, stayed, confidence)
    before = sum(pair[0] for pair in touched) / len(touched)
    return Effect(
        value=found.value,
        interval=found.interval,
        p=found.p,
        baseline=before + sum(stayed) / len(stayed),
        touched=len(touched),
        untouched=len(untouched),
    )
