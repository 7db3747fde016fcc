"""Campaign letters: a subject, the line after it, and a short text with a list of products."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.text.base import CampaignBrief, Facts, Letter, TooFewFacts
from workflows.text.markup import escape, paragraphs
from workflows.text.rules.chance import Draw
from workflows.text.rules.grammar import fill
from workflows.text.rules.lexicon import Lexicon
from workflows.text.rules.reading import Reading, read
from workflows.text.rules.short import shortened
from workflows.text.rules.titles import first_upper
from workflows.text.rules.voice import Voice, plain

SUBJECT = 70
PREHEADER = 110


def letter(products: Sequence[Facts], brief: CampaignBrief, seed: str, lexicon: Lexicon) -> Letter:
    """About the products that can be spoken of; raises ``TooFewFacts`` where there is none."""
    read_products = _readable(products, lexicon)
    if not read_products:
        raise TooFewFacts("none of its products' data says what they are")
    tone = lexicon.letters[brief.tone]
    draw = Draw(seed, f"letter:{brief.name}:{brief.segment}")
    slots = _slots(read_products, brief)
    subject = _subject(tone, slots, brief, draw)
    greetings = tone["to"].get(brief.segment) or tone["greetings"]
    lines = [fill(draw.one("greeting", greetings), slots)]
    if brief.offer:
        lines.append(fill(draw.one("offer", tone["offers"]), slots))
    items = _items(read_products, brief, seed, lexicon)
    blocks = "".join(paragraphs(brief.copy_blocks))
    html = (
        f"<p>{escape(' '.join(map(_sentence, lines)))}</p>"
        f"<p>{escape(draw.one('lead', tone['leads']))}</p>"
        f"<ul>{''.join(items)}</ul>{blocks}"
        f"<p>{escape(draw.one('closing', tone['closings']))}</p>"
    ) + (f"<p>{escape(brief.shop)}</p>" if brief.shop else "")
    preheader = shortened(_sentence(fill(draw.one("pre", tone["preheaders"]), slots)), PREHEADER)
    return Letter(subject, preheader, html, tuple(facts.id for facts, _ in read_products))


def _readable(products: Sequence[Facts], lexicon: Lexicon) -> list[tuple[Facts, Reading]]:
    found = []
    for facts in products:
        try:
            reading = read(facts, lexicon)
        except TooFewFacts:
            continue
        if reading.known:
            found.append((facts, reading))
    return found


def _slots(products: list[tuple[Facts, Reading]], brief: CampaignBrief) -> dict[str, str]:
    return {
        "first": f"the {products[0][1].name}",
        "First": products[0][1].shown,
        "count": str(len(products)),
        "campaign": brief.name,
        "occasion": brief.occasion,
        "offer": brief.offer,
        "from": brief.starts,
        "until": brief.until,
    }


def _subject(
    tone: Mapping[str, Any], slots: dict[str, str], brief: CampaignBrief, draw: Draw
) -> str:
    """The first that fits a phone's screen; all that is said in it is known."""
    section = (
        "subjects_offer" if brief.offer else "subjects_occasion" if brief.occasion else "subjects"
    )
    ways = draw.order("subject", tone[section])
    if not brief.occasion:
        ways = [way for way in ways if "{occasion}" not in way] or tone["subjects"]
    filled = [_sentence(fill(way, slots)).rstrip(".") for way in ways]
    return next((text for text in filled if len(text) <= SUBJECT), shortened(filled[0], SUBJECT))


def _items(
    products: list[tuple[Facts, Reading]], brief: CampaignBrief, seed: str, lexicon: Lexicon
) -> list[str]:
    """Each product's title and one true sentence about such a thing, none of them twice."""
    said: set[str] = set()
    tone, found = lexicon.tones[brief.tone], []
    for facts, reading in products:
        voice = Voice(reading, tone, Draw(seed, f"item:{facts.id}"), said=said)
        benefit = voice.phrases("benefits", "benefits")
        way = None if benefit else voice.sentence("ways", "ways")
        text = voice.fill("{benefit}", {"benefit": benefit[0]}) if benefit else way or ""
        rest = f": {escape(plain(text))}" if text else ""
        found.append(f"<li><strong>{escape(reading.shown)}</strong>{rest}</li>")
    return found


def _sentence(text: str) -> str:
    return first_upper(text)
