"""Which products an offer takes, when it runs, and what it must leave out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from stores.queries.catalogue import ProductChoice, ProductRow
from workflows.types.base import RequiredInputs
from workflows.types.marketing.holidays import WORDS, next_day_of
from workflows.types.marketing.seasonal_inputs import SeasonalInputs
from workflows.types.marketing.sending import moment, tomorrow

LEAD = timedelta(days=14)
WHOLE = 10_000  # basis points
SOLD_DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """``day`` is the occasion; the offer runs from ``first`` to ``last``, both included."""

    day: date
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(slots=True)
class Offer:
    rows: list[Any] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    is_fallback: bool = False  # nothing of the shop belongs to the occasion
    lowest: Decimal | None = None
    lowest_label: str = ""

    def leave(self, reason: str, title: str) -> None:
        self.left.setdefault(reason, []).append(title)


def window_of(store: Any, inputs: SeasonalInputs) -> Window:
    start = tomorrow(store)
    from_day = inputs.starts_on or start
    day = next_day_of(inputs.holiday, from_day, store.country)
    first = inputs.starts_on or max(start, day - LEAD)
    last = inputs.ends_on or max(day, first)
    if last < first:
        raise RequiredInputs({"ends_on": _("The offer would end before it starts.")})
    return Window(day, first, last)


@dataclass(frozen=True, slots=True)
class Choice:
    """Products by id, best sellers first; ``is_fallback`` where none belongs to the occasion."""

    rows: dict[str, ProductRow] = field(default_factory=dict)
    is_fallback: bool = False


def products_for(store: Any, inputs: SeasonalInputs) -> Choice:
    """Best sellers of the focus; without one those of the occasion, and if none fit, all."""
    most = inputs.max_items * 4
    for number, focus in enumerate(_foci(inputs)):
        ids = store.best_sellers(day=store.today, most=most, focus=focus)
        if ids:
            choice = ProductChoice(product_ids=ids, without_tags=inputs.exclude_tags)
            rows = {row.id: row for row in store.product_rows(chosen=choice)}
            return Choice({id_: rows[id_] for id_ in ids if id_ in rows}, number > 0)
    return Choice()


def _foci(inputs: SeasonalInputs) -> list[Sequence[str]]:
    if inputs.product_focus:
        return [inputs.product_focus]
    own = WORDS[inputs.holiday]
    return [own, ()] if own else [()]


def offer_of(store: Any, inputs: SeasonalInputs, window: Window, choice: Choice) -> Offer:
    ranked = list(choice.rows)
    rows = {
        row.id: row for row in store.offer_rows(day=store.today, product_ids=ranked, days=SOLD_DAYS)
    }
    busy = store.busy_products(
        start=moment(store, window.first, time.min),
        end=moment(store, window.last + timedelta(days=1), time.min),
    )
    offer = Offer(is_fallback=choice.is_fallback)
    for id_ in ranked:
        row = rows.get(id_)
        if row is None or len(offer.rows) >= inputs.max_items:
            continue
        reason = "busy" if id_ in busy else _refusal(row, inputs)
        if reason:
            offer.leave(reason, row.title)
        else:
            _add(offer, row, inputs)
    return offer


def _refusal(row: Any, inputs: SeasonalInputs) -> str | None:
    """Judged on what customers would pay: each variant's price, reduced and rounded."""
    if None in row.costs:
        return "unknown_cost"
    least = int(WHOLE + inputs.margin_floor_percent * 100)
    for reduced, cost in reduced_variants(row, inputs):
        if reduced < 1 or reduced * WHOLE < cost * least:
            return "floor"
    return None


def reduced_variants(row: Any, inputs: SeasonalInputs) -> Iterator[tuple[int, int]]:
    """(price in the offer, cost) of each variant, in hundredths."""
    for price, cost in zip(row.prices, row.costs, strict=True):
        yield discounted(price, inputs.discount_percent), cost


def margin_after(row: Any, inputs: SeasonalInputs) -> Decimal | None:
    """The thinnest margin over cost among a product's variants; None when all cost nothing."""
    found = [
        Decimal((reduced - cost) * 100) / cost
        for reduced, cost in reduced_variants(row, inputs)
        if cost
    ]
    return min(found, default=None)


def _add(offer: Offer, row: Any, inputs: SeasonalInputs) -> None:
    offer.rows.append(row)
    margin = margin_after(row, inputs)
    if margin is not None and (offer.lowest is None or margin < offer.lowest):
        offer.lowest, offer.lowest_label = margin, row.title


def why_none(offer: Offer) -> str:
    if "floor" in offer.left:
        return _("Every product would fall below the margin floor after this discount.")
    if "unknown_cost" in offer.left:
        return _("No cost is known for any of these products, so no discount is safe.")
    if "busy" in offer.left:
        return _("All these products are in another offer at that time.")
    return _("No active product fits these choices.")


def discounted(hundredths_: int, off: Decimal) -> int:
    """Rounded half up to the smallest coin."""
    doubled = 2 * hundredths_ * int(100 - off)
    return (doubled + 100) // 200
