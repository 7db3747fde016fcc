"""Reads a product: what it is, what to call it in a sentence, and the facts its data states."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from workflows.text.base import Facts, TooFewFacts
from workflows.text.markup import visible_lines, words
from workflows.text.rules.lexicon import Kind, Lexicon
from workflows.text.rules.naming import (
    BREAKS,
    MAX_NAME_WORDS,
    PREPOSITIONS,
    Found,
    covered,
    facets_in,
    find_noun,
    lower_words,
    name_of,
    short_name,
)
from workflows.text.rules.titles import (
    Counted,
    clean_title,
    first_upper,
    shouts,
    take_counts,
)

_SAYS_LITTLE = frozenset(("with", "this", "that", "from", "have", "very", "your", "product"))
_LATIN = frozenset(
    [
        "lorem",
        "ipsum",
        "dolor",
        "consectetur",
        "adipiscing",
        "tempor",
        "vestibulum",
        "praesent",
        "mauris",
        "nulla",
    ]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A product as a writer needs it. ``name`` stands in a sentence without an article."""

    title: str
    name: str
    thing: str
    plural: bool
    mass: bool
    kind: Kind
    known: bool
    facets: dict[str, tuple[str, ...]]
    counts: tuple[str, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...]
    kept: tuple[str, ...] = ()
    filler: bool = False
    vendor: str = ""
    groups: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    shouted: bool = False

    @property
    def shown(self) -> str:
        """The title for people: as it stands, or in good order where it came as a shout."""
        if not self.shouted:
            return self.title
        said = self.name.lower()
        more = [text for text in self.counts if text.lower() not in said and text[:1].isdigit()]
        return ", ".join([first_upper(self.name), *more])

    @property
    def facts(self) -> int:
        """How many facts there are beyond the title's own noun."""
        stated = sum(map(len, self.facets.values())) + len(self.counts) + len(self.options)
        return stated + 2 * len(self.kept) + bool(self.vendor) + bool(self.groups)


def read(facts: Facts, lexicon: Lexicon) -> Reading:
    """Raises ``TooFewFacts`` where the title names nothing that can be sold."""
    title = clean_title(facts.title, lexicon)
    if not any(ch.isalpha() for ch in title):
        raise TooFewFacts("its title has no words")
    if _is_no_goods(title, lexicon):
        raise TooFewFacts("it is a charge or a service, not a thing")
    counted = take_counts(title, lexicon.words["numbers"])
    found = find_noun(counted.core, facts, lexicon)
    name, plural = name_of(counted, found, lexicon)
    if len(name.split()) > MAX_NAME_WORDS:
        name, plural = short_name(title, found)
    kept, filler = _kept_sentences(facts, title, lexicon)
    facets = _facets(found, facts, lexicon)
    noun = found.noun
    return Reading(
        title=title,
        name=name,
        thing=" ".join(found.shown[found.start : found.end]).lower() if noun else "",
        plural=plural,
        mass=bool(noun and noun.mass),
        kind=noun.kind if noun else lexicon.kinds["generic"],
        known=noun is not None,
        facets=facets,
        counts=_counts(counted),
        options=_options(facts, facets),
        kept=kept,
        filler=filler,
        vendor=facts.vendor.strip(),
        details=_details(found, facets, kept, lexicon),
        shouted=shouts(facts.title),
        groups=(facts.product_type.strip(),) if facts.product_type.strip() else (),
    )


def _is_no_goods(title: str, lexicon: Lexicon) -> bool:
    text = f" {' '.join(words(title.lower().replace('-', ' ')))} "
    if text.strip() in lexicon.words["never"]["exact"]:
        return True
    return any(f" {word} " in text for word in lexicon.words["never"]["words"])


def _details(
    found: Found, facets: dict[str, tuple[str, ...]], kept: tuple[str, ...], lexicon: Lexicon
) -> tuple[str, ...]:
    """What stands after a comma and is no colour, material or motif: "large", "A5", "numbered"."""
    tail = " ".join(found.shown[found.cut :]) if found.cut < len(found.tokens) else ""
    if not tail or tail[0] not in BREAKS:
        return ()
    parts = (part.strip() for part in re.split(r"[,;:()|–—]", tail))
    stated = {text for name, texts in facets.items() if name != "sizes" for text in texts}
    told = " ".join(kept).lower()
    fresh = (p for p in parts if p and p.lower() not in stated and p.lower() not in told)
    return tuple(_counted(part, lexicon) for part in fresh)


def _counted(part: str, lexicon: Lexicon) -> str:
    is_number = part.isdigit() or part.lower() in lexicon.words["numbers"]
    return f"{part} pieces" if is_number else part


def _counts(counted: Counted) -> tuple[str, ...]:
    found = []
    if counted.count:
        found.append(f"{first_upper(counted.container)} of {counted.count}")
    if counted.pieces:
        found.append(f"{counted.pieces} pieces" if counted.pieces != "1" else "1 piece")
    if counted.tiers:
        found.append(f"{counted.tiers} tiers" if counted.tiers != "1" else "1 tier")
    if " assorted" in f" {counted.core.lower()} ":
        found.append("Assorted")
    return (*found, *counted.measures)


def _facets(found: Found, facts: Facts, lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    stated: dict[str, dict[str, None]] = {}
    for name, text in facets_in(_about_it(found, lexicon), lexicon):
        stated.setdefault(name, {})[text] = None
    thing = found.tokens[found.start : found.end]
    for tag in facts.tags:
        for name, text in facets_in(lower_words(tag), lexicon, whole=True):
            if name not in {"sizes", "shapes", "motifs"} and text not in thing:
                stated.setdefault(name, {})[text] = None
    for name, text in facets_in(_fragment(facts), lexicon):
        if name in {"colours", "materials"}:
            stated.setdefault(name, {})[text] = None
    _drop_doubles(stated)
    return {name: tuple(texts) for name, texts in stated.items()}


def _about_it(found: Found, lexicon: Lexicon) -> list[str]:
    """The title's words without its noun, and without names such as "village green"."""
    tokens = [*found.tokens[: found.start], "|", *found.tokens[found.end : found.cut]]
    part: list[str] = []
    for token in [*found.tokens[max(found.cut, found.end) :], ","]:
        if token not in BREAKS:
            part.append(token)
            continue
        if covered(part, lexicon) or (part[:1] and part[0] in PREPOSITIONS):
            tokens += ["|", *part]
        part = []
    return tokens


def _drop_doubles(stated: dict[str, dict[str, None]]) -> None:
    """ "Wood" beside "wooden" says nothing; a motif's "rose" is not a second colour."""
    materials = stated.get("materials", {})
    for short, long in (("wood", "wooden"), ("bead", "beaded"), ("knit", "knitted")):
        if short in materials and long in materials:
            del materials[short]


def _fragment(facts: Facts) -> list[str]:
    """A description of a few words ("Brown clay pots") is a list of facts."""
    found = lower_words(" ".join(visible_lines(facts.text)))
    return found if len(found) <= 6 else []


def _options(
    facts: Facts, facets: dict[str, tuple[str, ...]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Options that are a choice; one single value ("Finish: Brass") is a fact like any other."""
    found = []
    for name, listed in facts.options:
        values = tuple(v.strip() for v in listed if v.strip() and v.strip() != "Default Title")
        if values and name.strip().lower() != "title":
            found.append((name.strip(), values))
    return tuple(found)


_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def _kept_sentences(facts: Facts, title: str, lexicon: Lexicon) -> tuple[tuple[str, ...], bool]:
    """Sentences of the old text that say more than title and tags do; whether it had filler."""
    said = {_stem(w) for w in lower_words(" ".join((title, facts.product_type, *facts.tags)))}
    said |= {_stem(w) for _n, text in facets_in(_fragment(facts), lexicon) for w in text.split()}
    said |= _SAYS_LITTLE
    kept: list[str] = []
    filler = False
    for line in visible_lines(facts.text):
        for sentence in _SENTENCE.split(line):
            tokens = lower_words(sentence)
            if len(_LATIN.intersection(tokens)) >= 2 or (filler and _is_latin(tokens, lexicon)):
                filler = True
            elif _adds(tokens, said):
                kept.append(sentence if sentence[-1] in ".!?" else sentence + ".")
    return (() if filler else tuple(kept)), filler


def _is_latin(tokens: list[str], lexicon: Lexicon) -> bool:
    return not any(token in lexicon.common for token in tokens)


def _adds(tokens: list[str], said: set[str]) -> bool:
    """Whether it says anything new: a number, or a word that is not a slip of a known one."""
    return any(
        token.isdigit()
        or (
            len(token) >= 4
            and _stem(token) not in said
            and not get_close_matches(_stem(token), said, n=1, cutoff=0.8)
        )
        for token in tokens
    )


def _stem(word: str) -> str:
    return word.rstrip("s").removesuffix("en") if len(word) > 4 else word
