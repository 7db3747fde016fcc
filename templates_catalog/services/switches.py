"""A tenant's own switches."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import record
from core.scope import require_tenant_id
from templates_catalog.models import TemplateSettings
from tenants.models import Tenant

FEWEST, MOST = 1, 50


@transaction.atomic
def change_switches(
    *, actor: Actor, asks_to_confirm: bool | None = None, clean_runs_needed: int | None = None
) -> TemplateSettings:
    """Whether an instant run shows its effect first (default) or goes at once, and how many clean
    reviewed runs a template needs before its council may say yes in advance."""
    tenant = Tenant.objects.select_for_update().get(pk=require_tenant_id())
    if not actor.has_perm("templates.change_switches", tenant):
        raise NotAllowed(perm="templates.change_switches")
    if clean_runs_needed is not None and not FEWEST <= clean_runs_needed <= MOST:
        raise Invalid({"clean_runs_needed": [_("From 1 to 50.")]})
    switches, _made = TemplateSettings.objects.get_or_create(tenant=tenant)
    wanted = {"asks_to_confirm": asks_to_confirm, "clean_runs_needed": clean_runs_needed}
    changed = {
        name: [getattr(switches, name), value]
        for name, value in wanted.items()
        if value is not None and getattr(switches, name) != value
    }
    if changed:
        for name, (_before, value) in changed.items():
            setattr(switches, name, value)
        switches.save()
        record("templates.switches_changed", tenant, actor=actor, data=changed)
    return switches
