"""What is planned and what went well: posts, best sellers, hours people answer to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

__all__ = ["best_sellers", "posted_products", "posting_hours", "taken_times"]

BEST = """
SELECT p.id
FROM stores_product p
LEFT JOIN (
    SELECT v.product_id, sum(line.amount) AS taken
    FROM stores_orderline line
    JOIN stores_variant v ON v.tenant_id = line.tenant_id AND v.id = line.variant_id
    WHERE line.tenant_id = %(tenant)s AND line.placed_on > %(after)s
      AND line.placed_on <= %(today)s AND line.kind <> 'adjustment'
    GROUP BY v.product_id
) sold ON sold.product_id = p.id
WHERE p.tenant_id = %(tenant)s AND p.status = 'active' {focus}
ORDER BY sold.taken DESC NULLS LAST, p.id
LIMIT %(most)s
"""

# A word of the focus names a product by id, handle, type, tag, or stands in its title.
FOCUS = """ AND EXISTS (
    SELECT FROM unnest(%(focus)s::text[]) word
    WHERE p.id = word OR p.handle = lower(word) OR lower(p.product_type) = lower(word)
       OR position(lower(word) IN lower(p.title)) > 0
       OR EXISTS (SELECT FROM unnest(p.tags) tag WHERE lower(tag) = lower(word)))"""


def best_sellers(
    tenant_id: str, *, day: date, days: int = 90, most: int = 200, focus: Sequence[str] = ()
) -> list[str]:
    """Ids of active products, those that brought in most first; the unsold ones come last."""
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "today": day,
        "after": day - timedelta(days=days),
        "most": most,
        "focus": list(focus),
    }
    with connection.cursor() as cursor:
        cursor.execute(BEST.format(focus=FOCUS if focus else ""), params)
        return [row[0] for row in cursor.fetchall()]


best_sellers.reads = ("catalogue", "orders")  # type: ignore[attr-defined]


class PostingHour(NamedTuple):
    """Reactions per post of one platform at one hour of the day, in the shop's own time."""

    platform: str
    hour: int
    posts: int
    reactions: float


def posting_hours(tenant_id: str, *, zone: str) -> list[PostingHour]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT platform, extract(hour FROM published_at AT TIME ZONE %s)::int AS hour,"
            " count(*)::int, avg(likes + 2 * comments + 3 * shares)::float"
            " FROM stores_post WHERE tenant_id = %s AND published_at IS NOT NULL"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            [zone, tenant_id],
        )
        return [PostingHour(*row) for row in cursor.fetchall()]


posting_hours.reads = ("posts",)  # type: ignore[attr-defined]


def taken_times(tenant_id: str, *, start: datetime, end: datetime) -> set[tuple[str, datetime]]:
    """(platform, time) of the posts that are planned already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT platform, scheduled_at FROM stores_post"
            " WHERE tenant_id = %s AND scheduled_at >= %s AND scheduled_at < %s",
            [tenant_id, start, end],
        )
        return set(cursor.fetchall())


def posted_products(tenant_id: str, *, since: datetime) -> set[str]:
    """Products that a post has shown, or will show, since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT product_id FROM stores_post"
            " WHERE tenant_id = %s AND scheduled_at >= %s AND product_id IS NOT NULL",
            [tenant_id, since],
        )
        return {row[0] for row in cursor.fetchall()}
