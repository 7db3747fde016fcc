"""How sure a share is: of sessions that bought, of products that lack something."""

from collections.abc import Sequence
from math import ceil, sqrt
from statistics import NormalDist

from proposals.statistics.intervals import Interval

NORMAL = NormalDist()


def wilson(successes: float, trials: float, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion (1927); sound for small counts and rates near zero.

    No trials: anything is possible.
    """
    if trials <= 0:
        return Interval(0.0, 1.0)
    z = NORMAL.inv_cdf((1 + confidence) / 2)
    rate, spread = successes / trials, z * z / trials
    middle = (rate + spread / 2) / (1 + spread)
    half = z * sqrt(rate * (1 - rate) / trials + spread / (4 * trials)) / (1 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def p_below(successes: float, trials: float, threshold: float) -> float:
    """The chance of so few if the true rate were ``threshold``: the score test, whose inversion
    Wilson's interval is. It is under alpha where the one-sided interval's end is under it."""
    if trials <= 0:
        return 1.0
    error = sqrt(threshold * (1 - threshold) / trials)
    return NORMAL.cdf((successes / trials - threshold) / error)


def stand_out(chances: Sequence[float], alpha: float) -> list[bool]:
    """Which of many looks show something (Benjamini and Hochberg 1995): where nothing is there,
    anything at all stands out in at most ``alpha`` of the cases."""
    ordered = sorted(chances)
    line = 0.0
    for place, chance in enumerate(ordered, 1):
        if chance <= alpha * place / len(ordered):
            line = chance
    return [bool(line) and chance <= line for chance in chances]


def sessions_to_tell(
    below: float, threshold: float, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Trials needed to see that a true rate of ``below`` lies under ``threshold``."""
    reach = NORMAL.inv_cdf(1 - alpha) * sqrt(threshold * (1 - threshold))
    catch = NORMAL.inv_cdf(power) * sqrt(below * (1 - below))
    return ceil(((reach + catch) / (threshold - below)) ** 2)


def sessions_per_arm(before: float, after: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """Trials needed on each side to tell two rates apart (two-sided; Fleiss 1981, unpooled)."""
    z = NORMAL.inv_cdf(1 - alpha / 2) + NORMAL.inv_cdf(power)
    noise = before * (1 - before) + after * (1 - after)
    return ceil(z * z * noise / (after - before) ** 2)
