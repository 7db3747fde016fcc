"""Descriptions say what the data says, in the tone and length asked for, as safe HTML."""

import re
from itertools import product as every

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.text.catalogue import CATALOGUE, HOSTILE, NOTHING_TO_SAY
from tests.workflows.text.goldens import agrees
from workflows.text.base import WORD_RANGES, Brief, Facts, Length, Tone, TooFewFacts
from workflows.text.markup import count_words, faults, visible_text, words
from workflows.text.rules.lexicon import _strings, lexicon
from workflows.text.rules.reading import read
from workflows.text.rules.writer import RuleWriter

LEXICON = lexicon()
OURS = {
    word.lower()
    for text in _strings([LEXICON.tones, dict(LEXICON.words)])
    for word in re.findall(r"[^\W\d_]+", text)
} | LEXICON.common
OURS |= {"pieces", "tiers", "choose", "them", "wood", "their", "they", "this", "these", "have"}
BRIEFS = [Brief(tone, length) for tone, length in every(Tone, Length)]


def kind_words(facts: Facts) -> set[str]:
    kind = read(facts, LEXICON).kind
    texts = (*kind.hooks, *kind.uses, *kind.moments, *kind.benefits, *kind.people)
    return {word.lower() for text in texts for word in re.findall(r"[^\W\d_]+", text)}


def data_words(facts: Facts) -> set[str]:
    options = [text for name, values in facts.options for text in (name, *values)]
    said = " ".join((facts.title, facts.product_type, facts.vendor, *facts.tags, *options))
    found = re.findall(r"[^\W\d_]+", f"{said} {visible_text(facts.text)}".lower())
    return {form for word in found for form in (word, LEXICON.words["spelling"].get(word, word))}


@pytest.mark.parametrize("facts", CATALOGUE + HOSTILE[2:], ids=lambda facts: facts.id)
@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: f"{brief.tone}-{brief.length}")
def test_markup_length_and_facts(facts, brief):
    written = RuleWriter("seed").description(facts, brief)

    assert faults(written.html) == []
    kept = sum(len(words(sentence)) for sentence in read(facts, LEXICON).kept)
    low, high = WORD_RANGES[brief.length]
    assert low <= count_words(written.html) - kept <= high
    said = {w for w in re.findall(r"[^\W\d_]+", visible_text(written.html).lower()) if len(w) >= 4}
    endings = {w + e for w in kind_words(facts) | OURS for e in ("s", "es")}
    spelled = {w for d in data_words(facts) for w in re.findall(r"[^\W\d_]+", d)}
    assert said - OURS - kind_words(facts) - endings - data_words(facts) - spelled == set()


@pytest.mark.parametrize("facts", NOTHING_TO_SAY, ids=lambda facts: facts.title[:20])
def test_too_few_facts_are_refused(facts):
    with pytest.raises(TooFewFacts):
        RuleWriter("seed").description(facts, Brief())


@settings(max_examples=150, deadline=None)
@given(
    title=st.text(max_size=300),
    vendor=st.text(max_size=60),
    tags=st.lists(st.text(max_size=30), max_size=4),
    text=st.text(max_size=200),
    option=st.text(max_size=20),
    brief=st.sampled_from(BRIEFS),
)
def test_no_data_breaks_the_markup(title, vendor, tags, text, option, brief):
    facts = Facts(
        "x",
        f"{title} mug",
        vendor=vendor,
        tags=tuple(tags),
        text=text,
        options=((option, (option, "L")),),
    )
    try:
        written = RuleWriter("seed").description(facts, brief)
    except TooFewFacts:
        return
    assert faults(written.html) == []
    assert "<script" not in written.html.lower()


def test_the_same_seed_writes_the_same_and_another_seed_something_else():
    first, again, other = (
        [RuleWriter(seed).description(facts, Brief()).html for facts in CATALOGUE]
        for seed in ("one", "one", "two")
    )
    assert first == again
    assert sum(a != b for a, b in zip(first, other, strict=True)) >= 18


def test_openings_differ_within_a_plan_even_for_the_same_thing():
    writer = RuleWriter("seed")
    texts = [
        writer.description(Facts(str(n), "White mug"), Brief()).html.split("</p>")[0]
        for n in range(60)
    ]
    openings = [text.replace("white mug", "").split(". ")[0] for text in texts]
    assert len(set(texts)) == 60
    assert max(openings.count(opening) for opening in openings) <= 12


def test_a_product_that_leaves_the_plan_hardly_moves_the_others():
    def texts(products):
        writer = RuleWriter("seed")
        return {f.id: writer.description(f, Brief()).html for f in products}

    everyone, without = texts(CATALOGUE), texts(CATALOGUE[1:])
    assert sum(everyone[key] != html for key, html in without.items()) <= 1


def test_features_and_benefits_can_be_left_out():
    mugs = CATALOGUE[6]
    bare = Brief(include_features=False, include_benefits=False)
    html = RuleWriter("seed").description(mugs, bare).html
    assert "<ul>" not in html
    assert "Material" not in html
    spoken = visible_text(html)
    for benefit in LEXICON.kinds["mug"].benefits:
        assert benefit.split("} ")[-1].replace("{s}", "") not in spoken


def test_keywords_are_used_once_where_they_are_true_and_never_where_not():
    brief = Brief(keywords=("stoneware mugs", "organic cotton towels", "robin mug"))
    written = RuleWriter("seed").description(CATALOGUE[6], brief)
    spoken = visible_text(written.html).lower()
    assert written.keywords_used == ("stoneware mugs", "robin mug")
    assert "organic" not in spoken
    assert 1 <= spoken.count("stoneware mugs") <= 2
    assert 1 <= spoken.count("robin mug") <= 2


def test_copy_blocks_stand_word_for_word_and_escaped():
    block = "Posted in paper & card, never in plastic. <3"
    html = RuleWriter("seed").description(CATALOGUE[0], Brief(copy_blocks=(block,))).html
    assert html.endswith("<p>Posted in paper &amp; card, never in plastic. &lt;3</p>")


def test_examples_of_competitors_are_never_copied():
    plain = RuleWriter("seed").description(CATALOGUE[0], Brief()).html
    stolen = visible_text(plain)
    html = RuleWriter("seed").description(CATALOGUE[0], Brief(examples=(stolen,))).html
    name = "red enamel hanging star lantern"
    theirs, ours = (words(text.lower().replace(name, "")) for text in (stolen, visible_text(html)))
    fives = {tuple(theirs[at : at + 8]) for at in range(len(theirs) - 7)}
    assert not fives & {tuple(ours[at : at + 8]) for at in range(len(ours) - 7)}


def test_what_the_old_text_says_more_is_kept_and_filler_is_not():
    candle = CATALOGUE[18]
    html = RuleWriter("seed").description(candle, Brief()).html
    assert "<p>Orange peel and clove in a travel tin. Burns for 18 hours.</p>" in html
    dinner = Facts("d", "Dinner candles", text="<p>Six straight candles, 25 cm. Dripless.</p>")
    html = RuleWriter("seed").description(dinner, Brief()).html
    assert "<p>Six straight candles, 25 cm. Dripless.</p>" in html
    filler = Facts("f", "Red mug", text="<p>Lorem ipsum dolor sit amet. Mauris nulla tempor.</p>")
    assert "ipsum" not in RuleWriter("seed").description(filler, Brief()).html


def test_the_golden_texts_read_as_agreed():
    writer, tones, lengths = RuleWriter("golden"), list(Tone), list(Length)
    parts = []
    for at, facts in enumerate(CATALOGUE):
        brief = Brief(tones[at % 5], lengths[(at + at // 5) % 3], keywords=("christmas gifts",))
        written = writer.description(facts, brief)
        head = f"{facts.title.strip()} · {brief.tone} · {brief.length} · {written.words} words"
        parts.append(f"{head}\n{written.html}\n")
    assert agrees("descriptions.txt", "\n".join(parts))
