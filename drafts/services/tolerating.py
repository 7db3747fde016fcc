"""The tenant's tolerance: off until an owner or admin sets it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import record
from drafts.models import Tolerance

SETTINGS = ("is_on", "is_automatic", "items_percent", "value_percent", "money_percent")


@transaction.atomic
def set_tolerance(*, tenant_id: str, actor: Actor, **given: object) -> Tolerance:
    """What is given of ``SETTINGS``; the audit keeps both values of what changed."""
    held = Tolerance.objects.select_for_update().filter(tenant_id=tenant_id).first()
    tolerance = held or Tolerance(tenant_id=tenant_id)
    if not actor.has_perm("drafts.set_tolerance", tolerance):
        raise NotAllowed(perm="drafts.set_tolerance")
    before = _facts(tolerance)
    for name, value in given.items():
        if name not in SETTINGS:
            raise Invalid({name: [_("This cannot be changed.")]})
        setattr(tolerance, name, value)
    _check(tolerance)
    tolerance.save()
    tolerance.refresh_from_db()
    after = _facts(tolerance)
    changed = {
        name: [before[name], after[name]] for name in SETTINGS if before[name] != after[name]
    }
    if changed:
        record("tenant.tolerance_changed", tolerance, actor=actor, data=changed)
    return tolerance


def _check(tolerance: Tolerance) -> None:
    if not tolerance.is_on:
        tolerance.is_automatic = False
    try:
        tolerance.clean_fields(exclude=["id", "tenant"])
    except ValidationError as error:
        raise Invalid({name: list(texts) for name, texts in error.message_dict.items()}) from error


def _facts(tolerance: Tolerance) -> dict[str, object]:
    facts = {name: getattr(tolerance, name) for name in SETTINGS}
    return {
        name: f"{Decimal(value):.2f}" if name.endswith("percent") else value
        for name, value in facts.items()
    }
