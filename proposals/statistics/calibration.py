"""Does "80 %" come true in 80 of 100 cases? And what should have been said instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from proposals.statistics.intervals import Interval
from proposals.statistics.proportions import wilson

SHRINK = 10.0  # so many outcomes weigh as much as what was said without any


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of the reliability chart: what was said, what came true, of how many."""

    said: float
    right: float
    count: int
    interval: Interval


def pool_adjacent_violators(
    values: Sequence[float], weights: Sequence[float] | None = None
) -> list[float]:
    """The closest non-decreasing sequence in weighted squares (isotonic regression)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights or [1.0] * len(values), strict=True):
        blocks.append((float(value), float(weight), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (v1, w1, n1), (v2, w2, n2) = blocks[-2:]
            blocks[-2:] = [((v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return [value for value, _, count in blocks for _ in range(count)]


def brier_score(said: Sequence[float], right: Sequence[bool]) -> float | None:
    """Mean squared distance between what was said and what came; 0 is perfect, 0.25 a coin."""
    if not said:
        return None
    pairs = zip(said, right, strict=True)
    return sum((chance - float(came)) ** 2 for chance, came in pairs) / len(said)


def curve(said: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float, int]]:
    """(said, share that came true, how many): isotonic, one entry per value said."""
    ordered = sorted(zip(said, right, strict=True))
    points = []
    for chance, group in groupby(ordered, key=lambda pair: pair[0]):
        outcomes = [float(came) for _, came in group]
        points.append((chance, sum(outcomes) / len(outcomes), len(outcomes)))
    smooth = pool_adjacent_violators([p[1] for p in points], [float(p[2]) for p in points])
    return [(p[0], value, p[2]) for p, value in zip(points, smooth, strict=True)]


def calibrated(
    chance: float, points: Sequence[tuple[float, float, int]], strength: float = SHRINK
) -> float:
    """``chance`` corrected by the curve, in so far as outcomes near it outweigh what was said.

    Outcomes count less the further from ``chance`` they were said: a quarter away not at all.
    """
    near = [(right, n * max(0.0, 1 - abs(said - chance) / 0.25)) for said, right, n in points]
    weight = sum(n for _, n in near)
    if weight <= 0:
        return chance
    seen = sum(right * n for right, n in near) / weight
    return shrunk(seen, weight, chance, strength)


def shrunk(own: float, count: float, prior: float, strength: float = SHRINK) -> float:
    """An estimate from few cases, drawn to what is known otherwise."""
    return (own * count + prior * strength) / (count + strength)


def reliability(said: Sequence[float], right: Sequence[bool], bins: int = 5) -> list[Bin]:
    """The bars of the chart, empty ones left out."""
    found = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [
            (chance, came)
            for chance, came in zip(said, right, strict=True)
            if low <= chance < high or (number == bins - 1 and chance == 1)
        ]
        if inside:
            hits = sum(came for _, came in inside)
            mean = sum(chance for chance, _ in inside) / len(inside)
            found.append(Bin(mean, hits / len(inside), len(inside), wilson(hits, len(inside))))
    return found
