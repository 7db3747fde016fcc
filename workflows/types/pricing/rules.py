"""The arithmetic of one price move, in whole minor units (pence, cents): no hidden rounding.

Percentages are basis points (10 % = 1,000). The market arrives doubled, because the median of an
even number of competitors lies half-way between two prices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

WHOLE = 10_000


class Held(StrEnum):
    """Why a price stays as it is."""

    UNKNOWN_COST = "unknown_cost"
    NO_MARKET = "no_market"
    AT_MARKET = "at_market"
    DIRECTION = "direction"
    FLOOR = "floor"
    SMALL = "small"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Guardrails:
    step: int
    floor: int
    minimum: int
    position: int = 0
    endings: tuple[int, ...] = ()
    unit: int = 100
    direction: str = "both"
    small_below: int = 0  # below this, any price in fives will do


FIVES = ((0,), 5)

Move = Callable[[int, int, int], "int | Held"]


def doubled_median(prices: Sequence[int]) -> int:
    """Twice the median of some sorted prices, exact in whole numbers."""
    count = len(prices)
    return prices[(count - 1) // 2] + prices[count // 2]


def at_least(amount: int, endings: tuple[int, ...], unit: int) -> int:
    """The lowest price from ``amount`` up that has one of the endings."""
    if not endings:
        return amount
    rest = amount % unit
    nearest = unit + min(endings)
    for ending in endings:
        if rest <= ending < nearest:
            nearest = ending
    return amount - rest + nearest


def at_most(amount: int, endings: tuple[int, ...], unit: int) -> int:
    """The highest price from ``amount`` down that has one of the endings; may be below zero."""
    if not endings:
        return amount
    rest = amount % unit
    nearest = max(endings) - unit
    for ending in endings:
        if nearest < ending <= rest:
            nearest = ending
    return amount - rest + nearest


def floor_price(cost: int, floor: int) -> int:
    """The lowest price allowed: cost plus the floor, rounded up, and at least one minor unit."""
    return max(1, -(-cost * (WHOLE + floor) // WHOLE))


def price_mover(rails: Guardrails) -> Move:
    """A function ``(price, cost, doubled market) -> new price or the reason to stay``.

    A move never passes the market, never exceeds the step and never ends below the floor. These
    are closures, and inline what they can: they run once for every variant of a large shop.
    """
    target_of, scale, minimum = WHOLE + rails.position, 2 * WHOLE, rails.minimum
    lower = _lowering(rails) if rails.direction != "up" else _held
    increase = _raising(rails) if rails.direction != "down" else _held

    def move(price: int, cost: int, market: int) -> int | Held:
        target, now = market * target_of, price * scale
        if target == now or abs(target - now) * WHOLE < now * minimum:
            return Held.AT_MARKET
        return lower(price, cost, target) if target < now else increase(price, cost, target)

    return move


def _held(price: int, cost: int, target: int) -> int | Held:
    return Held.DIRECTION


def _lowering(rails: Guardrails) -> Move:
    smallest, room, endings, unit = rails.minimum, WHOLE - rails.step, rails.endings, rails.unit
    markup, scale = WHOLE + rails.floor, 2 * WHOLE
    small = rails.small_below if endings else 0

    def lower(price: int, cost: int, target: int) -> int | Held:
        highest = price - max(1, -(-price * smallest // WHOLE))
        floor = max(1, -(-cost * markup // WHOLE))
        if floor > highest:
            return Held.FLOOR
        lowest = max(-(-target // scale), -(-price * room // WHOLE), floor)
        if lowest > highest:
            return Held.SMALL
        fitting = FIVES if price < small else (endings, unit)
        new = at_least(lowest, *fitting)
        return new if new <= highest else Held.ENDING

    return lower


def _raising(rails: Guardrails) -> Move:
    smallest, room, endings, unit = rails.minimum, WHOLE + rails.step, rails.endings, rails.unit
    markup, scale = WHOLE + rails.floor, 2 * WHOLE
    small = rails.small_below if endings else 0

    def increase(price: int, cost: int, target: int) -> int | Held:
        lowest = price + max(1, -(-price * smallest // WHOLE))
        highest = min(target // scale, price * room // WHOLE)
        if highest < lowest:
            return Held.SMALL
        fitting = FIVES if price < small else (endings, unit)
        new = at_most(highest, *fitting)
        if new < lowest:
            return Held.ENDING
        return new if new >= max(1, -(-cost * markup // WHOLE)) else Held.FLOOR

    return increase
