"""Products as people and pickers look for them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from core.errors import NotFound
from stores.models import MarketPrice, OrderLine, Product, Variant
from stores.states import LineKind, ProductStatus

CHOICES = 20


def products(tenant_id: str, *, text: str = "", status: str = "") -> QuerySet[Product]:
    """Products with all the words of ``text`` in their title, or a SKU that begins with it."""
    rows = Product.objects.filter(tenant_id=tenant_id)
    if status:
        rows = rows.filter(status=status)
    if text.strip():
        words = Q()
        for word in text.split()[:8]:
            words &= Q(title__icontains=word)
        sku = Variant.objects.filter(product_id=OuterRef("pk"), sku__startswith=text.strip())
        rows = rows.filter(words | Exists(sku))
    return rows


def with_variants(rows: QuerySet[Product]) -> QuerySet[Product]:
    ordered = Variant.objects.order_by("position", "id")
    return rows.prefetch_related(Prefetch("variants", queryset=ordered))


def product(tenant_id: str, product_id: str) -> Product:
    rows = with_variants(products(tenant_id)).prefetch_related("images")
    found = rows.filter(pk=product_id).first()
    if found is None:
        raise NotFound
    return found


def product_choices(tenant_id: str, text: str) -> list[Product]:
    """The first few active products that match, by title."""
    rows = products(tenant_id, text=text, status=ProductStatus.ACTIVE)
    return list(with_variants(rows).order_by("title", "id")[:CHOICES])


def product_titles(tenant_id: str, product_ids: Sequence[str]) -> dict[str, str]:
    """Id → title of those that are there, for naming what was chosen."""
    rows = Product.objects.filter(tenant_id=tenant_id, pk__in=product_ids)
    return dict(rows.values_list("pk", "title"))


def sales_of(
    tenant_id: str, product_id: str, *, until: date, days: int = 90
) -> dict[int, tuple[int, Decimal]]:
    """Variant → (units, revenue) of the last ``days`` days; returns are taken off."""
    rows = (
        OrderLine.objects.filter(
            tenant_id=tenant_id,
            variant__product_id=product_id,
            placed_on__gt=until - timedelta(days=days),
            placed_on__lte=until,
        )
        .exclude(kind=LineKind.ADJUSTMENT)
        .values("variant_id")
        .annotate(units=Sum("quantity"), revenue=Sum("amount"))
    )
    return {row["variant_id"]: (row["units"], row["revenue"]) for row in rows}


def open_market_prices(tenant_id: str, product_id: str) -> list[MarketPrice]:
    rows = MarketPrice.objects.filter(
        tenant_id=tenant_id, variant__product_id=product_id, replaced_on__isnull=True
    )
    return list(rows.select_related("variant").order_by("variant_id", "price", "seller"))
