"""What a product is and what to call it in a sentence: a noun with its modifiers."""

import re
from dataclasses import dataclass

from workflows.text.base import Facts, TooFewFacts
from workflows.text.markup import words
from workflows.text.rules.lexicon import Lexicon, Noun
from workflows.text.rules.titles import Counted, first_upper, is_proper, shouts

PREPOSITIONS = frozenset({"in", "with", "of", "for", "on", "from", "by", "w", "to", "at"})
BREAKS = frozenset(",;:()|–—")
_CONTAINERS = frozenset(
    {"set", "box", "bag", "tin", "pack", "tube", "jar", "bunch", "basket", "bowl"}
)
_TOKEN = re.compile(r"[^\W_]+(?:[’'&./+-][^\W_]+)*['’]?|[,&+|:;()–—]")
MAX_NAME_WORDS = 12


@dataclass(slots=True)
class Found:
    noun: Noun | None
    start: int
    end: int
    tokens: list[str]
    shown: list[str]
    cut: int  # where the head of the title ends: at a comma or a preposition


def find_noun(core: str, facts: Facts, lexicon: Lexicon) -> Found:
    shown = _TOKEN.findall(core.replace("(", ", ").replace(")", " "))
    tokens = [token.lower().replace("’", "'") for token in shown]
    shown = _cased(shown, tokens, core, facts, lexicon)
    start = _after_container(tokens)
    cut = _cut(tokens, start)
    best = None
    groups = frozenset(lower_words(" ".join((facts.product_type, *facts.tags))))
    for at, end, noun in _candidates(tokens, start, cut, groups, lexicon):
        trailing = tokens[end:cut]
        if covered(trailing, lexicon) or _is_own_name(trailing, noun, end - at, lexicon):
            best = (at, end, noun)
    if best is None:
        return Found(None, start, start, tokens, shown, cut)
    at, end, noun = best
    return Found(noun, at, end, tokens, shown, max(cut, end))


def _candidates(
    tokens: list[str], start: int, cut: int, groups: frozenset[str], lexicon: Lexicon
) -> list[tuple[int, int, Noun]]:
    """Nouns the title may be about; a motif such as "heart" only where there is no real thing.

    "Chocolate" is a colour unless the product's type or tags say that it is food.
    """
    found = [
        match
        for match in _matches(tokens, start, lexicon)
        if _is_reachable(match, cut, len(tokens))
        and (not match[2].kind.needs or match[2].kind.needs & groups)
    ]
    real = [match for match in found if not match[2].weak]
    own = [match for match in real if match[2].kind.name in _kinds_of(groups, lexicon)]
    return own or real or found


def _is_reachable(match: tuple[int, int, Noun], cut: int, end: int) -> bool:
    """Before the first preposition; but a sign may have any words in front of it."""
    return match[0] < cut or (match[2].kind.wording and match[1] == end)


def _kinds_of(groups: frozenset[str], lexicon: Lexicon) -> set[str]:
    """The kinds a product's type and tags name: a "candle tin" of the type Candles is a candle."""
    nouns = (lexicon.nouns.get((word,)) for word in groups)
    return {noun.kind.name for noun in nouns if noun and not noun.weak}


def _after_container(tokens: list[str]) -> int:
    """In "box of vintage alphabet blocks" the thing sold is not a box."""
    if len(tokens) > 2 and tokens[0] in _CONTAINERS and tokens[1] == "of":
        return 2
    return 0


def _cut(tokens: list[str], start: int) -> int:
    for at in range(start + 1, len(tokens)):
        if tokens[at] in PREPOSITIONS or tokens[at] in BREAKS:
            return at
    return len(tokens)


def _matches(tokens: list[str], start: int, lexicon: Lexicon):
    """Nouns from left to right, the longest at each place."""
    at = start
    while at < len(tokens):
        for size in range(min(lexicon.longest, len(tokens) - at), 0, -1):
            noun = lexicon.nouns.get(tuple(tokens[at : at + size]))
            if noun:
                yield at, at + size, noun
                at += size
                break
        else:
            at += 1


def covered(trailing: list[str], lexicon: Lexicon) -> bool:
    """Only words that state facts: the noun is what the thing is, and these say what it is like."""
    at = 0
    while at < len(trailing):
        size = facet_at(trailing, at, lexicon)
        if not size and not _is_small_change(trailing[at], lexicon):
            return False
        at += size or 1
    return True


def _is_own_name(trailing: list[str], noun: Noun, size: int, lexicon: Lexicon) -> bool:
    """An unknown word may be what the thing really is ("candle snuffer"); after a compound it is
    a name ("photo frame cornice"), unless it makes another thing of it ("mug tree hook").
    """
    if noun.kind.wording:
        return True
    return size > 1 and not noun.weak and not set(trailing) & set(lexicon.words["extensions"])


def _is_small_change(token: str, lexicon: Lexicon) -> bool:
    return token in lexicon.modifiers or token.isdigit() or token in {"and", "&", "+", "assorted"}


def _cased(
    shown: list[str], tokens: list[str], core: str, facts: Facts, lexicon: Lexicon
) -> list[str]:
    """Each word as it is written inside a sentence."""
    if shouts(facts.title):
        first = tokens[0] if tokens else ""
        keep = is_proper(first, lexicon.words) or first in lexicon.words["casing"]["upper"]
        return shown if keep else [_lowered(shown[0]), *shown[1:]] if shown else shown
    names = _names(facts)
    # In "Pasta bowls" the capital only says that a title begins; in "Pasta Bowls" all have one.
    sentence = any(word.islower() and len(word) > 2 for word in shown)
    return [
        word
        if (sentence and at) or _is_name(word, token, names, lexicon, first=sentence)
        else _lowered(word)
        for at, (word, token) in enumerate(zip(shown, tokens, strict=True))
    ]


def _lowered(word: str) -> str:
    mixed = len(word) > 1 and any(ch.isupper() for ch in word[1:])
    return word if mixed or "-" in word[1:2] else word.lower()


def _is_name(
    word: str, token: str, names: frozenset[str], lexicon: Lexicon, *, first: bool
) -> bool:
    if word == token or not word[0].isupper() or is_proper(token, lexicon.words):
        return True
    if token in names and token not in lexicon.common:
        return True
    return (
        not first
        and token not in lexicon.common
        and not token.endswith(("ed", "ing", "ised", "ized"))
    )


def _names(facts: Facts) -> frozenset[str]:
    return frozenset(word.lower() for word in words(facts.vendor))


def name_of(counted: Counted, found: Found, lexicon: Lexicon) -> tuple[str, bool]:
    phrase, plural = _phrase(found, lexicon)
    if counted.leading and counted.count:
        unit = "of" if phrase else ""
        return f"{counted.container} {unit} {counted.count} {phrase}".replace("  ", " "), False
    if found.tokens and found.tokens[0].isdigit() and found.tokens[0] != "1":
        plural = True
    return phrase, plural


def _phrase(found: Found, lexicon: Lexicon) -> tuple[str, bool]:
    """The noun with its modifiers in the order English wants them."""
    shown, tokens, noun = found.shown, found.tokens, found.noun
    if noun is None:
        end = _comma(tokens)
        return _join(shown[:end]), _ends_plural(tokens[:end])
    if noun.kind.wording and (wording := _wording(found, lexicon)):
        return wording, noun.plural
    before, thing = shown[: found.start], shown[found.start : found.end]
    trailing, rest = shown[found.end : found.cut], _rest(found)
    front, close, behind = _arranged(trailing, lexicon)
    parts = [*front, *before, *close, *thing, *behind, *rest]
    return _join(parts), noun.plural


def _comma(tokens: list[str]) -> int:
    return next((at for at, t in enumerate(tokens) if at and t in BREAKS), len(tokens))


def _rest(found: Found) -> list[str]:
    """What follows a preposition belongs to the name; after a comma comes a detail."""
    if found.cut >= len(found.tokens) or found.tokens[found.cut] in BREAKS:
        return []
    tail = found.tokens[found.cut :]
    end = found.cut + _comma(tail)
    return found.shown[found.cut : end]


@dataclass(slots=True)
class _Order:
    """Where trailing modifiers go: ``jumbo bag red retrospot`` → ``jumbo bag in red retrospot``."""

    front: list[str]  # sizes, shapes, styles, seasons, single motifs: "hanging", "robin"
    close: list[str]  # the material, right before the noun: "paper napkins"
    looks: list[str]  # colours and patterns, behind "in"
    shows: list[str]  # several of something, behind "with"


def _arranged(trailing: list[str], lexicon: Lexicon) -> tuple[list[str], list[str], list[str]]:
    """(before everything, right before the noun, behind the noun)"""
    trailing = [word for word in trailing if word.lower() != "assorted"]
    lower = [word.lower() for word in trailing]
    if not trailing or trailing[0].isdigit():
        return [], [], trailing
    if lower[-1] in {"design", "print", "pattern"}:
        return [], [], ["with", *trailing]
    if lower[-1] in {"shape", "shaped"}:
        return trailing, [], []
    if not covered(lower, lexicon):
        return [], [], [f"“{first_upper(_join(trailing))}”"]
    order = _Order([], [], [], [])
    at = 0
    while at < len(lower):
        size = facet_at(lower, at, lexicon) or 1
        _place(order, lower[at : at + size], trailing[at : at + size], lower[at + size :], lexicon)
        at += size
    looks = ["in", *order.looks] if order.looks else []
    shows = ["with", *order.shows] if order.shows else []
    return order.front, order.close, [*looks, *shows]


def _place(
    order: _Order, lower: list[str], shown: list[str], rest: list[str], lexicon: Lexicon
) -> None:
    facet = lexicon.facets.get(tuple(lower), ("", ""))[0]
    pattern = lower[0] in lexicon.words["patterns"]
    if _shows(order, facet, lower, rest, pattern, lexicon):
        order.shows += shown
    elif facet == "materials":
        order.close += shown
    elif facet == "colours" or pattern or facet in {"", "quiet", "scents"}:
        order.looks += shown
    elif facet == "motifs" and (_is_plural(lower[-1]) or order.looks):
        order.shows += shown
    elif facet == "motifs":
        order.close += shown
    else:
        order.front += shown


def _shows(
    order: _Order, facet: str, lower: list[str], rest: list[str], pattern: bool, lexicon: Lexicon
) -> bool:
    """Whether it is part of a picture: "with felt stars", "with white heart"."""
    if facet == "materials":
        return bool(rest) and _is_plural(rest[0])
    if facet == "colours":
        return not order.looks and _pictures(rest, lexicon)
    shape = facet == "shapes" and lower[0] in _PICTURED
    return bool(order.shows) and (shape or facet == "motifs") and not pattern


_PICTURED = frozenset({"heart", "star", "flower", "butterfly"})


def _pictures(rest: list[str], lexicon: Lexicon) -> bool:
    """Whether a colour belongs to a picture that follows it: "with white heart"."""
    size = facet_at(rest, 0, lexicon) if rest else 0
    if not size or rest[0] in lexicon.words["patterns"]:
        return False
    facet = lexicon.facets[tuple(rest[:size])][0]
    return facet == "motifs" or (facet == "shapes" and rest[0] in _PICTURED)


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "'s"))


def _wording(found: Found, lexicon: Lexicon) -> str:
    """“Cook with wine” metal sign: the words on a sign are a name, not modifiers."""
    before = found.tokens[: found.start]
    after = found.tokens[found.end :]
    unknown_before = [t for t in before if t not in lexicon.modifiers and t.isalpha()]
    unknown_after = [t for t in after if t not in lexicon.modifiers and t.isalpha()]
    thing = _join(found.shown[found.start : found.end])
    if len(unknown_before) >= 1 and len(before) >= 2:
        return f"“{first_upper(_join(found.shown[: found.start]))}” {thing}"
    if (len(unknown_after) >= 2 and found.cut == len(found.tokens)) or len(unknown_after) >= 3:
        head = _join(found.shown[: found.start])
        text = first_upper(_join(found.shown[found.end :]).lstrip(",: "))
        return f"“{text}” {head} {thing}".replace("  ", " ")
    return ""


def _join(parts: list[str]) -> str:
    text = " ".join(parts)
    return re.sub(r"\s+([,;:])", r"\1", text).strip(" ,;:")


def _ends_plural(tokens: list[str]) -> bool:
    last = tokens[-1] if tokens else ""
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "'s"))


def short_name(title: str, found: Found) -> tuple[str, bool]:
    """For titles that are sentences: the thing itself, or the part before the first break."""
    if found.noun is not None:
        return _join(found.shown[found.start : found.end]), found.noun.plural
    head = re.split(r"[,|:;–—(]| - ", title)[0].strip()
    if 2 <= len(head.split()) <= MAX_NAME_WORDS:
        return head, _ends_plural(head.lower().split())
    raise TooFewFacts("its title is too long to tell what it is")


def lower_words(text: str) -> list[str]:
    return [
        word.lower().replace("’", "'") for word in words(text.replace("-", " ").replace("_", " "))
    ]


def facets_in(tokens: list[str], lexicon: Lexicon, *, whole: bool = False):
    at = 0
    while at < len(tokens):
        size = facet_at(tokens, at, lexicon)
        if size and not (whole and size != len(tokens)):
            name, text = lexicon.facets[tuple(tokens[at : at + size])]
            if name != "materials" or _is_material(tokens[at + size :], lexicon):
                yield name, text
        at += size or 1


def _is_material(following: list[str], lexicon: Lexicon) -> bool:
    """Not in "leather look", and not in "linen and room mist", where it is one of two uses."""
    if not following:
        return True
    if following[0] in {"and", "&", "+"}:
        return bool(facet_at(following, 1, lexicon)) if len(following) > 1 else False
    return following[0] not in lexicon.words["effects"]


def facet_at(tokens: list[str], at: int, lexicon: Lexicon) -> int:
    for size in range(min(4, len(tokens) - at), 0, -1):
        if tuple(tokens[at : at + size]) in lexicon.facets:
            return size
    return 0
