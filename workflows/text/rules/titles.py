"""Product titles as shops have them: shouting, abbreviated, with counts and sizes in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.text.markup import tidy
from workflows.text.rules.lexicon import Lexicon

_ABBREVIATIONS = (
    (re.compile(r"\b(?:set|s)\s*[/\\]\s*(\d+)\b", re.I), r"set of \1 "),
    (re.compile(r"\bset\s+of\s*(\d+)\b", re.I), r"set of \1 "),
    (re.compile(r"\bset\s+(\d+)\b", re.I), r"set of \1 "),
    (re.compile(r"\bp(?:ac)?k\s*(?:of|[/\\])?\s*(\d+)\b", re.I), r"pack of \1 "),
    (re.compile(r"\bpack\s+(\d+)\b", re.I), r"pack of \1 "),
    (re.compile(r"\bbox\s*(?:of|[/\\])\s*(\d+)\b", re.I), r"box of \1 "),
    (re.compile(r"\b(\d+)\s*(?:pcs?|pce)\b\.?", re.I), r"\1 piece "),
    (re.compile(r"(?<=\w)\s*\+\s*(?=\w)"), " + "),
    (re.compile(r"(?<=\w),(?=\w)"), ", "),
    (re.compile(r"\s+[.,;]"), ","),
)
_TRIM = " .,;:-–—*/\\|_"


def shouts(title: str) -> bool:
    letters = [ch for ch in title if ch.isalpha()]
    return len(letters) > 3 and sum(ch.isupper() for ch in letters) / len(letters) > 0.7


def clean_title(title: str, lexicon: Lexicon) -> str:
    """The title a person would have typed: ``SET/6 RED CUPS`` → ``Set of 6 red cups``."""
    text = tidy(title).strip(_TRIM)
    if not shouts(text):
        return text
    for pattern, replacement in _ABBREVIATIONS:
        text = pattern.sub(replacement, text)
    words = [_spelled(word, lexicon.words) for word in text.split()]
    return first_upper(" ".join(word for word in words if word).strip(_TRIM))


_DIGITS_AND_LETTER = re.compile(r"[23]d$|a\d$")
_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.S)


def _spelled(word: str, words: Mapping[str, Any]) -> str:
    lead, core, tail = _CORE.match(word).groups()  # type: ignore[union-attr]
    lower = core.lower()
    lower = words["spelling"].get(lower, lower)
    casing = words["casing"]
    if lower in casing["fixed"]:
        core = casing["fixed"][lower]
    elif lower in casing["upper"] or _DIGITS_AND_LETTER.match(lower):
        core = lower.upper()
    elif is_proper(lower, words):
        core = first_upper(lower)
    else:
        core = lower
    return f"{lead}{core}{tail}"


def is_proper(lower: str, words: Mapping[str, Any]) -> bool:
    casing = words["casing"]
    stem = lower.removesuffix("'s").removesuffix("’s")
    return (lower in casing["proper"] or stem in casing["proper"]) and (
        stem not in casing["not_proper_after"]
    )


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Counted:
    """A title with its counts and measures taken out of the way."""

    core: str
    container: str = ""
    count: str = ""
    leading: bool = False
    measures: tuple[str, ...] = ()
    pieces: str = ""
    tiers: str = ""


_CONTAINERS = r"set|pack|box|bag|tube|pair|bundle|roll|tin|packet|bunch|sheet"
_MEASURE = re.compile(
    r"\b\d+(?:[.,]\d+)?(?:\s?x\s?\d+(?:[.,]\d+)?)*\s?(?:cm|mm|ml|cl|kg|g|l|m|inch|inches|litre|litres)\b"
    r"|\b\d+(?:[.,]\d+)?\s?x\s?\d+(?:[.,]\d+)?(?:\s?x\s?\d+)?\b",
    re.I,
)
_PIECES = re.compile(r"\b(\d+)[ -](?:pieces?|pcs?)\b|\b(\d+)[ -]tier(?:ed)?\b", re.I)


def take_counts(title: str, numbers: Mapping[str, int]) -> Counted:
    spelled = "|".join(numbers)
    quantity = re.compile(rf"\b({_CONTAINERS}) of (\d+|{spelled})\b", re.I)
    measures = tuple(match.group(0) for match in _MEASURE.finditer(title))
    core = _MEASURE.sub(" ", title)
    pieces = tiers = ""
    for match in _PIECES.finditer(core):
        pieces, tiers = match.group(1) or pieces, match.group(2) or tiers
    core = _PIECES.sub(" ", core)
    found = quantity.search(core)
    container, count, leading = "", "", False
    if found:
        container, count = found.group(1).lower(), found.group(2).lower()
        leading = not core[: found.start()].strip(_TRIM)
        core = core[: found.start()] + ", " + core[found.end() :]
    core = re.sub(r"\s+,", ",", re.sub(r"\s+", " ", core))
    core = re.sub(r"(,\s*)+", ", ", core).strip(_TRIM)
    return Counted(core, container, count, leading, measures, pieces, tiers)
