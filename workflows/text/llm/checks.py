"""Whether a model kept to the facts. What it invents is not used."""

import re

from workflows.text.base import WORD_RANGES, Brief, Facts
from workflows.text.markup import visible_text, words
from workflows.text.rules.keywords import proof_words
from workflows.text.rules.lexicon import Lexicon
from workflows.text.rules.reading import Reading
from workflows.text.rules.voice import runs

MARKUP = re.compile(r"[<>{}]|https?://|www\.", re.I)
STATED = frozenset({"colours", "materials", "occasions", "scents"})
CLAIMS = re.compile(
    r"\b(?:handmade|hand-made|handcrafted|organic|sustainable|eco[- ]friendly|recycled|vegan|"
    r"waterproof|dishwasher|microwave|guarantee\w*|warranty|award\w*|best[- ]selling|bestseller|"
    r"certified|made in|imported|locally|fair ?trade|limited edition|"
    r"free (?:shipping|delivery)|discount|on sale|cheapest|genuine|authentic|luxur\w+|"
    r"premium quality|high[- ]quality|durable)\b",
    re.I,
)


def faults(text: str, facts: Facts, reading: Reading, brief: Brief, lexicon: Lexicon) -> list[str]:
    """What is wrong with a model's text, in words that it can be asked to correct."""
    data = _data(facts)
    found = [*_length(text, brief), *_numbers(text, data), *_claims(text, data)]
    found += _inventions(text, data, facts, reading, lexicon)
    if any(runs(text) & runs(visible_text(example)) for example in brief.examples):
        found.append("copies an example")
    if MARKUP.search(text):
        found.append("holds markup or an address")
    return found


def short_faults(
    text: str, facts: Facts, reading: Reading, lexicon: Lexicon, *, least: int, most: int
) -> list[str]:
    """The same for a caption or a search text: characters count, not words."""
    data = _data(facts)
    found = [*_numbers(text, data), *_claims(text, data)]
    found += _inventions(text, data, facts, reading, lexicon)
    if not least <= len(text) <= most:
        found.append(f"has {len(text)} characters instead of {least} to {most}")
    if MARKUP.search(text) or "#" in text:
        found.append("holds markup, an address or hashtags")
    return found


def _data(facts: Facts) -> str:
    """All that the product's data says, in small letters."""
    data = f"{facts.title} {facts.product_type} {facts.vendor} {' '.join(facts.tags)} "
    data += " ".join(value for name, values in facts.options for value in (name, *values))
    return f"{data} {visible_text(facts.text)}".lower()


def _length(text: str, brief: Brief) -> list[str]:
    low, high = WORD_RANGES[brief.length]
    number = len(words(text))
    return [] if low <= number <= high else [f"has {number} words instead of {low} to {high}"]


def _numbers(text: str, data: str) -> list[str]:
    known = set(re.findall(r"\d+", data))
    return [f"states {n}, which is not known" for n in re.findall(r"\d+", text) if n not in known]


def _claims(text: str, data: str) -> list[str]:
    said = (match.group(0) for match in CLAIMS.finditer(text))
    return [f"claims “{claim}”" for claim in said if claim.lower() not in data]


def _inventions(
    text: str, data: str, facts: Facts, reading: Reading, lexicon: Lexicon
) -> list[str]:
    """Colours, materials, scents and occasions that the product's data does not state."""
    proof, kind = proof_words(reading, facts), reading.kind
    common = {
        word
        for words_ in (kind.hooks, kind.uses, kind.moments, kind.people, kind.benefits)
        for text_ in words_
        for word in words(text_.lower())
    }
    tokens = [word.lower() for word in words(text)]
    found = []
    for at, token in enumerate(tokens):
        for size in (2, 1):
            facet = lexicon.facets.get(tuple(tokens[at : at + size]))
            if facet and facet[0] in STATED and not _proven(tokens[at : at + size], proof, data):
                if size == 1 and token in common:
                    continue
                found.append(f"states “{' '.join(tokens[at : at + size])}”, which is not known")
                break
    return found


def _proven(said: list[str], proof: frozenset[str], data: str) -> bool:
    return " ".join(said) in data or all(word.rstrip("s") in data for word in said)
