"""Captions, search texts and letters: true, fitting, and different from each other."""

import pytest

from tests.workflows.text.catalogue import CATALOGUE, HOSTILE
from tests.workflows.text.goldens import agrees
from workflows.text.base import CampaignBrief, CaptionBrief, Tone, TooFewFacts
from workflows.text.markup import faults
from workflows.text.rules.short import PLATFORM_LIMITS, hashtag, shortened
from workflows.text.rules.writer import RuleWriter

KINDS = ("product_features", "tips", "lifestyle", "gift_ideas", "questions")
TONES = list(Tone)


def test_golden_captions():
    writer, parts = RuleWriter("golden"), []
    for at, facts in enumerate(CATALOGUE):
        platform = tuple(PLATFORM_LIMITS)[at % len(PLATFORM_LIMITS)]
        brief = CaptionBrief(platform, KINDS[at % 5], TONES[(at + at // 5) % 5])
        caption = writer.caption(facts, brief)
        head = f"{facts.title.strip()} · {platform} · {brief.content_type} · {brief.tone}"
        parts.append(f"{head}\n{caption.text}\n{' '.join(caption.hashtags)}\n")
    assert agrees("captions.txt", "\n".join(parts))


def test_golden_search_texts():
    writer = RuleWriter("golden")
    parts = [
        f"{facts.title.strip()}\n{writer.seo_title(facts, shop='Example & Sons')}\n"
        f"{writer.meta_description(facts)}\n{writer.alt_text(facts)}\n"
        for facts in CATALOGUE
    ]
    assert agrees("search_texts.txt", "\n".join(parts))


def test_golden_letters():
    writer, parts = RuleWriter("golden"), []
    for at in range(20):
        brief = CampaignBrief(
            name=f"Campaign {at}",
            tone=TONES[at % 5],
            occasion=("", "Christmas", "Mother's Day", "Easter")[at % 4],
            offer="15% off" if at % 4 > 1 else "",
            starts="1 March",
            until="8 March",
            shop="Example & Sons",
        )
        letter = writer.letter(CATALOGUE[at % 17 : at % 17 + 3], brief)
        parts.append(f"{brief.tone}\n{letter.subject}\n{letter.preheader}\n{letter.html}\n")
    assert agrees("letters.txt", "\n".join(parts))


@pytest.mark.parametrize("tone", Tone)
@pytest.mark.parametrize("platform", PLATFORM_LIMITS)
def test_every_caption_fits_its_platform_and_names_its_product(platform, tone):
    limit, most = PLATFORM_LIMITS[platform]
    for kind in KINDS:
        for facts in CATALOGUE:
            caption = RuleWriter("s").caption(facts, CaptionBrief(platform, kind, tone, 30))
            assert len(caption.hashtags) <= most
            assert len(caption.text) + sum(len(tag) + 1 for tag in caption.hashtags) <= limit
            assert "{" not in caption.text
            assert "\ue000" not in caption.text


def test_search_texts_keep_their_limits():
    for facts in CATALOGUE:
        assert 0 < len(RuleWriter("s").seo_title(facts, shop="Example", limit=60)) <= 60
        assert 0 < len(RuleWriter("s").meta_description(facts, limit=155)) <= 155


def test_letters_are_safe_and_need_something_to_say():
    brief = CampaignBrief("<b>Spring</b>", shop="<script>", copy_blocks=("A & B",))
    letter = RuleWriter("s").letter(CATALOGUE[:2] + HOSTILE[4:6], brief)
    assert faults(letter.html) == []
    assert "<p>A &amp; B</p>" in letter.html
    with pytest.raises(TooFewFacts):
        RuleWriter("s").letter(HOSTILE[:2], brief)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("tea towels", "#TeaTowels"), ("A", ""), ("50%", ""), ("stocking-filler", "#StockingFiller")],
)
def test_hashtags(text, tag):
    assert hashtag(text) == tag


def test_shortening_ends_at_a_sentence_or_a_word():
    assert shortened("One two. Three four.", 14) == "One two."
    assert shortened("One two three four", 12) == "One two…"
    assert shortened("Short", 10) == "Short"
