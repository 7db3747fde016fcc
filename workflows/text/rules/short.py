"""Short texts: captions, search titles, search descriptions, alt texts."""

import re
from collections.abc import Sequence

from workflows.text.base import Caption, CaptionBrief, Facts, TooFewFacts
from workflows.text.markup import tidy, visible_text, words
from workflows.text.rules.chance import Draw
from workflows.text.rules.features import feature_items
from workflows.text.rules.grammar import NAME_ON
from workflows.text.rules.lexicon import Lexicon
from workflows.text.rules.reading import Reading, read
from workflows.text.rules.titles import first_upper
from workflows.text.rules.voice import Voice, plain

# What a platform takes: characters of a caption with its hashtags, and how many of those suit it.
PLATFORM_LIMITS = {
    "instagram": (2_200, 8),
    "facebook": (2_000, 2),
    "pinterest": (500, 4),
    "tiktok": (2_200, 5),
    "x": (280, 2),
    "threads": (500, 1),
    "linkedin": (3_000, 3),
}
SHORTEST_META = 50
FACTS_SAID = 2
CALM = frozenset(("calm", "quiet", "understated", "premium", "elegant", "serious", "minimal"))


def caption(facts: Facts, brief: CaptionBrief, seed: str, lexicon: Lexicon) -> Caption:
    """Raises ``TooFewFacts`` for products of which nothing is known that could be said."""
    reading = read(facts, lexicon)
    if not reading.known or reading.kind.name == "generic":
        raise TooFewFacts("nothing in its data says what it is")
    limit, most = PLATFORM_LIMITS.get(brief.platform, (500, 3))
    key = f"{facts.id}:{brief.platform}:{brief.content_type}:{brief.variant}"
    voice = Voice(reading, lexicon.captions[brief.tone], Draw(seed, key))
    first = voice.sentence(brief.content_type, "first") or voice.slots["The_name"] + "."
    call = voice.sentence("calls", "call") or ""
    if NAME_ON not in first:
        first = f"{voice.slots['A_name']}. {first}"
    text = plain(f"{first} {call}".strip())
    if CALM & set(brief.voice_words):
        text = text.replace("!", ".")
    tags = _hashtags(reading, facts, min(brief.hashtags, most), brief.extra_hashtags)
    return Caption(_fitted(text, tags, limit, copy_lines(brief.copy_blocks)), tags)


def copy_lines(blocks: Sequence[str]) -> str:
    """Approved copy as plain text, word for word, with its own lines."""
    return "\n".join(
        line for block in blocks for text in block.splitlines() if (line := tidy(text))
    )


def _fitted(text: str, tags: Sequence[str], limit: int, copy: str) -> str:
    """Our own words give way; approved copy never does."""
    end = f"\n\n{copy}" if copy else ""
    room = limit - sum(len(tag) + 1 for tag in tags) - len(end)
    return (text if len(text) <= room else shortened(text, room)) + end


def _hashtags(reading: Reading, facts: Facts, most: int, extra: tuple[str, ...]) -> tuple[str, ...]:
    """From what the product is, is made of and is filed under; the shop's own first."""
    material = reading.facets.get("materials", ())[:1]
    sources = [
        *extra,
        reading.thing,
        *(f"{m} {reading.thing}" for m in material),
        *(f"{o} {reading.thing}" for o in reading.facets.get("occasions", ())[:1] if o.isalpha()),
        facts.product_type,
        *facts.tags,
        *reading.facets.get("motifs", ())[:1],
    ]
    found = dict.fromkeys(tag for text in sources if (tag := hashtag(_each_once(text))))
    return tuple(found)[:most]


def _each_once(text: str) -> str:
    """``wooden wooden cabinet`` → ``wooden cabinet``."""
    return " ".join(dict.fromkeys(text.split()))


def hashtag(text: str) -> str:
    """``tea towels`` → ``#TeaTowels``; empty where nothing usable is left."""
    joined = "".join(first_upper(word) for word in re.findall(r"[^\W_]+", text))
    return f"#{joined}" if 2 < len(joined) <= 30 and not joined.isdigit() else ""


def shortened(text: str, limit: int) -> str:
    """Cut at a sentence, else at a word; never in the middle of one."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    end = max(head.rfind(". "), head.rfind("! "), head.rfind("? "))
    if end > limit // 3:
        return head[: end + 1]
    cut = head[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–—")
    return cut if cut.endswith((".", "!", "?")) else cut + "…"


def seo_title(facts: Facts, *, shop: str, limit: int, lexicon: Lexicon) -> str:
    """Title, what tells it apart, and the shop, as far as they fit."""
    reading = read(facts, lexicon)
    title = reading.shown
    if len(title) > limit:
        return shortened(title, limit).rstrip("…").rstrip(" ,;:-–—")
    said = {word.lower() for word in words(title)}
    for extra in _extras(reading):
        fresh = not {word.lower() for word in words(extra)} & said
        if fresh and len(f"{title} – {extra} | {shop}") <= limit:
            title = f"{title} – {extra}"
            break
    return f"{title} | {shop}" if shop and len(f"{title} | {shop}") <= limit else title


def _extras(reading: Reading) -> list[str]:
    materials = reading.facets.get("materials", ())
    found = [first_upper(materials[0])] if materials else []
    return [*found, *reading.groups, *(v for v in (reading.vendor,) if v)]


def meta_description(facts: Facts, *, limit: int, seed: str, lexicon: Lexicon) -> str:
    """What it is, what its data says, one use. From the description's own start if it has one."""
    reading = read(facts, lexicon)
    spoken = visible_text(facts.text)
    if len(words(spoken)) >= 12 and not reading.filler:
        return shortened(spoken, limit)
    head = _stated(reading, lexicon)
    if not reading.known:
        return _from_its_maker(head, reading, limit)
    voice = Voice(reading, lexicon.tones["friendly_professional"], Draw(seed, facts.id))
    for question in ("ways", "gifts", "closings"):
        sentence = plain(voice.sentence(question, question) or "")
        if sentence and len(f"{head} {sentence}") <= limit:
            head = f"{head} {sentence}"
    return shortened(head, limit)


def _from_its_maker(head: str, reading: Reading, limit: int) -> str:
    """All that can be said of a thing nobody knows: its data, and who makes it."""
    text = f"{head} {reading.vendor}." if reading.vendor else head
    if len(text) < SHORTEST_META or len(text) > limit:
        raise TooFewFacts("nothing in its data says what it is")
    return text


def _stated(reading: Reading, lexicon: Lexicon) -> str:
    """What it is, with what the title does not say of it: "Floor lamp in black, made of metal."."""
    labels = lexicon.tones["labels"]
    ways = {labels[name]: labels["coloured"] for name in ("colour", "colours")}
    ways |= {labels[name]: labels["made_of"] for name in ("material", "materials")}
    said = {word.lower() for word in words(reading.shown)}
    found: dict[str, str] = {}
    for item in feature_items(reading, lexicon):
        label, _colon, value = item.partition(": ")
        fresh = value and not {word.lower() for word in words(value)} & said
        if fresh and label != labels["occasion"]:
            found.setdefault(ways.get(label, ": {}"), value)
    order = (labels["coloured"], labels["made_of"], ": {}")
    kept = [way.format(found[way]) for way in order if way in found][:FACTS_SAID]
    return f"{reading.shown}{''.join(kept)}."


def alt_text(facts: Facts, *, position: int, lexicon: Lexicon) -> str:
    """What the picture shows as far as the data knows: the product, not its surroundings."""
    reading = read(facts, lexicon)
    return reading.shown if position <= 1 else f"{reading.shown}, picture {position}"
