"""One shop of any size: products with one variant each, costs, market prices, a little history."""

from bench import seeds

PROFILE = """
INSERT INTO stores_storeprofile (id, tenant_id, name, url, clock, currency, country, customer_key,
                                 facts, updated_at)
VALUES ('store_' || %(tenant)s, %(tenant)s, 'Bench', '', 'live', 'GBP', 'GB',
        decode(md5(%(tenant)s), 'hex'), '{}', now())
ON CONFLICT DO NOTHING
"""
PRODUCTS = """
INSERT INTO stores_product (id, tenant_id, external_key, handle, title, description_html, vendor,
                            product_type, category, tags, status, seo_title, seo_description,
                            position, is_featured, needs_image, simulated, extra, updated_at)
SELECT 'product_' || md5(%(tenant)s || '/' || n), %(tenant)s, n, 'thing-' || n, 'Thing ' || n,
       'A thing of tin.', 'Maker ' || n %% 50, 'Type ' || n %% 20, '', '{}', 'active', '', '',
       n, false, false, false, '{}', now()
FROM generate_series(1, %(count)s) AS n
"""
VARIANTS = """
INSERT INTO stores_variant (tenant_id, product_id, external_key, sku, barcode, title, options,
                            position, price, cost, cost_simulated, inventory_quantity, extra,
                            updated_at)
SELECT tenant_id, id, external_key, 'SKU-' || position, '', '', '{}', 1,
       5 + position %% 400 / 10.0, round((5 + position %% 400 / 10.0) * 0.55, 2), false, 40, '{}',
       now()
FROM stores_product WHERE tenant_id = %(tenant)s
"""
MARKET = """
INSERT INTO stores_marketprice (tenant_id, variant_id, seller, price, currency, url, observed_on,
                                simulated)
SELECT v.tenant_id, v.id, 'Rival', round(v.price * (1.12 - (v.id %% 25) / 100.0), 2), 'GBP', '',
       current_date - 1, false
FROM stores_variant v WHERE v.tenant_id = %(tenant)s
"""
TABLES = ("stores_storeprofile", "stores_product", "stores_variant", "stores_marketprice")


def make(tenant_id: str, *, products: int) -> None:
    with seeds.quietly(*TABLES):
        values = {"tenant": tenant_id, "count": products}
        for statement in (PROFILE, PRODUCTS, VARIANTS, MARKET):
            seeds.run(statement, values)


def touch(tenant_id: str) -> None:
    """Prices as they were at the start."""
    seeds.run(
        "UPDATE stores_variant v SET price = 5 + p.position %% 400 / 10.0"
        " FROM stores_product p WHERE p.id = v.product_id AND v.tenant_id = %s",
        [tenant_id],
    )
