"""The four goals: what was reached, piece by piece of the period, and in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from codex.insights.asking import Asked, ask, by_bucket, whole_tables
from codex.insights.sources import SOURCES, Source
from proposals.statistics.proportions import wilson

GOALS: Mapping[str, float] = {"adoption": 0.60, "templates": 0.40, "proposals": 0.25, "speed": 0.80}
SHARE = "bucket, count(*) FILTER (WHERE hit), count(*)"
SPEED = """
    bucket, count(*) FILTER (WHERE hit), count(*) FILTER (WHERE NOT hit),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY value) FILTER (WHERE hit),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY value) FILTER (WHERE NOT hit)
"""
BY_BUCKET = "GROUP BY GROUPING SETS ((bucket), ()) ORDER BY bucket"


@dataclass(frozen=True, slots=True)
class Reached:
    """``value`` is a share, None where there is nothing to divide by. Of shares, ``part`` of
    ``whole`` rows; of speed, so many instant and so many reviewed runs with their medians."""

    value: float | None
    part: int
    whole: int
    instant: float | None = None
    reviewed: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    start: date
    label: str
    reached: Reached


@dataclass(frozen=True, slots=True)
class Goal:
    key: str
    source: Source
    goal: float
    reached: Reached
    points: Sequence[Point]
    low: float | None = None
    high: float | None = None

    @property
    def is_reached(self) -> bool | None:
        return None if self.reached.value is None else self.reached.value >= self.goal

    @property
    def since(self) -> Point | None:
        """From which piece on it was reached without a break, pieces without rows aside."""
        found = None
        for point in reversed(self.points):
            if point.reached.value is None:
                continue
            if point.reached.value < self.goal:
                break
            found = point
        return found


def goals(asked: Asked) -> list[Goal]:
    with whole_tables():
        return [_goal(key, asked) for key in GOALS]


def _goal(key: str, asked: Asked) -> Goal:
    source = SOURCES[key]
    select, made = (SPEED, _saved) if key == "speed" else (SHARE, _share)
    apart, whole = by_bucket(ask(source, asked, select, BY_BUCKET))
    nothing = (0, 0, None, None) if key == "speed" else (0, 0)
    period, reached = asked.period, made(*whole)
    points = [
        Point(start, period.label(start), made(*apart.get(place, nothing)))
        for place, start in enumerate(period.starts, 1)
    ]
    if key == "speed" or not reached.whole:
        return Goal(key, source, GOALS[key], reached, points)
    interval = wilson(reached.part, reached.whole)
    return Goal(key, source, GOALS[key], reached, points, interval.low, interval.high)


def _share(part: int, whole: int) -> Reached:
    return Reached(part / whole if whole else None, part, whole)


def _saved(instant: int, reviewed: int, fast: float | None, slow: float | None) -> Reached:
    """How much less time the median instant run took than the median reviewed one."""
    saved = 1 - fast / slow if fast is not None and slow else None
    return Reached(saved, instant, reviewed, fast, slow)
