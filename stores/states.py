"""The words a shop's rows may be in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Clock(models.TextChoices):
    """From which day "the last 90 days" count back."""

    HISTORY = "history", _("newest imported day")
    LIVE = "live", _("today")


class ProductStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    DRAFT = "draft", _("draft")
    ARCHIVED = "archived", _("archived")


class LineKind(models.TextChoices):
    """An adjustment is a line that moved stock or books but sold nothing (its price is zero)."""

    SALE = "sale", _("sale")
    RETURN = "return", _("return")
    ADJUSTMENT = "adjustment", _("adjustment")


class Breakdown(models.TextChoices):
    """What a row of traffic is counted by. Rows of two breakdowns are never added up."""

    TOTAL = "total", _("whole shop")
    CHANNEL = "channel", _("channel")
    PAGE = "page", _("landing page")


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("cancelled")


class PostStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")


class PromotionKind(models.TextChoices):
    PERCENT = "percent", _("percent off")
    AMOUNT = "amount", _("amount off")


class ImportKind(models.TextChoices):
    SHOPIFY_PRODUCTS = "shopify_products", _("Shopify products")
    WOOCOMMERCE_PRODUCTS = "woocommerce_products", _("WooCommerce products")
    SHOPIFY_ORDERS = "shopify_orders", _("Shopify orders")
    INVOICE_LINES = "invoice_lines", _("Invoice lines (UCI Online Retail)")


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", _("waiting for your yes")
    QUEUED = "queued", _("waiting to start")
    RUNNING = "running", _("importing")
    SUCCEEDED = "succeeded", _("imported")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


IMPORT_EDGES = (
    (ImportState.PREVIEWED, ImportState.QUEUED),
    (ImportState.PREVIEWED, ImportState.DISCARDED),
    (ImportState.QUEUED, ImportState.RUNNING),
    (ImportState.QUEUED, ImportState.FAILED),
    (ImportState.RUNNING, ImportState.SUCCEEDED),
    (ImportState.RUNNING, ImportState.FAILED),
    (ImportState.RUNNING, ImportState.QUEUED),
)
IMPORT_FINAL = frozenset({ImportState.SUCCEEDED, ImportState.FAILED, ImportState.DISCARDED})
