"""Customers by recency, frequency and value: sizes of segments, never single people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

__all__ = ["campaign_record", "customer_segments", "sending_hours"]

YEARS_BACK = 730

# In this order: the first that fits is the segment. ``days`` since the last order, ``orders`` and
# ``value`` in two years, ``rank`` of the value among all customers (0 to 1).
SEGMENTS = """
CASE
    WHEN orders >= 4 AND days <= 60 AND rank >= 0.8 THEN 'champions'
    WHEN orders >= 3 AND days <= 90 THEN 'loyal'
    WHEN orders = 1 AND days <= 30 THEN 'new'
    WHEN days <= 90 THEN 'promising'
    WHEN orders >= 2 AND days <= 180 THEN 'at_risk'
    ELSE 'lapsed'
END
"""

SIZES = f"""
WITH bought AS (
    SELECT o.customer_hash, max(o.placed_at)::date AS last,
           count(DISTINCT o.id) FILTER (WHERE NOT o.is_return) AS orders, sum(l.amount) AS value
    FROM stores_order o
    JOIN stores_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
    WHERE o.tenant_id = %(tenant)s AND o.customer_hash <> ''
      AND o.placed_at::date > %(after)s AND o.placed_at::date <= %(today)s
    GROUP BY o.customer_hash
), judged AS (
    SELECT orders, value, %(today)s::date - last AS days,
           percent_rank() OVER (ORDER BY value) AS rank
    FROM bought WHERE orders > 0
)
SELECT {SEGMENTS} AS segment, count(*)::int, sum(orders)::int, sum(value),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY days)::int
FROM judged GROUP BY 1 ORDER BY 1
"""  # noqa: S608 -- constants


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """``quiet_days``: days since the last order, the middle one of the segment."""

    segment: str
    customers: int
    orders: int
    value: Decimal
    quiet_days: int


def customer_segments(tenant_id: str, *, day: date) -> dict[str, SegmentSize]:
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "today": day,
        "after": day - timedelta(days=YEARS_BACK),
    }
    with connection.cursor() as cursor:
        cursor.execute(SIZES, params)
        return {row[0]: SegmentSize(*row) for row in cursor.fetchall()}


customer_segments.reads = ("orders",)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """What past letters brought in all."""

    sent: int
    recipients: int
    orders: int
    revenue: Decimal


def campaign_record(tenant_id: str, *, most: int = 20) -> CampaignRecord:
    """Of the last letters that went to at least somebody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*)::int, coalesce(sum(recipients), 0)::int,"
            " coalesce(sum(orders), 0)::int, coalesce(sum(revenue), 0)"
            " FROM (SELECT * FROM stores_campaign WHERE tenant_id = %s AND status = 'sent'"
            " AND recipients > 0 ORDER BY sent_at DESC LIMIT %s) last",
            [tenant_id, most],
        )
        return CampaignRecord(*cursor.fetchone())


campaign_record.reads = ("campaigns",)  # type: ignore[attr-defined]


def sending_hours(tenant_id: str, *, zone: str, least: int = 2) -> Sequence[int]:
    """Hours of the day, best share of openings first, that at least so many letters went out at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(hour FROM sent_at AT TIME ZONE %s)::int FROM stores_campaign"
            " WHERE tenant_id = %s AND status = 'sent' AND recipients > 0"
            " GROUP BY 1 HAVING count(*) >= %s"
            " ORDER BY sum(opens)::float / sum(recipients) DESC, 1",
            [zone, tenant_id, least],
        )
        return [row[0] for row in cursor.fetchall()]
