"""Streams the shop once: decides every price, counts what it decides, hands out the changes."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from django.utils.translation import gettext as _

from workflows.types.base import PlanSink, ReadyNote, SetRow
from workflows.types.pricing.inputs import CompareAt, Method, PricingInputs
from workflows.types.pricing.rules import Held, Move, price_mover
from workflows.types.tables import Table, safe_cell
from workflows.types.wording import Money, decimal, tenths

BATCH = 2_000
LABELS = 20
THIN = 5  # A margin within five points of the floor is worth a reviewer's look.


@dataclass(slots=True)
class Lowest:
    """The thinnest margin over cost that a change leaves, in thousandths, and whose it is."""

    margin: int | None = None
    label: str = ""


@dataclass(slots=True)
class Tally:
    """All that the summary says, in memory that does not grow with the catalogue."""

    seen: int = 0
    raised: int = 0
    lowered: int = 0
    moves: int = 0  # sum of moves in thousandths
    net: int = 0  # units sold in 90 days times move
    backtest: int = 0  # what the moves would have brought in the last 30 days
    thin: int = 0
    cleared: int = 0
    simulated_costs: int = 0
    lowest: Lowest = field(default_factory=Lowest)
    bins: Counter[int] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    labels: dict[str, list[str]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        return self.raised + self.lowered

    def hold(self, reason: str, title: str, variant: str) -> None:
        self.held[reason] += 1
        labels = self.labels.setdefault(reason, [])
        if len(labels) < LABELS:
            labels.append(label_of(title, variant))


def label_of(title: str, variant: str) -> str:
    return f"{title}, {variant}" if variant and variant != "Default Title" else title


def markets(method: Method) -> Callable[[list[int]], int]:
    """Twice the market price, from sellers' prices in ascending order."""
    if method is Method.LOWEST:
        return lambda prices: 2 * prices[0]
    if method is Method.HIGHEST:
        return lambda prices: 2 * prices[-1]
    return lambda prices: prices[(len(prices) - 1) // 2] + prices[len(prices) // 2]


class Pricer:
    def __init__(self, inputs: PricingInputs, out: PlanSink, *, currency: str, digits: int) -> None:
        self.inputs, self.out = inputs, out
        self.money = Money(currency)
        self.move: Move = price_mover(inputs.guardrails(digits=digits))
        self.tally = Tally()
        self.table = Table(columns())
        self.thin_below = int(inputs.margin_floor_percent * 10) + THIN * 10
        self.shown = lru_cache(maxsize=16_384)(lambda amount: quoted(self.money(amount))[1:-1])
        headings = (
            _("Move"),
            _("Market (sellers)"),
            _("Cost"),
            _("Over cost after"),
            _("Sold in 90 days"),
        )
        self._headings = tuple(map(quoted, headings))
        self._rows: list[SetRow] = []
        self._cells: list[tuple[Any, ...]] = []

    def run(self, rows: Iterable[Any]) -> Tally:
        """``rows`` are ``stores.queries.selling.PriceRow``."""
        tally, market_of = self.tally, markets(self.inputs.market_method)
        move, sellers_needed = self.move, self.inputs.minimum_sellers
        with_promotions, most = self.inputs.include_on_promotion, self.inputs.max_items
        for row in rows:
            _id, _product, title, variant, _sku, price, _compare, cost, sellers, *rest = row
            tally.seen += 1
            if rest[2] and not with_promotions:
                tally.hold("promotion", title, variant)
            elif cost is None:
                tally.hold(Held.UNKNOWN_COST, title, variant)
            elif sellers is None or len(sellers) < sellers_needed:
                tally.hold(Held.NO_MARKET, title, variant)
            elif price == 0:
                tally.hold("no_price", title, variant)
            else:
                market = market_of(sellers)
                new = move(price, cost, market)
                if new.__class__ is not int:
                    tally.hold(new, title, variant)  # type: ignore[arg-type]
                elif tally.changed >= most:
                    tally.hold("max_items", title, variant)
                else:
                    self._change(row, market, new)  # type: ignore[arg-type]
        self._flush()
        return tally

    def _change(self, row: Any, market: int, new: int) -> None:
        (
            id_,
            _product,
            title,
            variant,
            sku,
            price,
            compare_at,
            cost,
            sellers,
            units,
            _taken,
            *rest,
        ) = row
        label = label_of(title, variant)
        if compare_at is not None and compare_at <= new and not self._settle(row, label, new):
            return
        move = _thousandths(new - price, price)
        margin = _thousandths(new - cost, cost) if cost else None
        self.tally.backtest += max(rest[2], 0) * (new - price)
        self._count(label, price, new, move, margin, units, simulated=rest[1])
        note = self._note(sku, move, market, len(sellers), cost, margin, units, new > price)
        before, after = decimal(price), decimal(new)
        self._rows.append((str(id_), label, before, after, note))
        self._cells.append(
            (
                safe_cell(sku),
                safe_cell(title),
                safe_cell(variant),
                before,
                after,
                move / 10,
                decimal(market // 2),
                len(sellers),
                decimal(cost),
                "" if margin is None else margin / 10,
                units,
            )
        )
        if len(self._rows) >= BATCH:
            self._flush()

    def _settle(self, row: Any, label: str, new: int) -> bool:
        """Whether the price may move although it reaches its compare-at price."""
        id_, sku, compare_at = row[0], row[4], row[6]
        if self.inputs.compare_at is CompareAt.LEAVE_OUT:
            self.tally.hold("compare_at", row[2], row[3])
            return False
        self._flush()
        self.tally.cleared += 1
        why = _("The new price, {price}, leaves nothing to compare with.")
        note = {"sku": sku, "group": "compare_at", "why": why.format(price=self.money(new))}
        self.out.set(
            "variant", str(id_), label, "compare_at_price", decimal(compare_at), None, note=note
        )
        return True

    def _count(
        self,
        label: str,
        price: int,
        new: int,
        move: int,
        margin: int | None,
        units: int,
        *,
        simulated: bool,
    ) -> None:
        tally = self.tally
        if new > price:
            tally.raised += 1
        else:
            tally.lowered += 1
        tally.moves += move
        sold = max(units, 0)
        tally.net += sold * (new - price)
        tally.simulated_costs += simulated
        tally.bins[move // 10] += 1
        if margin is None:
            return
        tally.thin += margin < self.thin_below
        if tally.lowest.margin is None or margin < tally.lowest.margin:
            tally.lowest = Lowest(margin, label)

    def _note(
        self,
        sku: str,
        move: int,
        market: int,
        sellers: int,
        cost: int,
        margin: int | None,
        units: int,
        up: bool,
    ) -> ReadyNote:
        """As JSON text: the keys are the same in every row, so only what differs is written."""
        thin = "true" if margin is not None and margin < self.thin_below else "false"
        group, (moved, seen, paid, over, sold) = "up" if up else "down", self._headings
        left = "–" if margin is None else tenths(margin).lstrip("+")
        text = (
            f'{{"sku":{quoted(sku)},"group":"{group}","risky":{thin},"columns":{{'
            f'{moved}:"{tenths(move)}",{seen}:"{self.shown(market // 2)} ({sellers})",'
            f'{paid}:"{self.shown(cost)}",{over}:"{left}",{sold}:"{units}"}}}}'
        )
        return ReadyNote(group, text)

    def _flush(self) -> None:
        if self._rows:
            self.out.set_many("variant", "price", self._rows)
            self.table.add_all(self._cells)
            self._rows, self._cells = [], []


def _thousandths(part: int, whole: int) -> int:
    """Rounded half away from zero, in whole numbers."""
    doubled = (2 * abs(part) * 1000 + whole) // (2 * whole)
    return doubled if part >= 0 else -doubled


def columns() -> tuple[str, ...]:
    return (
        _("SKU"),
        _("Product"),
        _("Variant"),
        _("Before"),
        _("After"),
        _("Move %"),
        _("Market"),
        _("Sellers"),
        _("Cost"),
        _("Over cost after %"),
        _("Sold in 90 days"),
    )
