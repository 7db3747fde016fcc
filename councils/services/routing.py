"""Which council gets a draft, and whether that council could decide it at all."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Conflict, Invalid
from councils import queries
from councils.models import Council, RoutingRule, Seat
from councils.quorum import Place, is_complete, lacking
from drafts.models import Draft


class Unreviewable(Conflict):
    """No council can decide this draft: said with what to do about it, never left in limbo."""

    code = "no_council"


@dataclass(frozen=True, slots=True)
class Route:
    """The council, the seats it will be asked for, and why it is this one."""

    council: Council
    seats: list[Seat]
    why: str
    rule_id: str = ""


def route_of(draft: Draft, *, council_id: str | None = None) -> Route:
    """The named council, or the first rule that fits; it has to be able to decide."""
    route = _named(council_id) if council_id else _ruled(draft)
    _require_quorum_possible(draft, route)
    return route


def _named(council_id: str) -> Route:
    council = queries.councils().filter(pk=council_id, is_active=True).first()
    if council is None:
        raise Invalid({"council_id": [_("There is no such council.")]})
    return Route(council, list(council.seats.all()), _("Chosen when it was submitted"))


def _ruled(draft: Draft) -> Route:
    for number, rule in enumerate(queries.routing_rules(), start=1):
        if _fits(rule, draft):
            council = queries.council(rule.council_id)
            why = _("Rule {number}: {name}").format(number=number, name=rule.name)
            return Route(council, list(council.seats.all()), why[:300], rule.pk)
    raise Unreviewable(
        _(
            "No routing rule sends a draft of this kind to a council."
            " An owner or admin can add one under Settings, Councils."
        )
    )


def _fits(rule: RoutingRule, draft: Draft) -> bool:
    if rule.workflow_type_id:
        return rule.workflow_type_id == draft.workflow_type_id
    return rule.family in ("", draft.workflow_type_id.partition(".")[0])


def _require_quorum_possible(draft: Draft, route: Route) -> None:
    """Everyone who may sit there minus everyone who wrote in the draft has to be enough."""
    barred = queries.barred_ids(draft)
    holders = queries.holders_of(route.seats)
    places = [
        Place(seat.pk, seat.needed, seat.stage, frozenset(holders[seat.pk] - barred))
        for seat in route.seats
    ]
    people = sorted({person for place in places for person in place.holders})
    if is_complete(places, people):
        return
    raise Unreviewable(_why_not(route, places, people), council_id=route.council.pk)


def _why_not(route: Route, places: list[Place], people: list[str]) -> str:
    if not places:
        return _(
            "{council} has no seats, so nobody there could decide."
            " An owner or admin can add seats under Settings, Councils."
        ).format(council=route.council.name)
    names = {seat.pk: seat.name for seat in route.seats}
    missing = ", ".join(names[place.id] for place in lacking(places, people))
    return _(
        "Too few people in {council} may decide this draft: {seats} cannot be filled by anyone"
        " who did not write in it. An owner or admin can seat someone under Settings, Councils."
    ).format(council=route.council.name, seats=missing)
