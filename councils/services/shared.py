"""Councils the platform keeps for all tenants, written by the staff's login: no other may."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from core.actors import Actor, SystemActor
from core.errors import NotAllowed
from core.routing import on_database
from councils.models import Council, RoutingRule, Seat, SeatHolder

PLATFORM = SystemActor("platform", grants=frozenset({"councils.keep_shared_councils"}))


def keep_shared_council(
    *,
    council_id: str,
    name: str,
    seats: Mapping[str, Sequence[str]],
    description: str = "",
    actor: Actor = PLATFORM,
) -> Council:
    """Make the shared council be so, however it was: ``seats`` are names with the ids of people.

    Its own transaction on the staff's login, so call it outside a tenant's scope.
    """
    _require_platform(actor)
    with on_database("staff"), transaction.atomic("staff"):
        facts = {"name": name, "description": description, "is_active": True, "tenant": None}
        council, _made = Council.objects.update_or_create(pk=council_id, defaults=facts)
        for seat_name, user_ids in seats.items():
            seat, _made = Seat.objects.get_or_create(
                council=council, name=seat_name, defaults={"tenant": None}
            )
            SeatHolder.objects.filter(seat=seat).exclude(user_id__in=user_ids).delete()
            for user_id in user_ids:
                SeatHolder.objects.get_or_create(
                    seat=seat, user_id=user_id, defaults={"tenant": None}
                )
        Seat.objects.filter(council=council).exclude(name__in=seats).update(is_active=False)
    return council


def keep_shared_rules(*, rules: Sequence[Mapping[str, str]], actor: Actor = PLATFORM) -> None:
    """The rules all tenants fall back on: ``name, family, workflow_type_id, council_id``."""
    _require_platform(actor)
    with on_database("staff"), transaction.atomic("staff"):
        RoutingRule.objects.filter(tenant=None).delete()
        for number, rule in enumerate(rules, start=1):
            RoutingRule.objects.create(tenant=None, position=number, **rule)


def _require_platform(actor: Actor) -> None:
    if not actor.has_perm("councils.keep_shared_councils"):
        raise NotAllowed(perm="councils.keep_shared_councils")
