"""A catalogue five times as large is planned in the same memory."""

import resource

import pytest
from django.db import connection

from tests.workflows.types.shops import make_clock, plan_for
from workflows import services
from workflows.planning.fingerprint import BLOCK

MEGABYTES = 24  # of slack for what the allocator keeps; the larger plan's rows take far more

PRODUCTS = """
INSERT INTO stores_product (updated_at, id, external_key, handle, title, description_html, vendor,
    product_type, category, tags, status, seo_title, seo_description, position, is_featured,
    needs_image, simulated, extra, tenant_id)
SELECT now(), 'product_' || lpad(n::text, 7, '0'), 'k' || n, '', 'Product number ' || n, '', '', '',
    '', '{}', 'active', '', '', 0, false, false, false, '{}', %(tenant)s
FROM generate_series(%(first)s, %(last)s) n
"""
VARIANTS = """
INSERT INTO stores_variant (updated_at, external_key, sku, barcode, title, options, position, price,
    cost, cost_simulated, extra, product_id, tenant_id)
SELECT now(), 'k' || n, 'SKU-' || n, '', '', '[]', 0, 5.95 + n %% 200, 2 + (n %% 200) * 0.3, false,
    '{}', 'product_' || lpad(n::text, 7, '0'), %(tenant)s
FROM generate_series(%(first)s, %(last)s) n
"""
PRICES = """
INSERT INTO stores_marketprice (seller, price, currency, url, observed_on, simulated, tenant_id,
    variant_id)
SELECT 'Seller', round(price * 1.2, 2), 'GBP', '', '2026-11-22', false, tenant_id, id
FROM stores_variant v WHERE tenant_id = %(tenant)s
    AND NOT EXISTS (SELECT FROM stores_marketprice m WHERE m.variant_id = v.id)
"""


def grow(tenant, first: int, last: int) -> None:
    asked = {"tenant": tenant.pk, "first": first, "last": last}
    with connection.cursor() as cursor:
        for statement in (PRODUCTS, VARIANTS, PRICES):
            cursor.execute(statement, asked)
        cursor.execute("SELECT codex_analyze_shop()")


def peak() -> int:
    """The most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.slow
@pytest.mark.django_db
def test_memory_does_not_grow_with_the_catalogue(in_tenant, cast):
    make_clock(in_tenant)
    grow(in_tenant, 1, 20_000)
    small = plan_for(cast, "pricing.dynamic_pricing")
    before = peak()

    grow(in_tenant, 20_001, 100_000)
    large = plan_for(cast, "pricing.dynamic_pricing")

    assert large.change_count > 4 * small.change_count > 40 * BLOCK
    assert peak() - before <= MEGABYTES
    assert services.stored_fingerprint(large) == large.fingerprint
