"""What a discount would meet: prices, costs, sales, and offers that run already."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

__all__ = ["OfferRow", "busy_products", "offer_rows", "sales_between"]

ROWS = """
SELECT p.id, p.title, p.handle,
       min(v.price),
       array_agg((v.price * 100)::bigint ORDER BY v.id),
       array_agg((v.cost * 100)::bigint ORDER BY v.id),
       coalesce(sum(s.units), 0)::bigint, coalesce(sum(s.units * v.price), 0)
FROM stores_product p
JOIN stores_variant v ON v.tenant_id = p.tenant_id AND v.product_id = p.id AND v.price > 0
LEFT JOIN (
    SELECT variant_id, sum(quantity) AS units FROM stores_orderline
    WHERE tenant_id = %(tenant)s AND placed_on > %(after)s AND placed_on <= %(today)s
      AND kind <> 'adjustment' AND variant_id IS NOT NULL
    GROUP BY variant_id
) s ON s.variant_id = v.id
WHERE p.tenant_id = %(tenant)s AND p.status = 'active' AND p.id = ANY(%(ids)s)
GROUP BY p.id, p.title, p.handle
ORDER BY p.id
"""


class OfferRow(NamedTuple):
    """``prices`` and ``costs`` of its priced variants, in hundredths and in the same order."""

    id: str
    title: str
    handle: str
    price: Decimal
    prices: list[int]
    costs: list[int | None]
    units: int
    taken: Decimal


def offer_rows(
    tenant_id: str, *, day: date, product_ids: Sequence[str], days: int = 90
) -> Iterator[OfferRow]:
    """Sales are those of the last ``days``."""
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "ids": list(product_ids),
        "today": day,
        "after": day - timedelta(days=days),
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS, params)
        yield from map(OfferRow._make, cursor.fetchall())


offer_rows.reads = ("catalogue", "orders")  # type: ignore[attr-defined]


def busy_products(tenant_id: str, *, start: datetime, end: datetime) -> set[str]:
    """Products in an offer that overlaps the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT listed.product_id FROM stores_promotionproduct listed"
            " JOIN stores_promotion offer ON offer.tenant_id = listed.tenant_id"
            " AND offer.id = listed.promotion_id"
            " WHERE listed.tenant_id = %s AND offer.starts_at < %s AND offer.ends_at > %s",
            [tenant_id, end, start],
        )
        return {row[0] for row in cursor.fetchall()}


busy_products.reads = ("promotions",)  # type: ignore[attr-defined]


def sales_between(
    tenant_id: str, *, first: date, last: date, product_ids: Sequence[str]
) -> tuple[int, Decimal]:
    """(units, money) these products brought in from ``first`` to ``last``, both included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(line.quantity), 0)::bigint, coalesce(sum(line.amount), 0)"
            " FROM stores_orderline line JOIN stores_variant v"
            " ON v.tenant_id = line.tenant_id AND v.id = line.variant_id"
            " WHERE line.tenant_id = %s AND line.placed_on BETWEEN %s AND %s"
            " AND line.kind <> 'adjustment' AND v.product_id = ANY(%s)",
            [tenant_id, first, last, list(product_ids)],
        )
        return cursor.fetchone()
