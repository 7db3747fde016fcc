"""A tenant's own councils, seats and rules; shared ones are the staff's."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import locked, record
from councils import queries
from councils.models import Council, RoundSeat, Seat, SeatHolder
from councils.policy import FIELDS, council_story
from councils.services.entries import sync_council
from councils.services.policies import remember_policy
from tenants.models import Role
from tenants.queries import member_ids

PLAIN = tuple(FIELDS)


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
    made = queries.council(council.pk)
    record("council.created", council, actor=actor, data=council_story(made))
    remember_policy(tenant_id=tenant_id, actor=actor)
    return made


@transaction.atomic
def update_council(
    *, council_id: str, actor: Actor, seats: Sequence[Mapping] | None = None, **facts: object
) -> Council:
    council = _own(council_id, actor)
    before = council_story(queries.council(council_id))
    _set_plain(council, facts)
    council.save()
    if seats is not None:
        _set_seats(council, seats)
    found = queries.council(council_id)
    after = council_story(found)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        record("council.changed", council, actor=actor, data=changed)
        sync_council(council.pk)
        remember_policy(tenant_id=str(council.tenant_id), actor=actor)
    return found


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
        if name == "escalates_to":
            council.escalates_to = _next_council(council, value)
            continue
        setattr(council, name, value.strip() if isinstance(value, str) else value)
    if not council.name:
        raise Invalid({"name": [_("Give the council a name.")]})
    _require_hours_in_order(council)
    same = Council.objects.filter(tenant_id=council.tenant_id, name=council.name)
    if same.exclude(pk=council.pk).exists():
        raise Conflict(_("There is a council of this name already."))


def _next_council(council: Council, council_id: object) -> Council | None:
    """Of the same tenant: a shared council's member could not count a tenant's own seats."""
    if not council_id:
        return None
    own = Council.objects.filter(tenant_id=council.tenant_id).exclude(pk=council.pk)
    found = own.filter(pk=str(council_id)).first()
    if found is None:
        raise Invalid({"escalates_to": [_("Choose another council of this shop.")]})
    return found


def _require_hours_in_order(council: Council) -> None:
    hours = [council.hours_urgent, council.hours_high, council.hours_normal, council.hours_low]
    if hours != sorted(hours):
        raise Invalid({"hours_low": [_("What is more urgent has to be decided sooner.")]})


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
