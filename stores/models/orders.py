"""Orders and their lines. Lines are bulk rows: no id of their own, few indexes, set-based checks.

Sales of one product are found by the day index or by the variant index; measured on 541,909
lines, a wider index on (tenant, variant, day) cost more than all others together.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stores.models.base import MONEY, ShopRow, not_negative
from stores.models.bulk import BulkKey, lines_refer, no_lines_left
from stores.models.catalog import Variant
from stores.states import LineKind


class Order(ShopRow):
    """``customer_hash`` is a keyed hash; no name, address or e-mail is ever stored."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(_("number"), max_length=64, db_collation="C")
    placed_at = models.DateTimeField(_("placed"))
    customer_hash = models.CharField(max_length=32, blank=True, db_collation="C")
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=64, blank=True)
    is_return = models.BooleanField(_("return"), default=False)
    financial_status = models.CharField(_("payment"), max_length=32, blank=True)
    fulfillment_status = models.CharField(_("delivery"), max_length=32, blank=True)
    discount_code = models.CharField(_("discount code"), max_length=255, blank=True)
    discount = models.DecimalField(_("discount"), null=True, blank=True, **MONEY)
    shipping = models.DecimalField(_("shipping"), null=True, blank=True, **MONEY)
    taxes = models.DecimalField(_("taxes"), null=True, blank=True, **MONEY)
    total = models.DecimalField(_("total"), null=True, blank=True, **MONEY)
    refunded = models.DecimalField(_("refunded"), null=True, blank=True, **MONEY)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    simulated = models.BooleanField(_("simulated"), default=False)
    extra = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="order_number_once"),
            *not_negative("discount", "shipping", "taxes", "total", "refunded", table="order"),
        ]
        indexes = [
            models.Index(fields=["tenant", "placed_at"], name="order_by_time"),
            models.Index(
                fields=["tenant", "customer_hash", "placed_at"],
                name="order_by_customer",
                condition=~Q(customer_hash=""),
            ),
        ]
        triggers = [no_lines_left("order_id")]

    def __str__(self) -> str:
        return self.number


class OrderLine(ShopRow):
    """Key: order and ordinal inside it, so that exact duplicates stay two lines.

    ``quantity`` is signed: what came back is negative. ``amount`` is what the line brought in.
    """

    pk = models.CompositePrimaryKey("tenant_id", "order_id", "ordinal")
    tenant = BulkKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+")
    order = BulkKey(Order, on_delete=models.CASCADE, related_name="lines")
    ordinal = models.IntegerField()
    variant = BulkKey(Variant, on_delete=models.PROTECT, null=True, related_name="lines")
    title = models.CharField(max_length=500, null=True)
    placed_on = models.DateField()
    kind = models.CharField(max_length=10, choices=LineKind.choices, db_collation="C")
    quantity = models.IntegerField()
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    discount = models.DecimalField(db_default=0, **MONEY)
    amount = models.GeneratedField(
        expression=F("quantity") * F("unit_price") - F("discount"),
        output_field=models.DecimalField(max_digits=18, decimal_places=4),
        db_persist=True,
    )
    extra = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            *not_negative("unit_price", "discount", table="order_line"),
            models.CheckConstraint(  # names every kind there is
                name="order_line_sign",
                condition=Q(kind=LineKind.SALE, quantity__gt=0)
                | Q(kind=LineKind.RETURN, quantity__lt=0)
                | Q(kind=LineKind.ADJUSTMENT),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "placed_on"], name="order_line_by_day"),
            models.Index(fields=["variant"], name="order_line_of_variant"),
        ]
        triggers = [
            lines_refer(pgtrigger.Insert, "insert_refers"),
            lines_refer(pgtrigger.Update, "update_refers"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.ordinal}"
