"""Shops for platform staff: shown and searched; only imports and runs write them."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from stores.models import (
    Campaign,
    ImportRun,
    MarketPrice,
    Order,
    Post,
    Product,
    Promotion,
    StoreProfile,
    TrafficDay,
    Variant,
)


@admin.register(StoreProfile)
class StoreProfileAdmin(ReadOnlyAdmin):
    list_display = ("name", "tenant", "clock", "currency", "country", "updated_at")
    search_fields = ("name", "tenant__name", "tenant__id")
    list_filter = ("clock",)
    exclude = ("customer_key",)


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    list_display = ("title", "handle", "tenant", "status", "simulated", "updated_at")
    list_filter = ("status", "simulated")
    search_fields = ("id", "title", "handle", "tenant__id")
    list_select_related = ("tenant",)


@admin.register(Variant)
class VariantAdmin(ReadOnlyAdmin):
    list_display = ("sku", "title", "product", "tenant", "price", "compare_at_price", "cost")
    search_fields = ("sku", "external_key", "tenant__id")
    list_select_related = ("tenant", "product")


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "tenant", "placed_at", "currency", "total", "is_return", "simulated")
    search_fields = ("number", "tenant__id")
    list_select_related = ("tenant",)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = (
        *("filename", "tenant", "kind", "status", "rows_read", "rows_kept", "rows_refused"),
        "finished_at",
    )
    list_filter = ("status", "kind")
    search_fields = ("id", "filename", "tenant__id")
    list_select_related = ("tenant",)


@admin.register(TrafficDay)
class TrafficDayAdmin(ReadOnlyAdmin):
    list_display = ("date", "tenant", "breakdown", "name", "sessions", "key_events", "simulated")
    list_filter = ("breakdown", "simulated")
    search_fields = ("name", "tenant__id")
    list_select_related = ("tenant",)


@admin.register(MarketPrice)
class MarketPriceAdmin(ReadOnlyAdmin):
    list_display = ("variant", "tenant", "seller", "price", "currency", "observed_on", "simulated")
    list_filter = ("simulated",)
    search_fields = ("seller", "variant__sku", "tenant__id")
    list_select_related = ("tenant", "variant")


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("name", "tenant", "channel", "status", "scheduled_at", "sent_at", "simulated")
    list_filter = ("status", "simulated")
    search_fields = ("id", "name", "tenant__id")
    list_select_related = ("tenant",)


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ("platform", "tenant", "status", "scheduled_at", "simulated")
    list_filter = ("platform", "status", "simulated")
    search_fields = ("id", "caption", "tenant__id")
    list_select_related = ("tenant",)


@admin.register(Promotion)
class PromotionAdmin(ReadOnlyAdmin):
    list_display = ("name", "tenant", "kind", "value", "starts_at", "ends_at", "simulated")
    search_fields = ("id", "name", "tenant__id")
    list_select_related = ("tenant",)
