"""Prices as a pricing plan reads them: one pass over the variants, in whole minor units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

__all__ = ["PriceFilter", "price_rows"]

CHUNK = 5_000
SOLD_DAYS = 90
LATELY_DAYS = 30

# (id, product id, title, variant title, sku, price, compare-at, cost, sellers' prices ascending,
#  units sold, money taken, on promotion, cost simulated, units sold in 30 days); in hundredths.
PriceRow = tuple[
    int,
    str,
    str,
    str,
    str,
    int,
    int | None,
    int | None,
    list[int] | None,
    int,
    int,
    bool,
    bool,
    int,
]

ROWS = """
SELECT v.id, v.product_id, p.title, v.title, v.sku,
       (v.price * 100)::bigint, (v.compare_at_price * 100)::bigint, (v.cost * 100)::bigint,
       m.prices, coalesce(s.units, 0), coalesce(s.taken, 0),
       promoted.product_id IS NOT NULL, v.cost_simulated, coalesce(s.lately, 0)
FROM stores_variant v
JOIN stores_product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
LEFT JOIN (
    SELECT variant_id, array_agg((price * 100)::bigint ORDER BY price) AS prices
    FROM stores_marketprice
    WHERE tenant_id = %(tenant)s AND replaced_on IS NULL AND currency = %(currency)s
      AND observed_on > %(seen_after)s AND price > 0 AND NOT seller = ANY(%(sellers_out)s)
    GROUP BY variant_id
) m ON m.variant_id = v.id
LEFT JOIN (
    SELECT variant_id, sum(quantity)::bigint AS units, (sum(amount) * 100)::bigint AS taken,
           sum(quantity) FILTER (WHERE placed_on > %(lately)s)::bigint AS lately
    FROM stores_orderline
    WHERE tenant_id = %(tenant)s AND placed_on > %(sold_after)s AND placed_on <= %(today)s
      AND kind <> 'adjustment' AND variant_id IS NOT NULL
    GROUP BY variant_id
) s ON s.variant_id = v.id
LEFT JOIN (
    SELECT DISTINCT listed.product_id
    FROM stores_promotionproduct listed
    JOIN stores_promotion offer
      ON offer.tenant_id = listed.tenant_id AND offer.id = listed.promotion_id
    WHERE listed.tenant_id = %(tenant)s
      AND offer.starts_at::date <= %(today)s AND offer.ends_at::date >= %(today)s
) promoted ON promoted.product_id = v.product_id
WHERE v.tenant_id = %(tenant)s AND p.status = 'active' AND v.price IS NOT NULL {chosen}
ORDER BY v.id
"""


@dataclass(frozen=True, slots=True)
class PriceFilter:
    """Which variants, and which market prices count. Empty means all; tags in any case."""

    currency: str
    market_days: int
    product_ids: Sequence[str] = ()
    tags: Sequence[str] = ()
    without_tags: Sequence[str] = ()
    without_sellers: Sequence[str] = ()


def price_rows(tenant_id: str, *, day: date, chosen: PriceFilter) -> Iterator[PriceRow]:
    """Streams the active, priced variants by id; memory does not grow with the catalogue."""
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "today": day,
        "sold_after": day - timedelta(days=SOLD_DAYS),
        "lately": day - timedelta(days=LATELY_DAYS),
        "seen_after": day - timedelta(days=chosen.market_days),
        "currency": chosen.currency,
        "sellers_out": list(chosen.without_sellers),
    }
    statement = ROWS.format(chosen=_conditions(chosen, params))
    with connection.cursor() as plain:
        # The joins sort every variant and every market price; on disk that takes twice as long.
        plain.execute("SET LOCAL work_mem = '64MB'")
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


price_rows.reads = ("catalogue", "market_prices", "orders")  # type: ignore[attr-defined]


def _conditions(chosen: PriceFilter, params: dict[str, Any]) -> str:
    found = ""
    if chosen.product_ids:
        params["product_ids"] = list(chosen.product_ids)
        found += " AND v.product_id = ANY(%(product_ids)s)"
    for name, words, word in (("tags", chosen.tags, ""), ("no_tags", chosen.without_tags, "NOT ")):
        if words:
            params[name] = [text.lower() for text in words]
            tag = f"lower(tag) = ANY(%({name})s)"
            found += f" AND {word}EXISTS (SELECT FROM unnest(p.tags) tag WHERE {tag})"
    return found
