"""Limits of a tenant: changed by owners and admins, version by version, and held at every door."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import record
from stores import queries as stores
from tenants.models import Tenant
from workflows import restraints
from workflows.models import LimitSet, Plan
from workflows.models.limits import LIMITS
from workflows.planning.extent import extent_of
from workflows.planning.impact import impact_document
from workflows.planning.limits import breaches
from workflows.types import registry

HIGHEST = {
    "max_items": 10_000_000,
    "max_step_percent": 1_000,
    "max_discount_percent": 100,
    "max_money_at_risk": 999_999_999_999,
    "max_revenue_percent": 100,
    "max_recipients": 1_000_000_000,
}


class OutsideLimits(Invalid):
    """A plan that breaks limits of the tenant: it goes nowhere before one of the two changes."""

    code = "outside_limits"


def breached_limits(plan: Plan) -> list[dict[str, str]]:
    """Judged by the limits of now, which may be narrower than those when it was planned."""
    family = plan.workflow_type_id.partition(".")[0]
    held = restraints.limits_of(family)
    if not held:
        return []
    tenant = Tenant.objects.get(pk=plan.tenant_id)
    return breaches(_impact(plan, tenant.currency), held, tenant.currency)


def _impact(plan: Plan, currency: str) -> Mapping[str, Any]:
    """What the engine found when it planned; reckoned now for a plan older than that."""
    found = plan.summary.get("impact")
    if found is not None:
        return found
    day = stores.today(plan.tenant_id)
    return impact_document(extent_of(plan.tenant_id, day, params={"plan": plan.pk}), currency)


def require_within_limits(plan: Plan) -> None:
    found = breached_limits(plan)
    if found:
        texts = [breach["text"] for breach in found]
        detail = _("This plan is outside the shop's limits.")
        raise OutsideLimits({"limits": texts}, detail, limits=found)


@transaction.atomic
def set_limits(
    *, tenant_id: str, limits: Mapping[str, Any], actor: Actor, family: str = "", number: int = 0
) -> LimitSet:
    """Write the next version; a limit left out or null is off.

    ``number`` is the version the person looked at, 0 before there is any: somebody else's newer
    one is a ``Conflict``.
    """
    tenant = Tenant.objects.get(pk=tenant_id)
    if not actor.has_perm("workflows.manage_limits", tenant):
        raise NotAllowed(perm="workflows.manage_limits")
    wanted = _checked(limits, family)
    before = restraints.limit_set(family)
    if number != (before.number if before else 0):
        raise Conflict(_("Somebody saved newer limits. Look at them before you change them."))
    with _alone():
        made = LimitSet.objects.create(
            tenant=tenant, family=family, number=number + 1, set_by_id=actor.user_id, **wanted
        )
    moved = {name: [_plain(getattr(before, name, None)), _plain(wanted[name])] for name in LIMITS}
    data = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    record("limits.changed", made, actor=actor, data={"family": family, "changed": data})
    return made


@contextmanager
def _alone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        text = _("Somebody saved newer limits. Look at them before you change them.")
        raise Conflict(text) from error


def _checked(limits: Mapping[str, Any], family: str) -> dict[str, Any]:
    errors: dict[str, list[object]] = {
        name: [_("There is no such limit.")] for name in limits if name not in LIMITS
    }
    if family and family not in {kind.family for kind in registry.all()}:
        errors["family"] = [_("There is no such family of workflows.")]
    for name in LIMITS:
        value, most = limits.get(name), HIGHEST[name]
        least = 1 if name == "max_items" else 0
        if value is not None and not least <= Decimal(value) <= most:
            text = _("Has to be between {least} and {most}.")
            errors[name] = [text.format(least=least, most=f"{most:,}")]
    if errors:
        raise Invalid(errors)
    return {name: limits.get(name) for name in LIMITS}


def _plain(value: Any) -> str | None:
    return None if value is None else f"{Decimal(value).normalize():f}"
