"""Competitors' prices and searches."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from stores.demo.bulk import insert_rows
from stores.demo.loading.shelves import Shelf
from stores.demo.rows import History, MarketPrice
from stores.models import MarketPrice as MarketPriceRow
from stores.models import SearchQuery

PRICE_COLUMNS = ("variant_id", "seller", "price", "observed_on", "replaced_on")
SEARCH_COLUMNS = ("starts_on", "ends_on", "query", "page", "clicks", "impressions", "position")


def load_market(history: History, shelves: dict[str, Shelf], currency: str) -> int:
    rows = (
        (shelves[seen.sku].variant_id, seen.competitor, seen.price, seen.observed_on, until)
        for seen, until in _with_end(history.market_prices)
    )
    constants = {"currency": currency, "url": "", "simulated": True}
    return insert_rows(MarketPriceRow, PRICE_COLUMNS, rows, constants)


def _with_end(prices: Iterable[MarketPrice]) -> Iterator[tuple[MarketPrice, date | None]]:
    """Each observation with the day the same seller's next one replaced it."""
    by_seller = sorted(prices, key=lambda row: (row.sku, row.competitor, row.observed_on))
    for _, group in groupby(by_seller, key=lambda row: (row.sku, row.competitor)):
        seen = list(group)
        ends = [later.observed_on for later in seen[1:]]
        yield from zip(seen, [*ends, None], strict=True)


def load_searches(history: History) -> int:
    rows = (
        (
            row.week,
            row.week + timedelta(days=6),
            row.query,
            row.page,
            row.clicks,
            row.impressions,
            row.position,
        )
        for row in history.searches
    )
    return insert_rows(SearchQuery, SEARCH_COLUMNS, rows, {"simulated": True})
