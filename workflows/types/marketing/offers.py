"""Which products an offer takes, when it runs, and what it must leave out."""

from collections.abc import Sequence
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


def products_for(store: Any, inputs: SeasonalInputs) -> tuple[dict[str, ProductRow], list[str]]:
    """Best sellers of the focus; without one those of the occasion, and if none fit, all."""
    most = inputs.max_items * 4
    ids: list[str] = []
    for focus in _foci(inputs):
        ids = store.best_sellers(day=store.today, most=most, focus=focus)
        if ids:
            break
    if not ids:
        return {}, []
    choice = ProductChoice(product_ids=ids, without_tags=inputs.exclude_tags)
    rows = {row.id: row for row in store.product_rows(chosen=choice)}
    return rows, [id_ for id_ in ids if id_ in rows]


def _foci(inputs: SeasonalInputs) -> list[Sequence[str]]:
    if inputs.product_focus:
        return [inputs.product_focus]
    own = WORDS[inputs.holiday]
    return [own, ()] if own else [()]


def offer_of(store: Any, inputs: SeasonalInputs, window: Window, ranked: list[str]) -> Offer:
    rows = {
        row.id: row for row in store.offer_rows(day=store.today, product_ids=ranked, days=SOLD_DAYS)
    }
    busy = store.busy_products(
        start=moment(store, window.first, time.min),
        end=moment(store, window.last + timedelta(days=1), time.min),
    )
    offer = Offer()
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
    if row.cost_unknown or row.ratio is None:
        return "unknown_cost"
    return "floor" if ratio_after(row, inputs) < 1 + inputs.margin_floor_percent / 100 else None


def ratio_after(row: Any, inputs: SeasonalInputs) -> Decimal:
    """The thinnest price over cost among a product's variants, after the discount."""
    return row.ratio * (100 - inputs.discount_percent) / 100


def _add(offer: Offer, row: Any, inputs: SeasonalInputs) -> None:
    offer.rows.append(row)
    margin = (ratio_after(row, inputs) - 1) * 100
    if offer.lowest is None or margin < offer.lowest:
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
