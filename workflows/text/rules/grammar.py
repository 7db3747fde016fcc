"""Fills the slots of an English sentence so that articles, number and verbs agree."""

import re
from collections.abc import Mapping

from workflows.text.rules.titles import first_upper

_SLOT = re.compile(r"\{([A-Za-z_0-9]+)\}")
# Mark the product's name in a plain text until it is escaped; no visible character is lost.
NAME_ON, NAME_OFF = "\ue000", "\ue001"
_AN = re.compile(
    r"^[“\"‘']?(?:[aeiou](?!u(?:ro|k)|ni(?!n)|ne\b)|8|11\b|18\b|hour|heir|honest|led\b)", re.I
)
_NOT_AN = re.compile(r"^[“\"‘']?(?:uni(?!n)|use|usb|uk\b|eu|one\b|once)", re.I)


def with_article(name: str, *, bare: bool) -> str:
    if bare or name[:1].isdigit():
        return name
    an = _AN.match(name) and not _NOT_AN.match(name)
    return f"{'an' if an else 'a'} {name}"


def agreement(*, plural: bool) -> dict[str, str]:
    """Pronouns and verb endings: {It} make{s} → "It makes" or "They make"."""
    one = not plural
    return {
        "it": "it" if one else "they",
        "It": "It" if one else "They",
        "them": "it" if one else "them",
        "its": "its" if one else "their",
        "Its": "Its" if one else "Their",
        "this": "this" if one else "these",
        "This": "This" if one else "These",
        "is": "is" if one else "are",
        "has": "has" if one else "have",
        "s": "s" if one else "",
        "es": "es" if one else "",
        "ies": "ies" if one else "y",
    }


def name_slots(name: str, *, plural: bool, mass: bool) -> dict[str, str]:
    marked = f"{NAME_ON}{name}{NAME_OFF}"
    article = with_article(name, bare=plural or mass)
    a_name = article.removesuffix(name) + marked
    this = "these" if plural else "this"
    return {
        "name": marked,
        "the_name": f"the {marked}",
        "The_name": f"The {marked}",
        "a_name": a_name,
        "A_name": _capital(a_name),
        "this_name": f"{this} {marked}",
        "This_name": f"{first_upper(this)} {marked}",
    }


def _capital(text: str) -> str:
    if text.startswith(NAME_ON):
        return NAME_ON + first_upper(text[1:])
    return first_upper(text)


def fill(sentence: str, slots: Mapping[str, str]) -> str:
    """Fills slots, also those inside what was filled in. An unknown slot is a KeyError."""
    for _ in range(3):
        if "{" not in sentence:
            break
        sentence = _SLOT.sub(lambda match: _slot(match.group(1), slots), sentence)
    return sentence


def _slot(name: str, slots: Mapping[str, str]) -> str:
    if name in slots:
        return slots[name]
    lower = name[0].lower() + name[1:]
    if lower in slots:
        return first_upper(slots[lower])
    raise KeyError(name)


def listed(values: list[str] | tuple[str, ...], last: str = "and") -> str:
    """red · red and blue · red, blue and green"""
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} {last} {values[-1]}"
