"""Products, their variants and pictures."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from stores.models.base import MONEY, ShopRow, not_negative, one_of
from stores.models.bulk import no_lines_left
from stores.states import ProductStatus
from tenants.models import TenantKey


class Product(TimeStamped, ShopRow):
    """``external_key`` is how the shop's own exports name it, and never changes; ``handle`` may."""

    id = IdField(prefix="product")
    external_key = models.CharField(max_length=255, db_collation="C")
    handle = models.CharField(_("handle"), max_length=255, blank=True, db_collation="C")
    title = models.CharField(_("title"), max_length=500)
    description_html = models.TextField(_("description"), blank=True)
    vendor = models.CharField(_("vendor"), max_length=255, blank=True)
    product_type = models.CharField(_("type"), max_length=255, blank=True)
    category = models.CharField(_("category"), max_length=500, blank=True)
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=ProductStatus.choices, default=ProductStatus.ACTIVE
    )
    seo_title = models.CharField(_("search title"), max_length=500, blank=True)
    seo_description = models.TextField(_("search description"), blank=True)
    position = models.IntegerField(_("place in lists"), default=0)
    is_featured = models.BooleanField(_("featured"), default=False)
    needs_image = models.BooleanField(_("picture wanted"), default=False)
    simulated = models.BooleanField(_("simulated"), default=False)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_key"], name="product_key_once"),
            models.UniqueConstraint(
                fields=["tenant", "handle"], name="product_handle_once", condition=~Q(handle="")
            ),
            models.CheckConstraint(name="product_has_a_title", condition=Q(title__regex=r"\S")),
            one_of(ProductStatus, "status", table="product"),
        ]
        indexes = [models.Index(fields=["tenant", "id"], name="product_by_id")]

    def __str__(self) -> str:
        return self.title


class Variant(TimeStamped, ShopRow):
    """What is sold and priced. A price that is not known is NULL, never zero."""

    id = models.BigAutoField(primary_key=True)
    product = TenantKey(Product, on_delete=models.CASCADE, related_name="variants", db_index=False)
    external_key = models.CharField(max_length=512, db_collation="C")
    sku = models.CharField("SKU", max_length=255, blank=True, db_collation="C")
    barcode = models.CharField(_("barcode"), max_length=64, blank=True)
    title = models.CharField(_("variant"), max_length=500, blank=True)
    options = models.JSONField(default=list, blank=True)
    position = models.IntegerField(default=0)
    price = models.DecimalField(_("price"), null=True, blank=True, **MONEY)
    compare_at_price = models.DecimalField(_("compare-at price"), null=True, blank=True, **MONEY)
    cost = models.DecimalField(_("cost"), null=True, blank=True, **MONEY)
    cost_simulated = models.BooleanField(_("cost is simulated"), default=False)
    inventory_quantity = models.IntegerField(_("in stock"), null=True, blank=True)
    weight_grams = models.DecimalField(
        _("weight in grams"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_key"], name="variant_key_once"),
            *not_negative("price", "compare_at_price", "cost", "weight_grams", table="variant"),
        ]
        indexes = [
            models.Index(fields=["tenant", "product", "position", "id"], name="variant_of_product"),
            models.Index(fields=["tenant", "sku"], name="variant_by_sku", condition=~Q(sku="")),
        ]
        triggers = [no_lines_left("variant_id")]

    def __str__(self) -> str:
        return self.title or self.sku or self.external_key


class ProductImage(TimeStamped, ShopRow):
    id = models.BigAutoField(primary_key=True)
    product = TenantKey(Product, on_delete=models.CASCADE, related_name="images", db_index=False)
    variant = TenantKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="images"
    )
    url = models.CharField(_("address"), max_length=2000, db_collation="C")
    position = models.IntegerField(default=1)
    alt = models.CharField(_("alt text"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "product", "url"], name="product_image_once"),
        ]

    def __str__(self) -> str:
        return self.alt or self.url
