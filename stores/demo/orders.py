"""Orders with their lines, one for every session that bought, and some returns."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from stores.demo.customers import Customers
from stores.demo.rows import Item, Line, Order, Promotion, Traffic
from stores.demo.seasons import Floats, demand, generator
from stores.demo.story import SHOP_ZONE, Story
from stores.demo.traffic import appeal, slug

OPENS, CLOSES = 8 * 60, 22 * 60
LANDED_ITEM = 0.7
CODE_USED, WELCOME_USED, FRIENDS_USED = 0.30, 0.12, 0.02
WELCOME_PERCENT, FRIENDS_PERCENT = 10, 20
RETURN_AFTER_DAYS = (5, 22)
PENNY, PART_PENNY = Decimal("0.01"), Decimal("0.0001")
SHIPPING = Decimal("3.95")


class Basket:
    """Draws what goes into an order, by popularity and season."""

    def __init__(
        self, items: Sequence[Item], days: Sequence[date], rng: np.random.Generator
    ) -> None:
        self.items = [item for item in items if item.active]
        self._rng = rng
        self._weights = self._daily_weights(days)
        self._groups = self._landing_groups()

    def _daily_weights(self, days: Sequence[date]) -> Floats:
        """Days by items."""
        variants = {item.handle: 0 for item in self.items}
        for item in self.items:
            variants[item.handle] += 1
        columns = [
            appeal(item) / variants[item.handle] * demand(days, item.type, item.tags)
            for item in self.items
        ]
        return np.array(columns).T

    def _landing_groups(self) -> dict[str, Floats]:
        """Which items a landing page is about, as a mask over the items."""
        groups: dict[str, Floats] = {}
        for index, item in enumerate(self.items):
            for path in (f"/products/{item.handle}", f"/collections/{slug(item.type)}"):
                groups.setdefault(path, np.zeros(len(self.items)))[index] = 1.0
        return groups

    def fill(self, day: int, page: str, extra: int, focus: str = "") -> list[Item]:
        """Mostly (with a ``focus`` type always) what the page is about comes first; none twice."""
        weights = self._weights[day]
        about = self._groups.get(f"/collections/{slug(focus)}" if focus else page)
        lands = focus or self._rng.random() < LANDED_ITEM
        first = weights * about if about is not None and lands else None
        chosen = [self._draw(first)] if first is not None and first.sum() > 0 else []
        chosen += [self._draw(weights) for _ in range(extra + 1 - len(chosen))]
        return [self.items[index] for index in dict.fromkeys(chosen)]

    def _draw(self, weights: Floats) -> int:
        totals = np.cumsum(weights)
        return int(np.searchsorted(totals, self._rng.random() * totals[-1], side="right"))

    def quantity(self, item: Item) -> int:
        if item.price >= 15:
            return 1 + int(self._rng.random() < 0.08)
        return 1 + int(self._rng.poisson(0.7 if item.price < 8 else 0.25))


def simulate_orders(
    items: Sequence[Item],
    days: Sequence[date],
    traffic: Sequence[Traffic],
    promotions: Sequence[Promotion],
    story: Story,
    *,
    last_minute: int = CLOSES,
) -> tuple[list[Order], list[Line]]:
    """Orders and lines in the order of time.

    ``last_minute`` is the minute of the last day by which its orders were placed, so that
    a shop seeded at noon holds nothing from the afternoon.
    """
    rng = generator(story.seed, "orders")
    basket = Basket(items, days, rng)
    customers = Customers(returning=story.returning_share, days=len(days), rng=rng)
    orders: list[Order] = []
    lines: list[Line] = []
    for number, (day, at, row) in enumerate(_purchases(days, traffic, rng, last_minute), 1001):
        customer, first = customers.pick(day)
        code, percent, type_ = _discount(days[day], promotions, first, rng)
        extra = int(rng.poisson(story.extra_lines))
        chosen = basket.fill(day, row.landing_page, extra, focus=type_)
        sold = [
            _line(f"#{number}", place, at, item, basket.quantity(item), percent, type_)
            for place, item in enumerate(chosen, 1)
        ]
        discount = sum((line.discount for line in sold), Decimal(0))
        orders.append(_order(number, at, customer, row, sold, code if discount else "", story))
        lines.extend(sold)
    lines.extend(_returns(lines, items, days[-1], story, rng))
    return orders, sorted(lines, key=lambda line: line.placed_at)


def _purchases(
    days: Sequence[date], traffic: Sequence[Traffic], rng: np.random.Generator, last_minute: int
) -> Iterator[tuple[int, datetime, Traffic]]:
    """One entry for each conversion, by time."""
    index = {day: place for place, day in enumerate(days)}
    bought = [row for row in traffic for _ in range(row.orders)]
    minutes = rng.integers(OPENS, CLOSES, len(bought)).tolist()
    found = []
    for row, minute in zip(bought, minutes, strict=True):
        day = index[row.day]
        kept = _squeeze(minute, last_minute) if day == len(days) - 1 else minute
        found.append((day, _moment(row.day, kept), row))
    return iter(sorted(found, key=lambda entry: entry[1]))


def _squeeze(minute: int, last_minute: int) -> int:
    """The same place in a shorter day. Never before 01:05, so that the UTC day is the same."""
    start = min(OPENS, 65)
    end = max(last_minute, start + 1)
    return start + (minute - OPENS) * (end - start) // (CLOSES - OPENS)


def _moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=SHOP_ZONE)


def _discount(
    day: date, promotions: Sequence[Promotion], first: bool, rng: np.random.Generator
) -> tuple[str, int, str]:
    """Code, percent, and the product type it is limited to ('' for all)."""
    roll = rng.random()
    for promotion in promotions:
        if promotion.starts_on <= day <= promotion.ends_on and roll < CODE_USED:
            return promotion.code, promotion.percent, promotion.type
    if first and roll < WELCOME_USED:
        return f"WELCOME{WELCOME_PERCENT}", WELCOME_PERCENT, ""
    if roll > 1 - FRIENDS_USED:
        return f"FRIENDS{FRIENDS_PERCENT}", FRIENDS_PERCENT, ""
    return "", 0, ""


def _line(
    order: str, position: int, at: datetime, item: Item, quantity: int, percent: int, type_: str
) -> Line:
    full = item.price * quantity
    off = full * percent / 100 if type_ in ("", item.type) else Decimal(0)
    discount = off.quantize(PENNY, ROUND_HALF_UP)
    return Line(order, position, at, item.sku, quantity, item.price, discount, "")


def _order(
    number: int,
    at: datetime,
    customer: str,
    row: Traffic,
    sold: Sequence[Line],
    code: str,
    story: Story,
) -> Order:
    discount = sum((line.discount for line in sold), Decimal(0))
    goods = sum((line.unit_price * line.quantity for line in sold), Decimal(0)) - discount
    shipping = Decimal(0) if goods >= story.free_shipping_from else SHIPPING
    return Order(
        f"#{number}", at, customer, row.channel, row.landing_page, code, discount, shipping
    )


def _returns(
    lines: Sequence[Line],
    items: Sequence[Item],
    today: date,
    story: Story,
    rng: np.random.Generator,
) -> list[Line]:
    """Whole lines sent back some days later, as lines with a negative quantity."""
    kept = {item.sku for item in items if not item.comparable}
    picked = rng.random(len(lines)) < story.return_rate
    waits = rng.integers(*RETURN_AFTER_DAYS, len(lines)).tolist()
    return [
        _sent_back(line, wait)
        for line, back, wait in zip(lines, picked, waits, strict=True)
        if back and line.sku not in kept and line.placed_at.date() + timedelta(days=wait) < today
    ]


def _sent_back(line: Line, wait: int) -> Line:
    """What was paid is given back, so the discount is in the price of a returned piece."""
    paid = line.unit_price - line.discount / line.quantity
    return line._replace(
        order=f"{line.order}-R{line.position}",
        placed_at=line.placed_at + timedelta(days=wait),
        quantity=-line.quantity,
        unit_price=paid.quantize(PART_PENNY, ROUND_HALF_UP),
        discount=Decimal(0),
        returns=line.order,
    )
