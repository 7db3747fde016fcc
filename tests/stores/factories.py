"""Rows of a shop for tests; each call makes new keys."""

from datetime import UTC, date, datetime
from itertools import count

from stores.models import Order, OrderLine, Product, ProductImage, StoreProfile, Variant

_numbers = count(1)


def make_profile(tenant, **facts) -> StoreProfile:
    return StoreProfile.objects.create(tenant=tenant, **facts)


def make_product(tenant, **facts) -> Product:
    number = next(_numbers)
    facts = {"title": f"Product {number}", "handle": f"product-{number}", **facts}
    return Product.objects.create(tenant=tenant, **{"external_key": facts["handle"], **facts})


def make_variant(product, **facts) -> Variant:
    number = next(_numbers)
    facts = {"sku": f"SKU-{number}", "price": "10.00", "external_key": f"key-{number}", **facts}
    return Variant.objects.create(tenant_id=product.tenant_id, product=product, **facts)


def make_image(product, **facts) -> ProductImage:
    facts = {"url": f"https://shop.example/{next(_numbers)}.jpg", **facts}
    return ProductImage.objects.create(tenant_id=product.tenant_id, product=product, **facts)


def make_order(tenant, *, day: date, lines=(), **facts) -> Order:
    """``lines`` are (variant, quantity, unit price)."""
    placed = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    facts = {"number": f"N{next(_numbers)}", "currency": "GBP", **facts}
    order = Order.objects.create(tenant=tenant, placed_at=placed, **facts)
    OrderLine.objects.bulk_create(
        OrderLine(
            tenant=tenant,
            order=order,
            ordinal=ordinal,
            variant=variant,
            placed_on=day,
            kind="return" if quantity < 0 else "sale",
            quantity=quantity,
            unit_price=price,
            discount=0,
        )
        for ordinal, (variant, quantity, price) in enumerate(lines, start=1)
    )
    return order
