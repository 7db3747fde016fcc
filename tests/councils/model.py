"""What a review should do, thought out a second time and as plainly as possible.

The state machine drives the product and this model side by side. Nothing here calls the product's
own counting: seats are filled by trying every way there is.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ROLES = {
    "olivia": "owner",
    "adam": "admin",
    "eddie": "editor",
    "bob": "editor",
    "vera": "viewer",
    "rita": "viewer",
    "ron": "viewer",
}
PEOPLE = tuple(ROLES)
# Both seats of the first council have to be filled; the second one may fill them once it is late.
SEATS = {"Brand": {"rita", "vera", "bob"}, "Finance": {"ron", "vera"}}
NEXT = {"adam", "olivia"}
HOURS = 48


@dataclass
class Said:
    who: str
    decision: str
    on_behalf: str | None
    fingerprint: str
    stands: bool = True


@dataclass
class DraftModel:
    author: str
    status: str = "editing"
    wrote: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    revision: int = 0
    fingerprint: str = ""
    said: list[Said] = field(default_factory=list)
    spoke: set[str] = field(default_factory=set)
    escalated: bool = False
    owners_told: bool = False
    reminded: bool = False
    due: datetime | None = None
    remind: datetime | None = None
    approved_until: datetime | None = None
    by_council: bool = False
    claimed_by: str | None = None
    claimed_until: datetime | None = None

    def standing(self, decision: str | None = None) -> list[Said]:
        return [s for s in self.said if s.stands and decision in (None, s.decision)]


@dataclass
class World:
    """Everything the moves may depend on, and who should have been told of what."""

    now: datetime
    drafts: dict[str, DraftModel] = field(default_factory=dict)
    lent: list[tuple[str, str, datetime, datetime, str]] = field(default_factory=list)
    open_after: dict[str, tuple[str, str, set[str]]] = field(default_factory=dict)
    told: Counter = field(default_factory=Counter)

    def tell(self, kind: str, people) -> None:
        self.told.update((person, kind) for person in people)

    def delegates(self) -> dict[str, str]:
        return {who: to for who, to, start, end, _pk in self.lent if start <= self.now < end}

    def chairs(self, draft: DraftModel) -> list[dict[str, set[str]]]:
        """Seat by seat: person → the people whose chair they could take there."""
        lent = self.delegates()
        said = {s.who: s.on_behalf for s in draft.standing()}
        found = []
        for holders in SEATS.values():
            own = holders | (NEXT if draft.escalated else set())
            people = {p: {p} for p in own if p not in said.values()}
            for person in own - draft.wrote - said.keys():
                delegate = lent.get(person)
                if delegate and delegate not in people and delegate not in said:
                    people[delegate] = {person}
            for person, stood_for in said.items():
                if stood_for in own and person not in people:
                    people[person] = {stood_for}
            found.append(people)
        return found

    def most_filled(self, draft: DraftModel, people: list[str]) -> int:
        """Every way of sitting down, tried: one chair a person."""
        chairs = self.chairs(draft)

        def best(seat: int, left: frozenset[str]) -> int:
            if seat == len(chairs):
                return 0
            ways = [best(seat + 1, left)]
            ways += [1 + best(seat + 1, left - {p}) for p in left if p in chairs[seat]]
            return max(ways)

        return best(0, frozenset(people))

    def approvers(self, draft: DraftModel) -> list[str]:
        return [s.who for s in draft.standing("approve")]

    def is_full(self, draft: DraftModel) -> bool:
        return self.most_filled(draft, self.approvers(draft)) == len(SEATS)

    def sits(self, draft: DraftModel, person: str) -> bool:
        return person not in draft.wrote and any(person in chair for chair in self.chairs(draft))

    def waiting(self, draft: DraftModel) -> set[str]:
        """Whose approval would fill one more seat."""
        spoke, approvers = {s.who for s in draft.standing()}, self.approvers(draft)
        filled = self.most_filled(draft, approvers)
        return {
            person
            for person in PEOPLE
            if person not in spoke
            and self.sits(draft, person)
            and self.most_filled(draft, [*approvers, person]) > filled
        }

    def participants(self, draft: DraftModel) -> set[str]:
        return draft.wrote | draft.spoke

    def open_round(self, draft: DraftModel) -> None:
        draft.status, draft.revision = "pending_review", draft.revision + 1
        draft.said, draft.escalated = [], False
        self.start_clock(draft)

    def start_clock(self, draft: DraftModel, hours: int = HOURS) -> None:
        draft.due = self.now + timedelta(hours=hours)
        draft.remind, draft.reminded = self.now + timedelta(hours=hours) * 0.75, False
        draft.owners_told = False

    def alive(self) -> dict[str, DraftModel]:
        ends = ("converted", "discarded")
        return {pk: draft for pk, draft in self.drafts.items() if draft.status not in ends}

    def close_round(self, draft: DraftModel, status: str) -> None:
        draft.status = status
        draft.claimed_by = draft.claimed_until = None
