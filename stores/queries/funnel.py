"""Visits against orders: by page, by channel, and in all."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

__all__ = ["has_pictures", "page_products", "shelf_rows", "visits"]


class Visits(NamedTuple):
    """``name``: the page or channel; empty for the whole shop."""

    name: str
    sessions: int
    orders: int
    revenue: Decimal


def visits(tenant_id: str, *, breakdown: str, last: date, days: int = 28) -> list[Visits]:
    """Sums over the ``days`` up to ``last``, the most visited first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sum(sessions)::int, sum(key_events)::int, sum(revenue)"
            " FROM stores_trafficday WHERE tenant_id = %s AND breakdown = %s"
            " AND date > %s AND date <= %s GROUP BY name ORDER BY 2 DESC, 1 LIMIT 5000",
            [tenant_id, breakdown, last - timedelta(days=days), last],
        )
        return [Visits(*row) for row in cursor.fetchall()]


visits.reads = ("traffic",)  # type: ignore[attr-defined]


def page_products(tenant_id: str, *, handles: list[str]) -> dict[str, tuple[str, str]]:
    """Handle → (id, title) of active products."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT handle, id, title FROM stores_product"
            " WHERE tenant_id = %s AND status = 'active' AND handle = ANY(%s)",
            [tenant_id, handles],
        )
        return {handle: (id_, title) for handle, id_, title in cursor.fetchall()}


def has_pictures(tenant_id: str) -> bool:
    """Whether any product of the shop has a picture at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM stores_productimage WHERE tenant_id = %s)", [tenant_id]
        )
        return cursor.fetchone()[0]


SHELF = """
SELECT p.id, p.title, p.handle, p.position, p.needs_image,
       EXISTS (SELECT FROM stores_productimage i
               WHERE i.tenant_id = p.tenant_id AND i.product_id = p.id),
       coalesce(v.variants, '[]'::json), coalesce(v.stocked, true),
       coalesce(s.units, 0)::bigint, coalesce(s.taken, 0)
FROM stores_product p
LEFT JOIN (
    SELECT product_id,
           json_agg(json_build_array(id, title, sku, price::text, compare_at_price::text)
                    ORDER BY position, id)
               FILTER (WHERE compare_at_price <= price) AS variants,
           bool_or(inventory_quantity IS NULL OR inventory_quantity > 0) AS stocked
    FROM stores_variant WHERE tenant_id = %(tenant)s GROUP BY product_id
) v ON v.product_id = p.id
LEFT JOIN (
    SELECT v.product_id, sum(line.quantity) AS units, sum(line.amount) AS taken
    FROM stores_orderline line
    JOIN stores_variant v ON v.tenant_id = line.tenant_id AND v.id = line.variant_id
    WHERE line.tenant_id = %(tenant)s AND line.placed_on > %(after)s
      AND line.placed_on <= %(today)s AND line.kind <> 'adjustment'
    GROUP BY v.product_id
) s ON s.product_id = p.id
WHERE p.tenant_id = %(tenant)s AND p.status = 'active'
ORDER BY p.id
"""


class ShelfRow(NamedTuple):
    """``false_discounts``: variants whose compare-at price is not above the price:
    [id, title, sku, price, compare-at]. ``units`` and ``taken`` are those of 90 days."""

    id: str
    title: str
    handle: str
    position: int
    needs_image: bool
    has_image: bool
    false_discounts: list
    stocked: bool
    units: int
    taken: Decimal


def shelf_rows(tenant_id: str, *, day: date, days: int = 90) -> Iterator[ShelfRow]:
    """Streams active products by id."""
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "today": day,
        "after": day - timedelta(days=days),
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(SHELF, params)
        while rows := cursor.fetchmany(2_000):
            yield from map(ShelfRow._make, rows)


shelf_rows.reads = ("catalogue", "orders")  # type: ignore[attr-defined]
