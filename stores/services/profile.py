"""The shop's profile, and what a reader needs to know of it."""

import hashlib
import hmac
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.errors import Invalid
from stores import queries
from stores.imports.records import Context
from stores.models import StoreProfile
from stores.models.base import THOUSANDTHS
from tenants.models import Tenant

HASH_LENGTH = 32


def ensure_profile(tenant_id: str) -> StoreProfile:
    """The profile, made from what the tenant says where there is none."""
    fresh = queries.profile(tenant_id)
    if not fresh._state.adding:
        return fresh
    if fresh.currency in THOUSANDTHS:
        message = _("Shops that count in thousandths ({currency}) can't be kept yet.")
        raise Invalid({"currency": [message.format(currency=fresh.currency)]})
    facts = {name: getattr(fresh, name) for name in ("name", "currency", "country", "customer_key")}
    return StoreProfile.objects.get_or_create(tenant_id=tenant_id, defaults=facts)[0]


def reading_context(profile: StoreProfile, *, comma: bool = False) -> Context:
    tenant = Tenant.objects.get(pk=profile.tenant_id)
    return Context(
        zone=ZoneInfo(tenant.timezone),
        today=queries.local_today(tenant.pk),
        currency=profile.currency,
        hash_customer=customer_hash(bytes(profile.customer_key)),
        comma=comma,
    )


def customer_hash(key: bytes) -> Callable[[str], str]:
    """A function: what names a customer → a hash that only this shop's key makes."""

    def hashed(name: str) -> str:
        return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]

    return hashed
