"""Which seats a set of approvers fills: each person fills one place, whoever fits where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of a round, as the count needs it."""

    id: str
    needed: int
    stage: int
    holders: frozenset[str]


def seated(places: Iterable[Place], people: Iterable[str]) -> dict[str, str]:
    """Person → seat, filling as many places as can be filled (augmenting paths).

    Somebody who may sit on two seats moves to the one nobody else can fill. Earlier people keep
    a place once they have one, though perhaps another one.
    """
    chairs = [(place.id, number) for place in places for number in range(place.needed)]
    holders = {place.id: place.holders for place in places}
    taken: dict[tuple[str, int], str] = {}
    for person in people:
        _sit(person, chairs, holders, taken, set())
    return {person: chair[0] for chair, person in taken.items()}


def _sit(
    person: str,
    chairs: list[tuple[str, int]],
    holders: Mapping[str, frozenset[str]],
    taken: dict[tuple[str, int], str],
    tried: set[tuple[str, int]],
) -> bool:
    for chair in chairs:
        if person not in holders[chair[0]] or chair in tried:
            continue
        tried.add(chair)
        if chair not in taken or _sit(taken[chair], chairs, holders, taken, tried):
            taken[chair] = person
            return True
    return False


def filled(places: Iterable[Place], seats: Mapping[str, str]) -> dict[str, int]:
    """Seat → how many of its places are taken."""
    counts = {place.id: 0 for place in places}
    for seat in seats.values():
        counts[seat] += 1
    return counts


def is_complete(places: list[Place], people: Iterable[str]) -> bool:
    """Whether these approvers fill every place of every seat. No seats at all is not a yes."""
    return bool(places) and len(seated(places, people)) == sum(place.needed for place in places)


def open_stage(places: list[Place], people: Iterable[str]) -> int | None:
    """The lowest stage that still lacks someone; None when all are filled."""
    for stage in sorted({place.stage for place in places}):
        if not is_complete([place for place in places if place.stage <= stage], people):
            return stage
    return None


def lacking(places: list[Place], people: Iterable[str]) -> list[Place]:
    """The seats these people could not fill, for saying who is missing."""
    counts = filled(places, seated(places, people))
    return [place for place in places if counts[place.id] < place.needed]


def open_to(places: list[Place], people: list[str], person: str) -> bool:
    """Whether one more approval by this person would fill a place at the open stage."""
    stage = open_stage(places, people)
    if stage is None or person in people:
        return False
    now = [place for place in places if place.stage <= stage]
    return len(seated(now, [*people, person])) > len(seated(now, people))
