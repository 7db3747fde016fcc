"""A tenant's own councils, seats and rules; shared ones are the staff's."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import locked, record
from councils import queries
from councils.models import Council, RoundSeat, RoutingRule, Seat, SeatHolder
from councils.services.entries import sync_council
from tenants.models import Role
from tenants.queries import member_ids

PLAIN = ("name", "description", "is_active", "approval_days")


@transaction.atomic
def create_council(
    *, tenant_id: str, name: str, actor: Actor, seats: Sequence[Mapping] = (), **facts: object
) -> Council:
    """``seats``: dictionaries of ``name, needed, stage, roles, user_ids``."""
    council = Council(tenant_id=tenant_id)
    _require_manager(council, actor)
    _set_plain(council, {"name": name, **facts})
    council.save(force_insert=True)
    _set_seats(council, seats)
    data = {"name": council.name, "seats": _seat_story(council)}
    record("council.created", council, actor=actor, data=data)
    return queries.council(council.pk)


@transaction.atomic
def update_council(
    *, council_id: str, actor: Actor, seats: Sequence[Mapping] | None = None, **facts: object
) -> Council:
    council = _own(council_id, actor)
    before = {name: getattr(council, name) for name in PLAIN} | {"seats": _seat_story(council)}
    _set_plain(council, facts)
    council.save()
    if seats is not None:
        _set_seats(council, seats)
    after = {name: getattr(council, name) for name in PLAIN} | {"seats": _seat_story(council)}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        record("council.changed", council, actor=actor, data=changed)
        sync_council(council.pk)
    return queries.council(council.pk)


@transaction.atomic
def set_rules(*, tenant_id: str, rules: Sequence[Mapping], actor: Actor) -> list[RoutingRule]:
    """Replace the tenant's own rules by these, in this order: ``name, family, workflow_type_id,
    council_id``."""
    if not actor.has_perm("councils.manage_councils", Council(tenant_id=tenant_id)):
        raise NotAllowed(perm="councils.manage_councils")
    old = RoutingRule.objects.filter(tenant_id=tenant_id)
    before = [_rule_story(rule) for rule in old.order_by("position")]
    old.delete()
    made = [_rule(tenant_id, number, rule) for number, rule in enumerate(rules, start=1)]
    RoutingRule.objects.bulk_create(made)
    after = [_rule_story(rule) for rule in made]
    subject = Council(pk="", tenant_id=tenant_id)
    record("council.rules_changed", subject, actor=actor, data={"rules": [before, after]})
    return made


def _own(council_id: str, actor: Actor) -> Council:
    council = locked(Council, council_id)
    if council.tenant_id is None:
        raise NotAllowed(_("Shared councils are kept by the platform."))
    _require_manager(council, actor)
    return council


def _require_manager(council: Council, actor: Actor) -> None:
    if not actor.has_perm("councils.manage_councils", council):
        raise NotAllowed(perm="councils.manage_councils")


def _set_plain(council: Council, facts: Mapping[str, object]) -> None:
    for name, value in facts.items():
        if name not in PLAIN:
            raise Invalid({name: [_("This cannot be changed.")]})
        setattr(council, name, value.strip() if isinstance(value, str) else value)
    if not council.name:
        raise Invalid({"name": [_("Give the council a name.")]})
    same = Council.objects.filter(tenant_id=council.tenant_id, name=council.name)
    if same.exclude(pk=council.pk).exists():
        raise Conflict(_("There is a council of this name already."))


def _set_seats(council: Council, wanted: Sequence[Mapping]) -> None:
    names = [str(seat["name"]).strip() for seat in wanted]
    if len(set(names)) != len(names) or "" in names:
        raise Invalid({"seats": [_("Each seat needs a name of its own.")]})
    present = {seat.name: seat for seat in Seat.objects.filter(council=council)}
    for name, given in zip(names, wanted, strict=True):
        seat = present.pop(name, None) or Seat(tenant_id=council.tenant_id, council=council)
        seat.name = name
        seat.needed = given.get("needed", 1)
        seat.stage = given.get("stage", 1)
        seat.roles = _roles(given.get("roles", []))
        seat.is_active = True
        seat.save()
        _set_holders(seat, given.get("user_ids", []))
    for seat in present.values():
        _remove(seat)


def _roles(roles: Sequence[str]) -> list[str]:
    unknown = sorted(set(roles) - set(Role.values))
    if unknown:
        raise Invalid({"seats": [_("“{role}” is not a role.").format(role=unknown[0])]})
    return sorted(set(roles))


def _set_holders(seat: Seat, user_ids: Sequence[str]) -> None:
    strangers = sorted(set(user_ids) - set(member_ids(str(seat.tenant_id))))
    if strangers:
        raise Invalid({"seats": [_("Only members of this tenant can sit in its councils.")]})
    SeatHolder.objects.filter(seat=seat).exclude(user_id__in=user_ids).delete()
    SeatHolder.objects.bulk_create(
        [
            SeatHolder(tenant_id=seat.tenant_id, seat=seat, user_id=user_id)
            for user_id in sorted(set(user_ids))
        ],
        ignore_conflicts=True,
    )


def _remove(seat: Seat) -> None:
    """A seat that was ever asked stays for the record, empty."""
    SeatHolder.objects.filter(seat=seat).delete()
    if RoundSeat.objects.filter(seat=seat).exists():
        seat.is_active = False
        seat.roles = []
        seat.save()
    else:
        seat.delete()


def _seat_story(council: Council) -> list[dict[str, object]]:
    seats = Seat.objects.filter(council=council, is_active=True).order_by("stage", "name")
    holders = SeatHolder.objects.filter(seat__council=council).order_by("user_id")
    return [
        {
            "name": seat.name,
            "needed": seat.needed,
            "stage": seat.stage,
            "roles": list(seat.roles),
            "user_ids": [held.user_id for held in holders if held.seat_id == seat.pk],
        }
        for seat in seats
    ]


def _rule(tenant_id: str, number: int, given: Mapping) -> RoutingRule:
    council = Council.objects.filter(pk=given.get("council_id")).first()
    if council is None:
        raise Invalid({"rules": [_("There is no such council.")]})
    if given.get("family") and given.get("workflow_type_id"):
        raise Invalid({"rules": [_("A rule names a family or a type, not both.")]})
    return RoutingRule(
        tenant_id=tenant_id,
        position=number,
        name=str(given.get("name") or council.name)[:120],
        family=given.get("family", ""),
        workflow_type_id=given.get("workflow_type_id", ""),
        council=council,
    )


def _rule_story(rule: RoutingRule) -> dict[str, object]:
    return {
        "name": rule.name,
        "family": rule.family,
        "workflow_type_id": rule.workflow_type_id,
        "council_id": rule.council_id,
    }
