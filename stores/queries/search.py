"""What search engines see: doubled texts, pictures without words, queries that bring few clicks."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from stores.queries.catalogue import ProductChoice, conditions

__all__ = ["handles", "images_without_alt", "repeated_texts", "search_rows"]

CHUNK = 5_000
MOST = 100_000
FIELDS = {
    "seo_title": "coalesce(nullif(seo_title, ''), title)",
    "seo_description": "seo_description",
}


def repeated_texts(tenant_id: str, *, field: str) -> set[str]:
    """Texts, in small letters, that more than one active product shows for this field."""
    text = f"lower(btrim({FIELDS[field]}))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {text} FROM stores_product"  # noqa: S608 -- from the constant above
            f" WHERE tenant_id = %s AND status = 'active' AND {text} <> ''"
            " GROUP BY 1 HAVING count(*) > 1 LIMIT %s",
            [tenant_id, MOST],
        )
        return {row[0] for row in cursor.fetchall()}


def handles(tenant_id: str, *, among: list[str]) -> set[str]:
    """Those of the handles that some product has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT handle FROM stores_product WHERE tenant_id = %s AND handle = ANY(%s)",
            [tenant_id, among],
        )
        return {row[0] for row in cursor.fetchall()}


class ImageRow(NamedTuple):
    id: int
    product_id: str
    title: str
    place: int


def images_without_alt(tenant_id: str, *, chosen: ProductChoice) -> Iterator[ImageRow]:
    """Streamed by id; ``place`` counts a product's pictures from 1."""
    params: dict[str, Any] = {"tenant": tenant_id}
    statement = f"""
        SELECT i.id, i.product_id, i.title, i.place FROM (
            SELECT i.id, i.product_id, p.title, i.alt, p.status,
                   row_number() OVER (PARTITION BY i.product_id ORDER BY i.position, i.id) AS place
            FROM stores_productimage i
            JOIN stores_product p ON p.tenant_id = i.tenant_id AND p.id = i.product_id
            WHERE i.tenant_id = %(tenant)s {conditions(chosen, params)}
        ) i
        WHERE i.status = 'active' AND btrim(i.alt) = '' ORDER BY i.id
    """  # noqa: S608 -- conditions are constants, values are parameters
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(CHUNK):
            yield from map(ImageRow._make, rows)


class SearchRow(NamedTuple):
    query: str
    page: str
    clicks: int
    impressions: int
    position: Decimal


def search_rows(
    tenant_id: str, *, day: date, least_impressions: int, days: int = 90
) -> Iterator[SearchRow]:
    """Queries on the first two result pages, by how often they were shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query, page, sum(clicks)::int, sum(impressions)::int,"
            " (sum(position * impressions) / sum(impressions))::numeric(6, 1)"
            " FROM stores_searchquery WHERE tenant_id = %s AND ends_on > %s AND impressions > 0"
            " GROUP BY query, page HAVING sum(impressions) >= %s"
            " AND sum(position * impressions) / sum(impressions) <= 20"
            " ORDER BY 4 DESC, 1, 2 LIMIT 2000",
            [tenant_id, day - timedelta(days=days), least_impressions],
        )
        yield from map(SearchRow._make, cursor.fetchall())


search_rows.reads = ("searches",)  # type: ignore[attr-defined]
