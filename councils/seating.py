"""Who may fill which seat of a round today, and for whom: the one answer behind rule and count.

Holders by name or role; of a council with assignees, those alone; after an escalation the people
of the next council as well; and, for a time, whoever somebody lent their say to. A chair counts
once: who was stood in for does not speak again, and nobody stands in for one who wrote in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import OuterRef
from django.db.models.lookups import IsNull
from django.utils import timezone

from councils.models import Delegation, ReviewRound, RoundSeat, Seat, SeatHolder, Verdict
from councils.quorum import Place
from councils.states import Decision
from drafts.models import Contributor
from tenants.models import Membership


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat of the round; ``people`` names whom each speaks for, and nobody for themselves."""

    seat: RoundSeat
    people: dict[str, str]

    @property
    def place(self) -> Place:
        return Place(self.seat.pk, self.seat.needed, self.seat.stage, frozenset(self.people))


@dataclass(slots=True)
class Table:
    """Everything that says who may sit in one round, read once; verdicts are added as given.

    A seat that cannot be seen (it is not the guest's to see) has nobody, and so is not full.
    """

    asked: list[RoundSeat]
    own: dict[str, set[str]]
    barred: set[str]
    lent: dict[str, str]
    said: list[Verdict]

    @property
    def sittings(self) -> list[Sitting]:
        said = {given.user_id: given.on_behalf_of_id for given in self.said}
        return [
            Sitting(seat, _people(self.own[seat.seat_id], said, self.lent)) for seat in self.asked
        ]

    @property
    def approvers(self) -> list[str]:
        return [given.user_id for given in self.said if given.decision == Decision.APPROVE]


# What was read of each round while a move holds its draft's lock, so that it is read once.
_looks: ContextVar[dict[str, Table] | None] = ContextVar("councils_looks", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, the table of a round is read once: by a move under its lock, or for one page."""
    if _looks.get() is not None:
        yield
        return
    token = _looks.set({})
    try:
        yield
    finally:
        _looks.reset(token)


def look_again() -> None:
    """What was read may be old: somebody was seated, a verdict given or taken back."""
    seen = _looks.get()
    if seen is not None:
        seen.clear()


def verdict_given(given: Verdict) -> None:
    """One more verdict lies on the table; nothing else has changed."""
    seen = _looks.get()
    if seen is not None and given.round_id in seen:
        seen[given.round_id].said.append(given)


def sittings(round_: ReviewRound) -> list[Sitting]:
    return table_of(round_).sittings


def table_of(round_: ReviewRound) -> Table:
    seen = _looks.get()
    if seen is None:
        return _read(round_)
    if round_.pk not in seen:
        seen[round_.pk] = _read(round_)
    return seen[round_.pk]


def _read(round_: ReviewRound) -> Table:
    asked = list(RoundSeat.objects.filter(round=round_).order_by("stage", "name", "id"))
    own = _principals(round_, asked)
    barred = contributor_ids(round_)
    principals = {person for people in own.values() for person in people} - barred
    said = Verdict.objects.filter(round=round_, taken_back_at=None)
    return Table(
        asked,
        own,
        barred,
        _lent(principals, round_),
        list(said.order_by("created_at", "id")),
    )


def _people(own: set[str], said: Mapping[str, str | None], lent: dict[str, str]) -> dict[str, str]:
    spoken_for = {principal for principal in said.values() if principal}
    people = dict.fromkeys(own - spoken_for, "")
    for principal in sorted(own & lent.keys()):
        delegate = lent[principal]
        if principal not in said and delegate not in people and delegate not in said:
            people[delegate] = principal
    # Who stood in keeps the chair when the delegation ends, while the other still has it.
    for person, stood_for in said.items():
        if stood_for in own and person not in people:
            people[person] = str(stood_for)
    return people


def _principals(round_: ReviewRound, asked: Iterable[RoundSeat]) -> dict[str, set[str]]:
    seats = list(Seat.objects.filter(pk__in=[item.seat_id for item in asked]))
    next_seats = (
        list(Seat.objects.filter(council_id=round_.escalated_to_id, is_active=True))
        if round_.escalated_to_id
        else []
    )
    holders = holders_of([*seats, *next_seats])
    stand_ins: set[str] = set().union(*(holders[seat.pk] for seat in next_seats))
    found: dict[str, set[str]] = {item.seat_id: set() for item in asked}
    for seat in seats:
        people = holders[seat.pk]
        if round_.assignee_only and round_.assignee_ids:
            people = people & set(round_.assignee_ids)
        found[seat.pk] = people | stand_ins
    return found


def holders_of(seats: Iterable[Seat]) -> dict[str, set[str]]:
    """Seat → the active people who may sit there now in their own right.

    Named holders, and for a tenant's own councils only while they are its members; members with
    one of the seat's roles.
    """
    seats = list(seats)
    found: dict[str, set[str]] = {seat.pk: set() for seat in seats}
    named = SeatHolder._base_manager.filter(seat__in=found, user__is_active=True)
    for seat_id, user_id in named.values_list("seat_id", "user_id"):
        found[seat_id].add(user_id)
    own = [seat for seat in seats if seat.tenant_id]
    if own:
        roles = dict(
            Membership.objects.filter(tenant_id=own[0].tenant_id, user__is_active=True).values_list(
                "user_id", "role"
            )
        )
        for seat in own:
            found[seat.pk] &= roles.keys()
            found[seat.pk] |= {user for user, role in roles.items() if role in seat.roles}
    return found


def contributor_ids(round_: ReviewRound) -> set[str]:
    """Who wrote in the draft: barred themselves, and with no say to lend."""
    rows = Contributor.objects.filter(draft_id=round_.draft_id)
    return {round_.draft.created_by_id, *rows.values_list("user_id", flat=True)}


def active_delegations() -> QuerySet[Delegation]:
    """The tenant's and the shared ones that hold at this moment."""
    now = timezone.now()
    return Delegation._base_manager.filter(
        ended_at=None, starts_at__lte=now, ends_at__gt=now, to_user__is_active=True
    )


def _lent(principals: set[str], round_: ReviewRound) -> dict[str, str]:
    """Principal → who speaks for them now. A shared council's people lend by shared rows."""
    rows = active_delegations().filter(from_user_id__in=principals)
    members = Membership.objects.filter(tenant_id=round_.tenant_id).values("user_id")
    if _is_shared(round_):
        rows = rows.filter(tenant=None)
    else:
        rows = rows.filter(tenant_id=round_.tenant_id, to_user_id__in=members)
    return dict(rows.values_list("from_user_id", "to_user_id"))


def _is_shared(round_: ReviewRound) -> bool:
    return round_.council.tenant_id is None


def lent_seats(user_id: str) -> QuerySet[Delegation]:
    """For ``Exists``: delegations to this person by somebody who sits on the outer seat."""
    by_role = _among(F("from_user__memberships__role"), OuterRef("roles"))
    return (
        active_delegations()
        .filter(to_user_id=user_id)
        .filter(
            Q(tenant_id=OuterRef("tenant_id"))
            | Q(tenant_id=None) & Q(IsNull(OuterRef("tenant_id"), True))
        )
        .filter(
            Q(from_user__council_seats__seat_id=OuterRef("pk"))
            | Q(from_user__memberships__tenant_id=OuterRef("tenant_id")) & Q(by_role)
        )
    )


def _among(value: F, array: OuterRef) -> Func:
    return Func(
        value,
        array,
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
