"""Puts items on the shelves of the scope's tenant without an importer."""

from stores.models import Product, StoreProfile, Variant


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
