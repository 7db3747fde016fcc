"""Cases in turns, and what their figures say."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Clock = Callable[[], float]
Case = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of one case over all rounds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the result. ``at_most`` is the goal; ``value`` is what has to keep it."""

    workload: int
    name: str
    value: float
    at_most: float | None
    floor: str
    floor_ms: float
    case_ms: float
    case_p95_ms: float
    note: str = ""
    # A goal of another kind than "at most": bytes, queries, megabytes.
    unit: str = "×"

    @property
    def holds(self) -> bool:
        return self.at_most is None or self.value <= self.at_most


def in_turns(
    cases: Mapping[str, Case], *, rounds: int, clock: Clock = time.perf_counter, warm: int = 3
) -> dict[str, Figures]:
    """Each case once a round, in turn; the first ``warm`` rounds are not counted.

    The order changes from round to round, so that no case always follows the same one.
    """
    names = list(cases)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(warm + rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            seconds = _timed(cases[name], clock)
            if number >= warm:
                found[name].append(seconds)
    return {name: Figures(tuple(seconds)) for name, seconds in found.items()}


def _timed(case: Case, clock: Clock) -> float:
    gc.collect(0)
    began = clock()
    case()
    return clock() - began


def ratio(
    workload: int,
    name: str,
    figures: Mapping[str, Figures],
    case: str,
    floor: str,
    at_most: float | None,
    *,
    note: str = "",
    each: float = 1.0,
) -> Ratio:
    """``each`` divides the case's time, for a case that does the floor's work several times."""
    mine, least = figures[case], figures[floor]
    return Ratio(
        workload=workload,
        name=name,
        value=mine.median / each / least.median,
        at_most=at_most,
        floor=floor,
        floor_ms=least.median * 1000,
        case_ms=mine.median / each * 1000,
        case_p95_ms=mine.p95 / each * 1000,
        note=note,
    )
