"""Which councils get a draft, why, and whether they could decide it at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.errors import Conflict, Invalid
from councils import queries
from councils.matching import Facts, Trial, tried
from councils.models import Council, Seat
from councils.quorum import Place, is_complete, lacking
from councils.seating import holders_of
from councils.states import Origin
from drafts.models import Draft
from tenants.models import Membership
from tenants.queries import tenant

NO_RULE = _l(
    "No routing rule sends a draft of this kind to a council."
    " An owner or admin can add one under Settings, Councils."
)


class Unreviewable(Conflict):
    """No council can decide this draft: said with what to do about it, never left in limbo."""

    code = "no_council"


@dataclass(frozen=True, slots=True)
class AskedSeat:
    """A seat as the round will ask for it; councils asked in turn start at later stages."""

    seat: Seat
    stage: int
    council: Council


@dataclass(frozen=True, slots=True)
class Route:
    """The councils, the seats they will be asked for, and why it is they."""

    councils: list[Council]
    seats: list[AskedSeat]
    why: str
    rule_id: str = ""

    @property
    def council(self) -> Council:
        return self.councils[0]

    @property
    def further_ids(self) -> list[str]:
        return [council.pk for council in self.councils[1:]]


def route_of(draft: Draft, *, council_id: str | None = None) -> Route:
    """By the first rule that fits, or the council that was named; it has to be able to decide."""
    route = _route(draft, council_id)
    _require_quorum_possible(draft, route)
    return route


def find_route(draft: Draft) -> Route | None:
    """By the first rule that fits, whether or not it could decide; for telling people."""
    try:
        return _route(draft, None)
    except Unreviewable:
        return None


def facts_of(draft: Draft) -> Facts:
    """What is known now. Before the preview the figures are not."""
    summary = draft.plan.summary if draft.plan else {}
    impact, risk = summary.get("impact") or {}, summary.get("risk") or {}
    money = impact.get("money_at_risk") or {}
    items = impact.get("items", draft.plan.change_count if draft.plan else None)
    shop = tenant(draft.tenant_id)
    return Facts(
        workflow_type_id=draft.workflow_type_id,
        template_id=draft.created_from_template_id or "",
        author_role=_role_of(draft),
        origin=_origin_of(draft),
        risk=_whole(risk.get("score")),
        money=_amount(money.get("amount")),
        items=_whole(items),
        currency=money.get("currency") or shop.currency,
        why_no_money=str(impact.get("why_no_money") or ""),
    )


def trials(facts: Facts) -> list[Trial]:
    """Each rule in order, with why it fires or why it does not."""
    return tried(queries.routing_rules(), facts)


def choosable(draft: Draft, found: Sequence[Trial] | None = None) -> list[Council]:
    """The councils an author may name: those of the rule that fires, and those the tenant marks.

    A rule that fires for a figure (risk, money, items) is not to be walked round: with it only
    its own councils may be named.
    """
    found = trials(facts_of(draft)) if found is None else found
    rule = next((trial.rule for trial in found if trial.fires), None)
    allowed = {council.pk: council for council in rule.councils[:1]} if rule else {}
    if rule is None or not rule.has_figures:
        marked = queries.councils().filter(is_active=True, is_choosable=True)
        allowed |= {council.pk: council for council in marked}
    return sorted(allowed.values(), key=lambda council: (council.name, council.pk))


def _route(draft: Draft, council_id: str | None) -> Route:
    found = trials(facts_of(draft))
    fired = next((trial for trial in found if trial.fires), None)
    if council_id and (fired is None or council_id != fired.rule.council_id):
        return _chosen(draft, council_id, found)
    if fired is None:
        raise Unreviewable(str(NO_RULE))
    why = _("Rule {number}: {name}").format(number=fired.number, name=fired.rule.name)
    councils = _full([council.pk for council in fired.rule.councils])
    _require_all(fired.rule.councils, councils)
    return Route(councils, _asked(councils, fired.rule.in_turn), why[:300], fired.rule.pk)


def _require_all(wanted: Sequence[Council], found: Sequence[Council]) -> None:
    """A council that rests is not left out in silence: its yes was asked for."""
    resting = [c.name for c in wanted if c.pk not in {one.pk for one in found}]
    if resting:
        raise Unreviewable(
            _(
                "The rule asks {councils} as well, which does not review now."
                " An owner or admin can change that under Settings, Councils."
            ).format(councils=", ".join(resting))
        )


def _chosen(draft: Draft, council_id: str, found: Sequence[Trial]) -> Route:
    councils = _full([council_id])
    if not councils:
        raise Invalid({"council_id": [_("There is no such council.")]})
    allowed = choosable(draft, found)
    if council_id not in {council.pk for council in allowed}:
        names = ", ".join(council.name for council in allowed) or _("none")
        raise Invalid(
            {
                "council_id": [
                    _(
                        "This draft cannot go to {council}. Councils you may choose: {names}."
                    ).format(council=councils[0].name, names=names)
                ]
            }
        )
    return Route(councils, _asked(councils, False), _("Chosen when it was submitted"))


def _full(council_ids: Sequence[str]) -> list[Council]:
    found = {c.pk: c for c in queries.councils().filter(pk__in=council_ids, is_active=True)}
    return [found[pk] for pk in council_ids if pk in found]


def _asked(councils: Sequence[Council], in_turn: bool) -> list[AskedSeat]:
    asked: list[AskedSeat] = []
    for council in councils:
        later = max((one.stage for one in asked), default=0) if in_turn else 0
        asked += [AskedSeat(seat, seat.stage + later, council) for seat in council.seats.all()]
    return asked


def places_of(route: Route, barred: set[str]) -> list[Place]:
    """The seats with everyone who could sit there and did not write in the draft."""
    holders = holders_of([one.seat for one in route.seats])
    return [
        Place(one.seat.pk, one.seat.needed, one.stage, frozenset(holders[one.seat.pk] - barred))
        for one in route.seats
    ]


def _require_quorum_possible(draft: Draft, route: Route) -> None:
    """Everyone who may sit there minus everyone who wrote in the draft has to be enough."""
    empty = [c.name for c in route.councils if c.pk not in {s.council.pk for s in route.seats}]
    if empty:
        raise Unreviewable(
            _(
                "{council} has no seats, so nobody there could decide."
                " An owner or admin can add seats under Settings, Councils."
            ).format(council=", ".join(empty)),
            council_id=route.council.pk,
        )
    places = places_of(route, queries.barred_ids(draft))
    people = sorted({person for place in places for person in place.holders})
    if not is_complete(places, people):
        raise Unreviewable(_who_lacks(route, places, people), council_id=route.council.pk)


def _who_lacks(route: Route, places: list[Place], people: list[str]) -> str:
    names = {one.seat.pk: one.seat.name for one in route.seats}
    missing = ", ".join(names[place.id] for place in lacking(places, people))
    return _(
        "Too few people in {council} may decide this draft: {seats} cannot be filled by anyone"
        " who did not write in it. An owner or admin can seat someone under Settings, Councils."
    ).format(council=", ".join(council.name for council in route.councils), seats=missing)


def _role_of(draft: Draft) -> str:
    found = Membership.objects.filter(tenant_id=draft.tenant_id, user_id=draft.created_by_id)
    return found.values_list("role", flat=True).first() or ""


def _origin_of(draft: Draft) -> str:
    if draft.created_from_proposal_id:
        return Origin.PROPOSAL
    return Origin.TEMPLATE if draft.created_from_template_id else Origin.PERSON


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _amount(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


def typed_facts(given: Mapping[str, Any], currency: str) -> Facts:
    """Facts somebody typed into the test bench; what they left out is not known."""
    return Facts(
        workflow_type_id=str(given.get("workflow_type_id") or ""),
        template_id=str(given.get("template_id") or ""),
        author_role=str(given.get("author_role") or ""),
        origin=str(given.get("origin") or Origin.PERSON),
        risk=_whole(given.get("risk")),
        money=_amount(given.get("money")),
        items=_whole(given.get("items")),
        currency=currency,
    )
