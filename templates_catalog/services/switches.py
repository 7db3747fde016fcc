"""A tenant's own switches."""

from django.db import transaction

from core.actors import Actor
from core.errors import NotAllowed
from core.lifecycle import record
from core.scope import require_tenant_id
from templates_catalog.models import TemplateSettings
from tenants.models import Tenant


@transaction.atomic
def set_asks_to_confirm(*, asks: bool, actor: Actor) -> TemplateSettings:
    """Whether an instant run shows its effect first (default), or goes at once."""
    tenant = Tenant.objects.select_for_update().get(pk=require_tenant_id())
    if not actor.has_perm("templates.change_switches", tenant):
        raise NotAllowed(perm="templates.change_switches")
    switches, _made = TemplateSettings.objects.get_or_create(tenant=tenant)
    if switches.asks_to_confirm != asks:
        switches.asks_to_confirm = asks
        switches.save()
        record("templates.confirm_switched", tenant, actor=actor, after=str(asks).lower())
    return switches
