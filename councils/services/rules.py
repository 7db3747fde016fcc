"""The tenant's routing rules: written, moved and taken away one by one, or all at once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import locked, record
from councils import queries
from councils.models import Council, FurtherCouncil, RoutingRule
from councils.policy import rule_story
from councils.services.policies import remember_policy
from councils.states import Origin
from tenants.models import Role

TEXTS = ("family", "workflow_type_id", "template_id", "author_role", "origin")
FIGURES = ("risk_at_least", "money_at_least", "items_at_least")
SWITCHES = ("when_unknown", "in_turn")
MOST_COUNCILS = 5


@transaction.atomic
def set_rules(*, tenant_id: str, rules: Sequence[Mapping], actor: Actor) -> list[RoutingRule]:
    """Replace the tenant's own rules by these, in this order; a rule as ``save_rule`` takes it."""
    _require_manager(tenant_id, actor)
    before = _story(tenant_id)
    RoutingRule.objects.filter(tenant_id=tenant_id).delete()
    for number, given in enumerate(rules, start=1):
        _write(RoutingRule(tenant_id=tenant_id, position=number), given)
    return _told(tenant_id, before, actor)


@transaction.atomic
def save_rule(
    *, tenant_id: str, actor: Actor, rule_id: str = "", **given: object
) -> list[RoutingRule]:
    """A new rule at the end, or another wording of the one that is named.

    ``name, family, workflow_type_id, template_id, author_role, origin, risk_at_least,
    money_at_least, items_at_least, when_unknown, in_turn, council_ids`` (all have to say yes).
    """
    _require_manager(tenant_id, actor)
    before = _story(tenant_id)
    own = RoutingRule.objects.filter(tenant_id=tenant_id)
    if rule_id:
        rule = locked(own, rule_id)
    else:
        last = own.order_by("-position").values_list("position", flat=True).first() or 0
        rule = RoutingRule(tenant_id=tenant_id, position=last + 1)
    _write(rule, given)
    return _told(tenant_id, before, actor)


@transaction.atomic
def move_rule(*, tenant_id: str, rule_id: str, up: bool, actor: Actor) -> list[RoutingRule]:
    """One place up or down; at the end nothing happens."""
    _require_manager(tenant_id, actor)
    before = _story(tenant_id)
    own = list(
        RoutingRule.objects.select_for_update()
        .filter(tenant_id=tenant_id)
        .order_by("position", "id")
    )
    here = next((i for i, rule in enumerate(own) if rule.pk == rule_id), None)
    if here is None:
        locked(RoutingRule.objects.none(), rule_id)
        return []
    there = here - 1 if up else here + 1
    if 0 <= there < len(own):
        own[here], own[there] = own[there], own[here]
    for position, rule in enumerate(own, start=1):
        rule.position = position
    RoutingRule.objects.bulk_update(own, ["position"])
    return _told(tenant_id, before, actor)


@transaction.atomic
def remove_rule(*, tenant_id: str, rule_id: str, actor: Actor) -> list[RoutingRule]:
    _require_manager(tenant_id, actor)
    before = _story(tenant_id)
    locked(RoutingRule.objects.filter(tenant_id=tenant_id), rule_id).delete()
    return _told(tenant_id, before, actor)


def _require_manager(tenant_id: str, actor: Actor) -> None:
    if not actor.has_perm("councils.manage_councils", Council(tenant_id=tenant_id)):
        raise NotAllowed(perm="councils.manage_councils")


def _told(tenant_id: str, before: list, actor: Actor) -> list[RoutingRule]:
    after = _story(tenant_id)
    if after != before:
        subject = Council(pk="", tenant_id=tenant_id)
        record("council.rules_changed", subject, actor=actor, data={"rules": [before, after]})
        remember_policy(tenant_id=tenant_id, actor=actor)
    return [rule for rule in queries.routing_rules() if rule.tenant_id == tenant_id]


def _write(rule: RoutingRule, given: Mapping) -> None:
    councils = _councils(given)
    _set_conditions(rule, given)
    rule.name = (str(given.get("name") or "").strip() or councils[0].name)[:120]
    rule.council = councils[0]
    rule.save()
    FurtherCouncil.objects.filter(rule=rule).delete()
    for position, council in enumerate(councils[1:], start=1):
        FurtherCouncil.objects.create(
            tenant_id=rule.tenant_id, rule=rule, council=council, position=position
        )


def _councils(given: Mapping) -> list[Council]:
    wanted = list(given.get("council_ids") or [])
    if given.get("council_id") and given["council_id"] not in wanted:
        wanted.insert(0, given["council_id"])
    wanted = list(dict.fromkeys(one for one in wanted if one))
    found = {council.pk: council for council in Council.objects.filter(pk__in=wanted)}
    if not wanted or len(found) != len(wanted):
        raise Invalid({"rules": [_("There is no such council.")]})
    if len(wanted) > MOST_COUNCILS:
        raise Invalid({"rules": [_("At most {n} councils.").format(n=MOST_COUNCILS)]})
    if len({council.tenant_id for council in found.values()}) > 1:
        raise Invalid(
            {"rules": [_("Councils of one rule are either all your own or all shared ones.")]}
        )
    return [found[pk] for pk in wanted]


def _set_conditions(rule: RoutingRule, given: Mapping) -> None:
    if given.get("family") and given.get("workflow_type_id"):
        raise Invalid({"rules": [_("A rule names a family or a type, not both.")]})
    if given.get("author_role") and given["author_role"] not in Role.values:
        raise Invalid({"rules": [_("“{role}” is not a role.").format(role=given["author_role"])]})
    if given.get("origin") and given["origin"] not in Origin.values:
        raise Invalid({"rules": [_("This is not a place drafts come from.")]})
    for name in TEXTS:
        setattr(rule, name, str(given.get(name) or ""))
    for name in FIGURES:
        setattr(rule, name, _figure(given.get(name)))
    for name in SWITCHES:
        setattr(rule, name, bool(given.get(name)))


def _figure(value: object) -> Decimal | int | None:
    return None if value in (None, "") else value  # type: ignore[return-value]


def _story(tenant_id: str) -> list[dict[str, object]]:
    own = [rule for rule in queries.routing_rules() if rule.tenant_id == tenant_id]
    return [rule_story(rule) for rule in own]
