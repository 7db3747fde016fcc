"""One product in one tone: fills sentences and never says a thing twice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.text.markup import escape, words
from workflows.text.rules.chance import Draw
from workflows.text.rules.grammar import NAME_OFF, NAME_ON, agreement, fill, name_slots
from workflows.text.rules.lexicon import Kind
from workflows.text.rules.reading import Reading


def strong(text: str) -> str:
    """Escapes a sentence and turns the marks round a product's name into <strong>."""
    return escape(text).replace(NAME_ON, "<strong>").replace(NAME_OFF, "</strong>")


def plain(text: str) -> str:
    return text.replace(NAME_ON, "").replace(NAME_OFF, "")


RUN = 6
_NAME = re.compile(f"{NAME_ON}.*?{NAME_OFF}")


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of six words in a text: what two texts share only if one was copied."""
    found = words(text.lower())
    return frozenset(tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1))


@dataclass
class Voice:
    """One product in one tone: fills sentences and never uses a phrase twice."""

    reading: Reading
    tone: Mapping[str, Any]
    draw: Draw
    banned: frozenset[tuple[str, ...]] = frozenset()
    slots: dict[str, str] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        reading = self.reading
        self.slots |= agreement(plural=reading.plural)
        self.slots |= name_slots(reading.name, plural=reading.plural, mass=reading.mass)

    def phrases(self, question: str, of: str) -> list[str]:
        """The kind's uses, moments … that have not been said yet, in this product's order."""
        items: Sequence[str] = getattr(self.reading.kind, of)
        fresh = (item for item in self.draw.order(question, items) if item not in self.said)
        return [item for item in fresh if not self.copies(fill(item, self.slots))]

    def copies(self, text: str) -> bool:
        """Whether it has a run of words, names aside, in common with a text that is not ours."""
        return bool(self.banned and self.banned & runs(_NAME.sub("name", text)))

    def sentence(self, section: str, question: str) -> str | None:
        """A sentence of this section whose slots can still be filled with something new."""
        for template in self.draw.order(f"{question}:t", self.tone[section]):
            if template in self.said:
                continue
            chosen = self._fill_from_kind(template, question)
            if chosen is not None and not self.copies(fill(template, {**self.slots, **chosen})):
                self.said.add(template)
                return self.fill(template, chosen)
        return None

    def fill(self, template: str, chosen: Mapping[str, str]) -> str:
        self.said.update(chosen.values())
        return fill(template, {**self.slots, **chosen})

    def _fill_from_kind(self, template: str, question: str) -> dict[str, str] | None:
        chosen: dict[str, str] = {}
        for slot, of in KIND_SLOTS:
            if f"{{{slot}}}" not in template and f"{{{slot.capitalize()}}}" not in template:
                continue
            left = [p for p in self.phrases(question, of) if p not in chosen.values()]
            if not left:
                return None
            chosen[slot] = left[0]
        return chosen


KIND_SLOTS = (
    ("hook", "hooks"),
    ("use", "uses"),
    ("use2", "uses"),
    ("moment", "moments"),
    ("moment2", "moments"),
    ("person", "people"),
    ("benefit", "benefits"),
)


def fillings(template: str, kind: Kind) -> Iterator[dict[str, str]]:
    """Every way to fill a sentence with a kind's phrases."""
    wanted = [(slot, of) for slot, of in KIND_SLOTS if _asks(template, slot)]
    yield from _fill_rest(wanted, kind, {})


def _asks(template: str, slot: str) -> bool:
    return f"{{{slot}}}" in template or f"{{{slot.capitalize()}}}" in template


def _fill_rest(
    wanted: list[tuple[str, str]], kind: Kind, chosen: dict[str, str]
) -> Iterator[dict[str, str]]:
    if not wanted:
        yield dict(chosen)
        return
    (slot, of), *rest = wanted
    for phrase in getattr(kind, of):
        if phrase not in chosen.values():
            yield from _fill_rest(rest, kind, {**chosen, slot: phrase})
