"""Small shops: items on the shelves without an importer, and a demo with few visitors."""

from codex.demo.shops import SHELVES
from stores.demo.story import Story
from stores.models import Product, StoreProfile, Variant

QUIET = Story(days=120, sessions_per_day=80.0, promotions_days_ago=(110, 100, 95, 90, 80, 66))
QUIET_SHELVES = {tenant_id: (catalogue, QUIET) for tenant_id, (catalogue, _) in SHELVES.items()}


def stock(tenant, items):
    StoreProfile.objects.get_or_create(tenant=tenant)
    for handle, item in {item.handle: item for item in items}.items():
        Product.objects.create(
            tenant=tenant,
            external_key=handle,
            handle=handle,
            title=item.title,
            product_type=item.type,
            tags=sorted(item.tags),
        )
    products = dict(Product.objects.values_list("handle", "id"))
    Variant.objects.bulk_create(
        Variant(
            tenant=tenant,
            product_id=products[item.handle],
            external_key=item.sku,
            sku=item.sku,
            price=item.price,
            cost=item.cost,
        )
        for item in items
    )
