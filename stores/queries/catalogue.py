"""Products as writers and auditors of texts read them: one streamed pass, one row a product."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

__all__ = ["ProductChoice", "ProductRow", "known_products", "price_bands", "product_rows"]

CHUNK = 2_000

ROWS = """
SELECT p.id, p.title, p.handle, p.description_html, p.vendor, p.product_type, p.tags,
       p.seo_title, p.seo_description, p.position, p.needs_image,
       coalesce(v.options, '[]'::jsonb), v.low, v.high, coalesce(i.pictures, 0), i.url
FROM stores_product p
LEFT JOIN (
    SELECT product_id, min(price) AS low, max(price) AS high,
           jsonb_agg(options ORDER BY position, id) FILTER (WHERE options <> '[]') AS options
    FROM stores_variant WHERE tenant_id = %(tenant)s GROUP BY product_id
) v ON v.product_id = p.id
LEFT JOIN (
    SELECT product_id, count(*) AS pictures, (array_agg(url ORDER BY position, id))[1] AS url
    FROM stores_productimage WHERE tenant_id = %(tenant)s GROUP BY product_id
) i ON i.product_id = p.id
WHERE p.tenant_id = %(tenant)s AND p.status = 'active' {chosen}
ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """Which active products. Empty means all; tags in any case."""

    product_ids: Sequence[str] = ()
    tags: Sequence[str] = ()
    without_tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ProductRow:
    """``options`` are the variants' choices: (("Size", ("S", "M")), …)."""

    id: str
    title: str
    handle: str
    description_html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    seo_title: str
    seo_description: str
    position: int
    needs_image: bool
    options: tuple[tuple[str, tuple[str, ...]], ...]
    low: Decimal | None
    high: Decimal | None
    pictures: int
    picture_url: str | None


def product_rows(tenant_id: str, *, chosen: ProductChoice) -> Iterator[ProductRow]:
    """Streams active products by id; memory does not grow with the catalogue."""
    params: dict[str, Any] = {"tenant": tenant_id}
    statement = ROWS.format(chosen=conditions(chosen, params))
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield _product(row)


product_rows.reads = ("catalogue",)  # type: ignore[attr-defined]


def _product(row: tuple[Any, ...]) -> ProductRow:
    told: list[Any] = [*row[:6], tuple(row[6]), *row[7:11], _options(row[11]), *row[12:]]
    return ProductRow(*told)


def _options(listed: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of each variant a list of {"name", "value"} → each name with its values, in order."""
    if isinstance(listed, str):  # a plain cursor gives jsonb as text
        listed = json.loads(listed)
    found: dict[str, dict[str, None]] = {}
    for variant in listed:
        for option in variant if isinstance(variant, list) else ():
            name, value = str(option.get("name", "")), str(option.get("value", ""))
            if name and value:
                found.setdefault(name, {})[value] = None
    return tuple((name, tuple(values)) for name, values in found.items())


def conditions(chosen: ProductChoice, params: dict[str, Any]) -> str:
    found = ""
    if chosen.product_ids:
        params["product_ids"] = list(chosen.product_ids)
        found += " AND p.id = ANY(%(product_ids)s)"
    for name, words, word in (("tags", chosen.tags, ""), ("no_tags", chosen.without_tags, "NOT ")):
        if words:
            params[name] = [text.lower() for text in words]
            tag = f"lower(tag) = ANY(%({name})s)"
            found += f" AND {word}EXISTS (SELECT FROM unnest(p.tags) tag WHERE {tag})"
    return found


def known_products(tenant_id: str, *, product_ids: Sequence[str]) -> set[str]:
    """Those of the ids that are active products of this shop."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM stores_product"
            " WHERE tenant_id = %s AND status = 'active' AND id = ANY(%s)",
            [tenant_id, list(product_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def price_bands(tenant_id: str) -> tuple[Decimal, Decimal] | None:
    """The prices below which a quarter, and above which a quarter, of the variants lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(0.25) WITHIN GROUP (ORDER BY v.price),"
            " percentile_disc(0.75) WITHIN GROUP (ORDER BY v.price)"
            " FROM stores_variant v JOIN stores_product p"
            " ON p.tenant_id = v.tenant_id AND p.id = v.product_id"
            " WHERE v.tenant_id = %s AND v.price > 0 AND p.status = 'active'",
            [tenant_id],
        )
        low, high = cursor.fetchone()
    return None if low is None or low == high else (low, high)
