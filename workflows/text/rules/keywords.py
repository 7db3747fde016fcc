"""Which of the wanted keywords a product can honestly carry."""

from workflows.text.base import Facts
from workflows.text.markup import visible_text, words
from workflows.text.rules.reading import Reading

# Words that say nothing about what a product is, so they need no proof.
NEUTRAL = frozenset(
    [
        "gift",
        "gifts",
        "present",
        "presents",
        "idea",
        "ideas",
        "for",
        "her",
        "him",
        "home",
        "buy",
        "shop",
        "online",
        "shopping",
        "the",
        "a",
        "an",
        "and",
        "of",
        "in",
        "to",
        "with",
        "best",
        "unique",
        "uk",
        "us",
        "decor",
        "décor",
        "living",
        "house",
        "small",
        "little",
    ]
)


def fitting_keywords(keywords: tuple[str, ...], reading: Reading, facts: Facts) -> list[str]:
    """Keywords whose every telling word stands in the product's data or names its kind of thing."""
    proof = proof_words(reading, facts)
    return [keyword for keyword in keywords if _fits(keyword, proof)]


def proof_words(reading: Reading, facts: Facts) -> frozenset[str]:
    options = (text for name, values in facts.options for text in (name, *values))
    said = (reading.title, facts.title, facts.product_type, facts.vendor, *facts.tags, *options)
    text = " ".join((*said, visible_text(facts.text)))
    return frozenset(_stem(word) for word in words(text.replace("-", " ").lower()))


def _fits(keyword: str, proof: frozenset[str]) -> bool:
    telling = [w for w in words(keyword.replace("-", " ").lower()) if w not in NEUTRAL]
    return all(_stem(word) in proof for word in telling)


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("en", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + instead
    return word
