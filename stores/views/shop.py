"""The shop: what is in it, its products, one product."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid
from core.htmx import render_page
from core.money import format_money
from core.requests import Request
from stores import queries
from stores.models import Product
from stores.opening import may_import, shop_of
from stores.states import ProductStatus

SIZE = 25
NEWEST = ("-id",)
RECENT = 5


@require_GET
def store(request: Request) -> HttpResponse:
    shop = shop_of(request)
    context = {
        "shop": shop,
        "summary": queries.summary(shop.tenant_id),
        "imports": queries.imports(shop.tenant_id)[:RECENT],
        "may_import": may_import(request),
    }
    return render(request, "stores/store.html", context)


@require_GET
def products(request: Request) -> HttpResponse:
    shop, asked = shop_of(request), request.GET
    status = asked.get("status", "")
    if status and status not in ProductStatus.values:
        raise Invalid({"status": [_("There is no such state.")]})
    rows = queries.products(shop.tenant_id, text=asked.get("q", ""), status=status)
    page = after_cursor(rows, NEWEST, asked["cursor"]) if asked.get("cursor") else rows
    found = list(queries.with_variants(page).order_by(*NEWEST)[: SIZE + 1])
    context = {
        "shop": shop,
        "asked": asked,
        "statuses": ProductStatus.choices,
        "products": [(row, _price_range(row, shop.currency)) for row in found[:SIZE]],
        "next": cursor_of(found[SIZE - 1], NEWEST) if len(found) > SIZE else "",
        "total": rows.count(),
        "is_filtered": bool(asked.get("q") or status),
    }
    return render_page(request, "stores/products.html", context, partial="results")


@require_GET
def product(request: Request, product_id: str) -> HttpResponse:
    shop = shop_of(request)
    found = queries.product(shop.tenant_id, product_id)
    today = queries.today(shop.tenant_id)
    sales = queries.sales_of(shop.tenant_id, product_id, until=today)
    context = {
        "shop": shop,
        "product": found,
        "variants": [
            (variant, *sales.get(variant.pk, (0, None))) for variant in found.variants.all()
        ],
        "images": sorted(found.images.all(), key=lambda image: (image.position, image.pk)),
        "market": queries.open_market_prices(shop.tenant_id, product_id),
        "today": today,
    }
    return render(request, "stores/product.html", context)


@require_GET
def choices(request: Request) -> JsonResponse:
    """What a picker offers while somebody types."""
    shop = shop_of(request)
    rows = queries.product_choices(shop.tenant_id, request.GET.get("q", ""))
    results = [
        {"id": row.pk, "label": row.title, "note": _price_range(row, shop.currency)} for row in rows
    ]
    return JsonResponse({"results": results})


def _price_range(row: Product, currency: str) -> str:
    """ "£9.50" or "£49.00 – £52.00"; nothing where no price is known."""
    prices = [variant.price for variant in row.variants.all() if variant.price is not None]
    if not prices:
        return ""
    low, high = min(prices), max(prices)
    if low == high:
        return format_money(low, currency)
    return f"{format_money(low, currency)} – {format_money(high, currency)}"
