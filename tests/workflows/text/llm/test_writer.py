"""A model's text is used when it keeps to the facts; otherwise the rules write."""

import json

import pytest

from tests.workflows.text.catalogue import CATALOGUE
from tests.workflows.text.llm.conftest import GOOD, CountingPurse, answers, completion, says
from workflows.text.base import Brief, CaptionBrief, Facts, Length, TooFewFacts
from workflows.text.llm.checks import faults
from workflows.text.llm.endpoint import configured
from workflows.text.llm.memory import Answers
from workflows.text.llm.writer import GIVE_UP_AFTER, LlmWriter
from workflows.text.markup import faults as markup_faults
from workflows.text.rules.lexicon import lexicon
from workflows.text.rules.reading import read
from workflows.text.rules.writer import RuleWriter

LANTERN = CATALOGUE[0]
BRIEF = Brief(copy_blocks=("Posted in paper.",))


@pytest.fixture
def writer_for(server):
    def writer_for(**more) -> LlmWriter:
        return LlmWriter(
            "seed", "en", server.client(**more), Answers("tenant_one"), CountingPurse()
        )

    return writer_for


def by_rules(facts=LANTERN, brief=BRIEF) -> str:
    return RuleWriter("seed").description(facts, brief).html


def test_a_true_text_is_used_with_our_own_markup(server, writer_for):
    server.script = [says(GOOD)]
    written = writer_for().description(LANTERN, BRIEF)
    assert written.html.startswith(f"<p>{GOOD}</p>\n<ul><li>Colour: red</li>")
    assert written.html.endswith("<p>Posted in paper.</p>")
    assert markup_faults(written.html) == []


def test_the_same_question_is_asked_once(server, writer_for):
    server.script = [says(GOOD)]
    first = writer_for().description(LANTERN, BRIEF)
    again = writer_for().description(LANTERN, BRIEF)
    assert first == again
    assert len(server.requests) == 1


def test_an_invention_is_pointed_out_and_corrected(server, writer_for):
    server.script = [says(GOOD.replace("red enamel", "red copper")), says(GOOD)]
    assert GOOD in writer_for().description(LANTERN, BRIEF).html
    assert "copper" in server.requests[1]["body"]["messages"][-1]["content"]


def test_who_keeps_inventing_is_not_used(server, writer_for):
    server.script = [says(GOOD + " Handmade, and it lasts 20 years.")]
    assert writer_for().description(LANTERN, BRIEF).html == by_rules()
    assert len(server.requests) == 2


def test_markup_in_an_answer_is_refused(server, writer_for):
    server.script = [says("<script>alert(1)</script> " + GOOD)]
    assert writer_for().description(LANTERN, BRIEF).html == by_rules()


def test_a_server_that_fails_is_given_up_after_a_few(server, writer_for):
    server.script = [answers(401)]
    writer = writer_for()
    for facts in CATALOGUE[:6]:
        writer.description(facts, BRIEF)
    assert len(server.requests) == GIVE_UP_AFTER


def test_the_cap_on_spending_holds(server, writer_for):
    server.script = [says(GOOD, tokens=900)]
    writer = writer_for(monthly_tokens=1_000)
    writer.description(LANTERN, BRIEF)
    writer.description(LANTERN, Brief(copy_blocks=("Other.",), include_benefits=False))
    writer.description(LANTERN, Brief(include_features=False, keywords=("red lantern",)))
    assert writer.purse.spent() == 1_800
    assert len(server.requests) == 2
    assert writer.tally.trouble == "spent"


def test_at_most_so_many_texts_a_plan(server, writer_for):
    server.script = [says(GOOD)]
    writer = writer_for(texts_a_plan=0)
    assert writer.description(LANTERN, BRIEF).html == by_rules()
    assert server.requests == []


def test_too_few_facts_are_too_few_for_a_model_too(server, writer_for):
    with pytest.raises(TooFewFacts):
        writer_for().description(Facts("x", "CAPIZ CHANDELIER"), BRIEF)
    assert server.requests == []


def text(*texts: str):
    """A server that gives these short texts one after the other."""
    return [answers(200, completion(json.dumps({"text": said}), 50)) for said in texts]


def test_a_true_caption_is_used_with_our_hashtags_and_the_approved_copy(server, writer_for):
    server.script = text("The lantern is out, and the evening may come.")
    brief = CaptionBrief("instagram", "tips", copy_blocks=("Ad. Terms apply.",))
    caption = writer_for().caption(LANTERN, brief)
    assert caption.text == "The lantern is out, and the evening may come.\n\nAd. Terms apply."
    assert caption.hashtags == RuleWriter("seed").caption(LANTERN, brief).hashtags


def test_a_caption_that_invents_or_shouts_hashtags_is_the_rules(server, writer_for):
    server.script = text("A copper lantern from Wales.", "Look! #lantern #sale")
    writer = writer_for()
    brief = CaptionBrief("x", "lifestyle")
    assert writer.caption(LANTERN, brief) == RuleWriter("seed").caption(LANTERN, brief)
    assert (writer.tally.refused, writer.purse.spent()) == (1, 100)


def test_a_search_description_keeps_its_limit_with_the_copy_behind_it(server, writer_for):
    good = "A red enamel lantern for summer evenings. Hang it where people gather."
    server.script = text(good)
    assert writer_for().meta_description(LANTERN, copy="Terms apply.") == f"{good} Terms apply."
    server.script, server.requests[:] = text("x" * 150), []
    long = writer_for().meta_description(LANTERN, limit=120, copy="Terms apply.")
    assert len(long) <= 120
    assert long.endswith(" Terms apply.")


def test_what_people_wrote_on_the_page_is_not_replaced(server, writer_for):
    told = Facts(
        "t",
        "Red mug",
        text="<p>A mug for the long mornings of a short winter, and a good one it is.</p>",
    )
    assert writer_for().meta_description(told).startswith("A mug for the long mornings")
    assert server.requests == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("It is made of brass.", "brass"),
        ("Comes in a set of 6.", "6"),
        ("Waterproof through and through.", "Waterproof"),
        ("See https://example.org now.", "address"),
    ],
)
def test_inventions_are_found(said, fault):
    reading = read(LANTERN, lexicon())
    found = faults(f"{GOOD} {said}", LANTERN, reading, Brief(length=Length.MEDIUM), lexicon())
    assert any(fault in text for text in found)


def test_what_the_rules_write_is_true_by_the_same_checks():
    for facts in CATALOGUE[:8]:
        text = RuleWriter("seed").description(facts, Brief(include_features=False)).html
        spoken = text.replace("<p>", " ").replace("</p>", " ").replace("strong>", "")
        spoken = spoken.replace("<", "").replace("/", "")
        found = faults(spoken, facts, read(facts, lexicon()), Brief(), lexicon())
        assert [text for text in found if text.startswith("claims")] == []


def test_only_an_installation_that_names_a_model_has_one(monkeypatch):
    for name in ("CODEX_LLM_URL", "CODEX_LLM_MODEL", "CODEX_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert configured() is None
    monkeypatch.setenv("CODEX_LLM_URL", "https://llm.example/v1/")
    monkeypatch.setenv("CODEX_LLM_MODEL", "m")
    assert configured().url == "https://llm.example/v1"
