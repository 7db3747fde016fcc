"""A model's words are used when every figure is where it was; otherwise the detector's own stay."""

import json

import pytest

from core.models import Event
from core.scope import scope
from proposals import tasks
from proposals.models import Proposal, ProposerRun
from proposals.services import accept_proposal, propose_for_tenant, proposing, replay
from proposals.services.rewording import REWORDER, Words, figures, replace_words, reword
from tenants.models import Tenant
from tests.proposals.conftest import DESCRIPTIONS, in_shop
from tests.workflows.text.llm.conftest import (  # noqa: F401 -- the server is a fixture
    answers,
    completion,
    dribbles,
    hangs_up,
    server,
    sleeps,
)
from workflows.models.texts import TextModel

TITLE = "Beschreibungen für 4 Produkte schreiben"
REASONS = [
    "Bei 4 von 10 aktiven Produkten fehlt der Text.",
    "Gezählt sind alle; die Grenze liegt bei 30%.",
]


@pytest.fixture
def run(shop):
    """A run that proposed to write four descriptions."""
    with in_shop(shop):
        Tenant.objects.filter(pk=shop.tenant.pk).update(locale="de-de")
    return propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS).run


def says(title=TITLE, reasoning=REASONS, tokens=100):
    text = json.dumps({"title": title, "reasoning": reasoning})
    return answers(200, completion(text, tokens))


def told(shop) -> Proposal:
    with in_shop(shop):
        return Proposal.objects.get()


def reworded(shop, run, server, **more):  # noqa: F811
    return reword(tenant_id=shop.tenant.pk, run_id=run.pk, client=server.client(**more))


def is_as_it_was(shop) -> bool:
    found = told(shop)
    return (found.title, found.words_by, found.own_words) == (
        "Write descriptions for 4 products",
        "rules",
        {},
    )


def test_true_words_are_used_and_the_detectors_own_are_kept(shop, run, server):  # noqa: F811
    server.script = [says()]
    before = told(shop)
    spent = reworded(shop, run, server)
    found = told(shop)

    assert (spent.reworded, spent.asked, spent.tokens) == (1, 1, 100)
    assert (found.title, found.points, found.words_by) == (TITLE, REASONS, "test-model")
    assert found.own_words == {"title": before.title, "reasoning": before.points}
    assert found.based_on == before.based_on
    assert "in German (Germany)" in server.requests[0]["body"]["messages"][0]["content"]
    with in_shop(shop):
        assert ProposerRun.objects.get().cost["tokens"] == 100
        event = Event.objects.get(kind="proposal.reworded")
        assert (event.actor_label, event.data) == (REWORDER.label, {"model": "test-model"})
        assert replay(proposal_id=found.pk, actor=shop.actor("vera")).is_same


WRONG = {
    "another figure": says(reasoning=["Bei 5 von 10 Produkten fehlt der Text.", REASONS[1]]),
    "a figure left out": says(reasoning=["Bei 4 Produkten fehlt der Text.", REASONS[1]]),
    "a figure too many": says(title="4 Produkte, 10 Minuten"),
    "figures changed places": says(reasoning=[REASONS[1], REASONS[0]]),
    "without its unit": says(reasoning=[REASONS[0], "Die Grenze liegt bei 30."]),
    "a minus too many": says(reasoning=[REASONS[0], "Die Grenze liegt bei -30%."]),
    "in words": says(title="Write four descriptions for 4 products"),
    "a reason too few": says(reasoning=REASONS[:1]),
    "markup": says(title="<b>4</b> Produkte"),
    "an address": says(title="4 Produkte: www.example.com"),
    "too long": says(title="4 Produkte " + "und mehr " * 20),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_words_with_other_figures_are_asked_for_once_more_and_then_left(
    shop,
    run,
    server,  # noqa: F811
    wrong,
):
    server.script = [wrong]
    assert reworded(shop, run, server).reworded == 0
    assert len(server.requests) == 2
    assert "Not usable" in server.requests[1]["body"]["messages"][-1]["content"]
    assert is_as_it_was(shop)


def test_a_second_try_may_be_right(shop, run, server):  # noqa: F811
    server.script = [WRONG["another figure"], says()]
    assert reworded(shop, run, server).reworded == 1
    assert told(shop).title == TITLE


@pytest.mark.parametrize(
    "trouble",
    [
        hangs_up,
        sleeps,
        dribbles,
        answers(401),
        answers(500),
        answers(302, Location="http://127.0.0.1:1/"),
        answers(200, b"<html>"),
        answers(200, completion("no JSON at all")),
        answers(200, completion("x" * 300_000)),
    ],
    ids=["hang-up", "sleep", "dribble", "401", "500", "redirect", "html", "prose", "huge"],
)
def test_with_a_server_that_misbehaves_the_own_words_stand(shop, run, server, trouble):  # noqa: F811
    server.script = [trouble]
    spent = reworded(shop, run, server)
    assert (spent.reworded, spent.failures) == (0, 1)
    assert is_as_it_was(shop)


def test_the_months_cap_on_spending_holds(shop, run, server):  # noqa: F811
    server.script = [WRONG["another figure"]]
    assert reworded(shop, run, server, monthly_tokens=150).tokens == 200
    assert reworded(shop, run, server, monthly_tokens=150).asked == 0
    assert len(server.requests) == 2


def test_the_same_question_is_asked_once(shop, run, server):  # noqa: F811
    server.script = [says()]
    reworded(shop, run, server)
    with in_shop(shop):
        own = told(shop).own_words
        Proposal.objects.update(
            title=own["title"], reasoning="\n".join(own["reasoning"]), words_by="rules"
        )
    assert reworded(shop, run, server).reworded == 1
    assert len(server.requests) == 1


def test_what_somebody_decided_meanwhile_keeps_its_words(shop, run, server):  # noqa: F811
    """The model is still thinking when the proposal is accepted."""
    proposal = told(shop)
    words = Words(title=proposal.title, reasoning=proposal.points)
    with scope(tenant_id=shop.tenant.pk, user_id=shop.eddie.pk):
        accept_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    with in_shop(shop):
        assert not replace_words(
            proposal_id=proposal.pk,
            before=words,
            after=Words(title=TITLE, reasoning=REASONS),
            model="test-model",
        )
    assert is_as_it_was(shop)


def test_without_an_endpoint_nobody_is_asked(shop, monkeypatch):
    monkeypatch.delenv("CODEX_LLM_URL", raising=False)
    asked = []
    monkeypatch.setattr(proposing.tasks.reword, "publish", lambda **ids: asked.append(ids))
    run = propose_for_tenant(tenant_id=shop.tenant.pk).run
    assert (asked, tasks.reword(tenant_id=shop.tenant.pk, run_id=run.pk)) == ([], 0)


def test_with_an_endpoint_the_runs_words_are_asked_for_after_the_commit(
    shop,
    server,  # noqa: F811
    monkeypatch,
):
    monkeypatch.setenv("CODEX_LLM_URL", server.url)
    monkeypatch.setenv("CODEX_LLM_MODEL", "test-model")
    asked = []
    monkeypatch.setattr(proposing.tasks.reword, "publish", lambda **ids: asked.append(ids))
    run = propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS).run
    assert asked == [{"tenant_id": shop.tenant.pk, "run_id": run.pk}]
    server.script = [says()]
    assert tasks.reword(**asked[0]) == 1


@pytest.mark.parametrize(("is_active", "asked"), [(True, 1), (False, 0)])
def test_a_shop_that_switched_its_own_model_off_is_not_reworded_by_another(
    shop, monkeypatch, is_active, asked
):
    monkeypatch.setenv("CODEX_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("CODEX_LLM_MODEL", "test-model")
    sent = []
    monkeypatch.setattr(proposing.tasks.reword, "publish", lambda **ids: sent.append(ids))
    with in_shop(shop):
        TextModel.objects.create(
            tenant=shop.tenant, url="https://llm.example/v1", model="own", is_active=is_active
        )
    run = propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS).run
    assert len(sent) == asked
    if not asked:
        assert tasks.reword(tenant_id=shop.tenant.pk, run_id=run.pk) == 0


def test_figures_are_read_with_sign_and_unit():
    said = "Sold £14,331 a week, 2.04 times; -2% and +19 %, 18 December 2026, 1.234,50 €."
    read = ["+19%", "-2%", "1.234,50€", "18", "2.04", "2026", "£14,331"]
    assert sorted(figures(said).elements()) == read


def test_the_page_shows_both(shop, run, server):  # noqa: F811
    server.script = [says()]
    reworded(shop, run, server)
    html = shop.client("vera").get(told(shop).get_absolute_url()).content.decode()
    assert TITLE in html
    assert "In the detector’s own words" in html
    assert "Write descriptions for 4 products" in html
