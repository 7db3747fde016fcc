"""How far a plan reaches, measured on its changes and 90 days of orders in one statement.

Nothing here trusts inputs or what a type says of itself: prices before and after, discounts of
planned offers and letters are read from the changes the engine would apply.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

WINDOW_DAYS = 90

# A stored plan as the relation below; a plan being made gives its own (``Staging.measured``).
STORED = (
    "SELECT kind, entity, target_id, field, before, after"
    " FROM workflow_planned_changes WHERE plan_id = %(plan)s"
)
# Steps and discounts are rounded up: what is a hair over a limit is over it.
MEASURE = """
WITH change AS MATERIALIZED ({relation}),
sold AS MATERIALIZED (
    SELECT variant_id, sum(quantity)::numeric AS units, sum(amount) AS taken
    FROM stores_orderline
    WHERE tenant_id = %(tenant)s AND placed_on > %(after)s AND placed_on <= %(today)s
      AND kind <> 'adjustment'
    GROUP BY variant_id
),
written AS MATERIALIZED (
    SELECT target_id::bigint AS id, bool_or(field = 'price') AS priced,
           bool_or(field = 'compare_at_price') AS compared,
           max((before #>> '{{}}')::numeric) FILTER (WHERE field = 'price') AS was,
           max((after #>> '{{}}')::numeric) FILTER (WHERE field = 'price') AS becomes,
           max((before #>> '{{}}')::numeric) FILTER (WHERE field <> 'price') AS beside_was,
           max((after #>> '{{}}')::numeric) FILTER (WHERE field <> 'price') AS beside
    FROM change
    WHERE kind = 'set' AND entity = 'variant' AND field IN ('price', 'compare_at_price')
    GROUP BY 1
),
tag AS MATERIALIZED (
    SELECT w.id, w.priced,
           CASE WHEN w.priced THEN w.was ELSE v.price END AS was,
           CASE WHEN w.priced THEN w.becomes ELSE v.price END AS becomes,
           CASE WHEN w.compared THEN w.beside_was ELSE v.compare_at_price END AS beside_was,
           CASE WHEN w.compared THEN w.beside ELSE v.compare_at_price END AS beside
    FROM written w LEFT JOIN stores_variant v ON v.tenant_id = %(tenant)s AND v.id = w.id
),
struck AS MATERIALIZED (
    SELECT greatest(1 - was / nullif(beside_was, 0), 0) AS off_before,
           1 - becomes / nullif(beside, 0) AS off
    FROM tag
),
offer AS MATERIALIZED (
    SELECT target_id AS id, after ->> 'kind' AS kind, (after ->> 'value')::numeric AS value,
           extract(epoch FROM (after ->> 'ends_at')::timestamptz
                              - (after ->> 'starts_at')::timestamptz) / 86400 AS days,
           CASE WHEN jsonb_typeof(after -> 'product_ids') = 'array' THEN after -> 'product_ids'
                ELSE '[]' END AS products
    FROM change WHERE kind = 'create' AND entity = 'promotion'
),
listed AS MATERIALIZED (
    SELECT DISTINCT offer.id, product_id
    FROM offer, jsonb_array_elements_text(offer.products) AS product_id
),
offered AS MATERIALIZED (
    SELECT offer.id, v.id AS variant_id,
           CASE WHEN offer.days >= 1 THEN round(offer.days) ELSE offer.days END AS days,
           coalesce(tag.becomes, v.price) AS price,
           CASE WHEN offer.kind = 'percent' THEN coalesce(tag.becomes, v.price) * value / 100
                ELSE least(value, coalesce(tag.becomes, v.price)) END AS off
    FROM offer JOIN listed ON listed.id = offer.id
    JOIN stores_variant v ON v.tenant_id = %(tenant)s AND v.product_id = listed.product_id
    LEFT JOIN tag ON tag.id = v.id
),
discount AS MATERIALIZED (
    SELECT CASE WHEN kind = 'percent' THEN value
                ELSE coalesce((SELECT max(off * 100 / nullif(price, 0)) FROM offered
                               WHERE offered.id = offer.id), 100) END AS percent
    FROM offer
    UNION ALL
    SELECT off * 100 FROM struck WHERE off > coalesce(off_before, 0)
),
product AS MATERIALIZED (
    SELECT target_id AS id FROM change WHERE entity = 'product'
    UNION ALL
    SELECT after ->> 'product_id' FROM change WHERE entity = 'post' AND kind = 'create'
    UNION ALL
    SELECT i.product_id FROM change JOIN stores_productimage i
      ON i.tenant_id = %(tenant)s AND i.id::text = change.target_id
    WHERE change.entity = 'image'
    UNION ALL
    SELECT product_id FROM listed
),
touched AS MATERIALIZED (
    SELECT target_id::bigint AS id FROM change WHERE entity = 'variant'
    UNION ALL
    SELECT v.id FROM stores_variant v
    WHERE v.tenant_id = %(tenant)s AND v.product_id IN (SELECT id FROM product)
)
SELECT
    (SELECT count(*) FROM (SELECT DISTINCT entity, target_id FROM change) AS item),
    (SELECT count(*) FROM tag WHERE priced),
    (SELECT count(*) FROM offer),
    (SELECT coalesce(sum((after ->> 'audience_size')::numeric), 0)::bigint
     FROM change WHERE kind = 'create' AND entity = 'campaign'),
    (SELECT EXISTS (SELECT FROM sold)),
    (SELECT coalesce(sum(taken), 0) FROM sold),
    (SELECT coalesce(sum(taken), 0) FROM sold WHERE variant_id IN (SELECT id FROM touched)),
    (SELECT coalesce(sum(greatest(units, 0) * abs(becomes - coalesce(was, 0))), 0)
     FROM tag JOIN sold ON sold.variant_id = tag.id WHERE priced),
    (SELECT coalesce(sum(greatest(units, 0) * off * days / %(days)s), 0)
     FROM offered JOIN sold ON sold.variant_id = offered.variant_id),
    (SELECT ceil(coalesce(max(CASE WHEN coalesce(was, 0) = 0 THEN 100
                                   ELSE (becomes - was) * 100 / was END), 0) * 100) / 100
     FROM tag WHERE priced AND becomes > coalesce(was, 0)),
    (SELECT ceil(coalesce(max((was - becomes) * 100 / was), 0) * 100) / 100
     FROM tag WHERE priced AND becomes < was),
    (SELECT ceil(coalesce(max(percent), 0) * 100) / 100 FROM discount)
"""


class Extent(NamedTuple):
    """Amounts in the shop's currency; steps and discounts in percent, the largest of each.

    ``has_sales`` says whether anything was sold in the window: without sales the money a plan
    puts at risk is not nothing but unknown.
    """

    items: int
    prices: int
    offers: int
    recipients: int
    has_sales: bool
    revenue: Decimal
    touched_revenue: Decimal
    price_money: Decimal
    offer_money: Decimal
    raise_percent: Decimal
    cut_percent: Decimal
    discount_percent: Decimal

    @property
    def moves_money(self) -> bool:
        return self.prices > 0 or self.offers > 0

    @property
    def money_at_risk(self) -> Decimal | None:
        if self.moves_money and not self.has_sales:
            return None
        return self.price_money + self.offer_money

    @property
    def revenue_share(self) -> Decimal | None:
        """Between 0 and 1; returns can make a part of the revenue larger than the whole."""
        if self.revenue <= 0:
            return None
        return min(max(self.touched_revenue / self.revenue, Decimal(0)), Decimal(1))


def extent_of(
    tenant_id: str, day: date, *, relation: str = STORED, params: Mapping[str, Any]
) -> Extent:
    """``relation`` selects kind, entity, target_id, field and before and after as jsonb.

    Under row-level security the planner expects a handful of rows and would loop over a hundred
    thousand; a hash never hurts here. The savepoint takes the settings back.
    """
    given = {
        **params,
        "tenant": tenant_id,
        "today": day,
        "after": day - timedelta(days=WINDOW_DAYS),
        "days": WINDOW_DAYS,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('enable_nestloop'), current_setting('work_mem'),"
            " set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)"
        )
        nestloop, work_mem, *_ = cursor.fetchone()
        cursor.execute(MEASURE.format(relation=relation), given)
        found = Extent._make(cursor.fetchone())
        cursor.execute(
            "SELECT set_config('enable_nestloop', %s, true), set_config('work_mem', %s, true)",
            [nestloop, work_mem],
        )
    return found
