"""Many small shops with a year of visits and orders, and nothing much wrong with most of them."""

from bench import seeds
from bench.seeds import drafts, shops

TABLES = ("stores_trafficday", "stores_orderline")
PRODUCTS, LINES_A_DAY = 10, 2

SHOP_ROWS = """
INSERT INTO stores_storeprofile (id, tenant_id, name, url, clock, currency, country, customer_key,
                                 facts, updated_at)
SELECT 'store_' || id, id, name, '', 'live', 'GBP', 'GB', decode(md5(id), 'hex'), '{}', now()
FROM tenants_tenant WHERE id LIKE 'tenant\\_bench\\_%%' ON CONFLICT DO NOTHING
"""
PRODUCT_ROWS = """
INSERT INTO stores_product (id, tenant_id, external_key, handle, title, description_html, vendor,
                            product_type, category, tags, status, seo_title, seo_description,
                            position, is_featured, needs_image, simulated, extra, updated_at)
SELECT 'product_' || md5(t.id || '/' || n), t.id, n, 'thing-' || n, 'Thing ' || n,
       CASE WHEN n > 3 THEN 'A thing of tin, made by hand in a small workshop by the sea.' ELSE '' END,
       'Maker', 'Type', '', '{}', 'active', '', '', n, false, false, false, '{}', now()
FROM tenants_tenant t, generate_series(1, %(products)s) AS n
WHERE t.id LIKE 'tenant\\_bench\\_%%'
"""
VARIANT_ROWS = """
INSERT INTO stores_variant (tenant_id, product_id, external_key, sku, barcode, title, options,
                            position, price, cost, cost_simulated, inventory_quantity, extra,
                            updated_at)
SELECT tenant_id, id, external_key, 'SKU-' || position, '', '', '{}', 1, 5 + position, 3, false, 40,
       '{}', now()
FROM stores_product WHERE tenant_id LIKE 'tenant\\_bench\\_%%'
"""
VISITS = """
INSERT INTO stores_trafficday (tenant_id, date, breakdown, name, sessions, key_events, revenue,
                               simulated)
SELECT t.id, current_date - d, 'total', '', 300 + (hashtext(t.id || d) & 63),
       8 + (hashtext(d || t.id) & 3), 120, false
FROM tenants_tenant t, generate_series(0, %(days)s - 1) AS d
WHERE t.id LIKE 'tenant\\_bench\\_%%'
"""
ORDERS = """
INSERT INTO stores_order (tenant_id, number, placed_at, customer_hash, currency, country, is_return,
                          financial_status, fulfillment_status, discount_code, simulated)
SELECT t.id, d::text, now() - d * interval '1 day', md5(t.id || d %% 90), 'GBP', 'GB', false, 'paid',
       '', '', false
FROM tenants_tenant t, generate_series(0, %(days)s - 1) AS d
WHERE t.id LIKE 'tenant\\_bench\\_%%'
"""
LINES = """
INSERT INTO stores_orderline (tenant_id, order_id, ordinal, variant_id, placed_on, kind, quantity,
                              unit_price, discount)
SELECT o.tenant_id, o.id, v.position_of, v.id, o.placed_at::date, 'sale', 1, v.price, 0
FROM stores_order o
JOIN LATERAL (
    SELECT v.id, v.price, row_number() OVER (ORDER BY v.id) AS position_of FROM stores_variant v
    WHERE v.tenant_id = o.tenant_id LIMIT %(lines)s
) v ON true
WHERE o.tenant_id LIKE 'tenant\\_bench\\_%%'
"""


def make(*, tenants: int, days: int) -> int:
    """Rows of visits and order lines in all."""
    everything = (
        *shops.TABLES,
        "tenants_tenant",
        "stores_trafficday",
        "stores_order",
        "stores_orderline",
    )
    values = {"products": PRODUCTS, "days": days, "lines": LINES_A_DAY}
    with seeds.quietly(*everything):
        seeds.run(drafts.TENANTS, {"tenants": tenants})
        for statement in (SHOP_ROWS, PRODUCT_ROWS, VARIANT_ROWS, VISITS, ORDERS, LINES):
            seeds.run(statement, values)
    return tenants * days * (1 + LINES_A_DAY)
