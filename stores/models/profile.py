"""What a shop says about itself."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from stores.models.base import THOUSANDTHS, one_of
from stores.states import Clock
from tenants.models import TenantOwned

KEY_BYTES = 32


def new_customer_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class StoreProfile(TimeStamped, TenantOwned):
    """One per tenant. ``customer_key`` turns an e-mail address into a hash nobody can guess back.

    It is random and kept here alone: erasing it cuts the last tie between hashes and people.
    """

    id = IdField(prefix="store")
    name = models.CharField(_("shop"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    clock = models.CharField(
        _("clock"), max_length=16, choices=Clock.choices, default=Clock.HISTORY
    )
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    country = models.CharField(_("country"), max_length=2, default="GB")
    customer_key = models.BinaryField(default=new_customer_key, editable=False)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="store_profile_once"),
            one_of(Clock, "clock", table="store_profile"),
            models.CheckConstraint(
                name="store_profile_currency_is_a_code",
                condition=models.Q(currency__regex="^[A-Z]{3}$"),
            ),
            models.CheckConstraint(
                name="store_profile_currency_has_two_digits",
                condition=~models.Q(currency__in=THOUSANDTHS),
            ),
            models.CheckConstraint(
                name="store_profile_country_is_a_code",
                condition=models.Q(country__regex="^[A-Z]{2}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.tenant_id)
