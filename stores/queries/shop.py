"""The shop as a whole: its clock, what is in it, how old that is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.models import (
    Campaign,
    ImportRun,
    MarketPrice,
    Order,
    OrderLine,
    Post,
    Product,
    Promotion,
    SearchQuery,
    StoreProfile,
    TrafficDay,
    Variant,
)
from stores.states import Clock, ImportState
from tenants.models import Tenant


def profile(tenant_id: str) -> StoreProfile:
    """The shop's profile; before the first import, one (not saved) from what the tenant says."""
    found = StoreProfile.objects.filter(tenant_id=tenant_id).first()
    if found is not None:
        return found
    tenant = Tenant.objects.get(pk=tenant_id)
    return StoreProfile(
        tenant=tenant, name=tenant.name, currency=tenant.currency, country=tenant.country
    )


def today(tenant_id: str) -> date:
    """The day "the last 90 days" count back from: the newest known day of an imported history,
    today in the tenant's time zone for a live shop or an empty one."""
    shop = profile(tenant_id)
    newest = newest_day(tenant_id) if shop.clock == Clock.HISTORY else None
    return newest or local_today(tenant_id)


def local_today(tenant_id: str) -> date:
    zone = Tenant.objects.values_list("timezone", flat=True).get(pk=tenant_id)
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def newest_day(tenant_id: str) -> date | None:
    """The newest day with an order line; without orders, with traffic."""
    ordered = _newest(OrderLine, tenant_id, "placed_on")
    return ordered or _newest(TrafficDay, tenant_id, "date")


def _newest(model: Any, tenant_id: str, field: str) -> date | None:
    return model.objects.filter(tenant_id=tenant_id).aggregate(newest=Max(field))["newest"]


# Key → its name for people, and where its newest day is found.
SOURCES = {
    "catalogue": (_("Products"), Product, "updated_at"),
    "market_prices": (_("Market prices"), MarketPrice, "observed_on"),
    "orders": (_("Orders"), OrderLine, "placed_on"),
    "traffic": (_("Visits"), TrafficDay, "date"),
    "searches": (_("Searches"), SearchQuery, "ends_on"),
    "campaigns": (_("Campaigns"), Campaign, "sent_at"),
    "promotions": (_("Promotions"), Promotion, "ends_at"),
    "posts": (_("Posts"), Post, "scheduled_at"),
}


def freshness(tenant_id: str, key: str) -> tuple[str, date | None]:
    """("Market prices", 22 November): what a plan stands on and how old it is."""
    label, model, field = SOURCES[key]
    newest = _newest(model, tenant_id, field)
    return str(label), newest.date() if isinstance(newest, datetime) else newest


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in the shop. ``simulated`` names the parts our generator made."""

    products: int
    variants: int
    orders: int
    lines: int
    market_prices: int
    newest_day: date | None
    today: date
    clock: str
    currency: str
    simulated: tuple[str, ...]
    last_import: ImportRun | None

    @property
    def is_empty(self) -> bool:
        return not (self.products or self.orders)


def summary(tenant_id: str) -> Summary:
    shop = profile(tenant_id)
    imports = ImportRun.objects.filter(tenant_id=tenant_id, status=ImportState.SUCCEEDED)
    return Summary(
        products=Product.objects.filter(tenant_id=tenant_id).count(),
        variants=Variant.objects.filter(tenant_id=tenant_id).count(),
        orders=Order.objects.filter(tenant_id=tenant_id).count(),
        lines=OrderLine.objects.filter(tenant_id=tenant_id).count(),
        market_prices=MarketPrice.objects.filter(
            tenant_id=tenant_id, replaced_on__isnull=True
        ).count(),
        newest_day=newest_day(tenant_id),
        today=today(tenant_id),
        clock=shop.clock,
        currency=shop.currency,
        simulated=simulated_parts(tenant_id),
        last_import=imports.order_by("-finished_at").first(),
    )


def simulated_parts(tenant_id: str) -> tuple[str, ...]:
    """Which kinds of data in this shop came from our generator and not from the shop."""
    parts = {
        _("products"): Product.objects.filter(simulated=True),
        _("costs"): Variant.objects.filter(cost_simulated=True),
        _("orders"): Order.objects.filter(simulated=True),
        _("visits"): TrafficDay.objects.filter(simulated=True),
        _("searches"): SearchQuery.objects.filter(simulated=True),
        _("market prices"): MarketPrice.objects.filter(simulated=True),
        _("campaigns"): Campaign.objects.filter(simulated=True),
        _("posts"): Post.objects.filter(simulated=True),
        _("promotions"): Promotion.objects.filter(simulated=True),
    }
    return tuple(
        str(name) for name, rows in parts.items() if rows.filter(tenant_id=tenant_id).exists()
    )
