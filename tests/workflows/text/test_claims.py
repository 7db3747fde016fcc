"""Short texts claim nothing that the product's data does not say, and keep their tone and room."""

import re
from itertools import product as every

import pytest

from tests.workflows.text.catalogue import CATALOGUE, HOSTILE
from workflows.text.base import Brief, CampaignBrief, CaptionBrief, Length, Tone, TooFewFacts
from workflows.text.llm.checks import short_faults
from workflows.text.markup import faults, visible_text
from workflows.text.rules.lexicon import lexicon
from workflows.text.rules.reading import read
from workflows.text.rules.short import PLATFORM_LIMITS, copy_lines
from workflows.text.rules.writer import RuleWriter

LEXICON = lexicon()
CALM = (Tone.PLAIN, Tone.PREMIUM, Tone.FRIENDLY_PROFESSIONAL)
KINDS = ("product_features", "tips", "lifestyle", "gift_ideas", "questions")
BLOCKS = ("Ad. Terms & <conditions> apply.", "Two lines,\nboth of them.")


def inventions(text: str, facts, most: int) -> list[str]:
    return short_faults(text, facts, read(facts, LEXICON), LEXICON, least=1, most=most)


@pytest.mark.parametrize("facts", CATALOGUE, ids=lambda facts: facts.id)
def test_captions_and_search_texts_state_only_facts(facts):
    writer = RuleWriter("claims")
    for platform, kind, tone in every(PLATFORM_LIMITS, KINDS, Tone):
        caption = writer.caption(facts, CaptionBrief(platform, kind, tone))
        assert inventions(caption.text, facts, PLATFORM_LIMITS[platform][0]) == []
    assert inventions(writer.meta_description(facts), facts, 155) == []
    assert inventions(writer.seo_title(facts, shop=""), facts, 60) == []


@pytest.mark.parametrize("tone", Tone)
def test_letters_state_only_facts_of_each_product(tone):
    for segment in ("", "champions", "loyal", "new", "promising", "at_risk", "lapsed"):
        brief = CampaignBrief("News", tone, shop="Example & Sons", segment=segment)
        letter = RuleWriter("claims").letter(CATALOGUE, brief)
        assert faults(letter.html) == []
        items = re.findall(r"<li>(.*?)</li>", letter.html)
        assert len(items) == len(letter.products) == len(CATALOGUE)
        for facts, item in zip(CATALOGUE, items, strict=True):
            assert inventions(visible_text(item), facts, 400) == []
        said = [visible_text(item).partition(": ")[2] for item in items]
        told = [text for text in said if text]
        assert len(set(told)) == len(told)
        assert len(letter.subject) <= 70
        assert len(letter.preheader) <= 110


@pytest.mark.parametrize("tone", CALM)
def test_calm_tones_never_raise_their_voice(tone):
    writer = RuleWriter("calm")
    for facts in CATALOGUE:
        texts = [
            writer.caption(facts, CaptionBrief("instagram", kind, tone)).text for kind in KINDS
        ]
        texts += [writer.description(facts, Brief(tone, length)).html for length in Length]
        assert [text for text in texts if "!" in text] == []


def test_tones_speak_differently():
    for facts in CATALOGUE[:8]:
        said = {RuleWriter("s").description(facts, Brief(tone)).html for tone in Tone}
        assert len(said) == len(Tone)


@pytest.mark.parametrize("platform", PLATFORM_LIMITS)
def test_approved_copy_ends_every_caption_word_for_word(platform):
    limit, _most = PLATFORM_LIMITS[platform]
    for facts in CATALOGUE:
        brief = CaptionBrief(platform, "tips", hashtags=30, copy_blocks=BLOCKS)
        caption = RuleWriter("s").caption(facts, brief)
        own, _, copy = caption.text.partition("\n\n")
        assert copy == "Ad. Terms & <conditions> apply.\nTwo lines,\nboth of them."
        assert copy == copy_lines(BLOCKS)
        assert len(own) > 20
        assert len(caption.text) + sum(len(tag) + 1 for tag in caption.hashtags) <= limit


def test_approved_copy_ends_descriptions_and_letters_as_paragraphs():
    first = "<p>Ad. Terms &amp; &lt;conditions&gt; apply.</p>"
    ending = first + "{0}<p>Two lines,</p>{0}<p>both of them.</p>"
    for facts in CATALOGUE:
        html = RuleWriter("s").description(facts, Brief(copy_blocks=BLOCKS)).html
        assert html.endswith(ending.format("\n"))
        assert faults(html) == []
    letter = RuleWriter("s").letter(CATALOGUE[:3], CampaignBrief("News", copy_blocks=BLOCKS))
    assert ending.format("") in letter.html


@pytest.mark.parametrize("limit", [120, 155, 320])
def test_approved_copy_ends_search_descriptions_inside_their_limit(limit):
    for facts in CATALOGUE:
        text = RuleWriter("s").meta_description(facts, limit=limit, copy="Terms apply.")
        assert text.endswith(" Terms apply.")
        assert len(text) <= limit


def test_hostile_titles_stay_text():
    for facts in HOSTILE:
        try:
            texts = [RuleWriter("s").caption(facts, CaptionBrief("x", kind)).text for kind in KINDS]
        except TooFewFacts:
            continue
        assert all(len(text) <= PLATFORM_LIMITS["x"][0] for text in texts)
        assert not any("\ue000" in text or "{" in text for text in texts)
