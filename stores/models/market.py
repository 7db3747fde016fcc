"""What others ask for the same thing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.models.base import MONEY, ShopRow, not_negative
from stores.models.catalog import Variant
from tenants.models import TenantKey


class MarketPrice(ShopRow):
    """One seller's price as seen on a day; open until a newer one from that seller replaces it."""

    id = models.BigAutoField(primary_key=True)
    variant = TenantKey(
        Variant, on_delete=models.CASCADE, related_name="market_prices", db_index=False
    )
    seller = models.CharField(_("seller"), max_length=200)
    price = models.DecimalField(_("price"), **MONEY)
    currency = models.CharField(_("currency"), max_length=3)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    observed_on = models.DateField(_("seen on"))
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True)
    simulated = models.BooleanField(_("simulated"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "variant", "seller"],
                name="market_price_open_once",
                condition=Q(replaced_on__isnull=True),
            ),
            *not_negative("price", table="market_price"),
        ]
        indexes = [
            models.Index(fields=["tenant", "variant", "observed_on"], name="market_price_history")
        ]

    def __str__(self) -> str:
        return f"{self.seller} {self.price} {self.currency}"
