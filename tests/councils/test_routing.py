"""Which rule fires, and why the others do not."""

from decimal import Decimal

import pytest

from core.errors import Invalid
from councils import queries, services
from councils.matching import Facts
from councils.models import Council, FurtherCouncil, ReviewRound, RoutingRule, Seat, SeatHolder
from drafts import services as drafts
from tests.drafts.conftest import begin, make_council, press, reviewer

PRICES = {"workflow_type_id": "test.raise_prices"}


def save(cast, *councils, **facts):
    given = {"name": "Some", "council_ids": [council.pk for council in councils], **facts}
    return services.save_rule(
        tenant_id=cast.tenant.pk, actor=cast.actor("olivia"), rule_id="", **given
    )


def outcomes(facts):
    return [(trial.rule.name, trial.outcome) for trial in services.trials(facts)]


def said(facts, number=1):
    trial = services.trials(facts)[number - 1]
    return [(check.text, check.fits) for check in trial.checks]


@pytest.fixture
def trading(shop):
    council = make_council(shop.pk)
    RoutingRule.objects.all().delete()
    return council


@pytest.mark.parametrize(
    ("rule", "fits", "not_"),
    [
        ({"family": "test"}, {}, {"workflow_type_id": "seo.audit"}),
        (PRICES, {}, {"workflow_type_id": "seo.audit"}),
        ({"template_id": "template_x"}, {"template_id": "template_x"}, {"template_id": ""}),
        ({"author_role": "editor"}, {"author_role": "editor"}, {"author_role": "admin"}),
        ({"origin": "proposal"}, {"origin": "proposal"}, {"origin": "person"}),
        ({"risk_at_least": 60}, {"risk": 60}, {"risk": 59}),
        (
            {"money_at_least": Decimal("1000.00")},
            {"money": Decimal("1000")},
            {"money": Decimal("999.99")},
        ),
        ({"items_at_least": 5}, {"items": 5}, {"items": 4}),
    ],
)
def test_each_condition_fits_what_it_names(cast, trading, rule, fits, not_):
    save(cast, trading, name="Wanted", **rule)
    save(cast, trading, name="Else")

    assert outcomes(Facts(**{**PRICES, **fits})) == [("Wanted", "fires"), ("Else", "not_tried")]
    assert outcomes(Facts(**{**PRICES, **not_})) == [("Wanted", "passed"), ("Else", "fires")]


@pytest.mark.parametrize("when_unknown", [False, True])
def test_a_figure_nobody_knows_fits_only_a_rule_that_says_so(cast, trading, when_unknown):
    save(cast, trading, name="Dear", money_at_least=Decimal(100), when_unknown=when_unknown)
    facts = Facts(**PRICES, currency="GBP", why_no_money="no sales yet")

    assert outcomes(facts) == [("Dear", "fires" if when_unknown else "passed")]
    assert said(facts) == [
        ("is the money at risk £100.00 or more? It is not known: no sales yet", None)
    ]


def test_all_conditions_have_to_fit_and_each_says_why(cast, trading):
    save(cast, trading, risk_at_least=60, author_role="editor", items_at_least=3)
    facts = Facts(**PRICES, risk=72, author_role="owner", items=2)

    assert outcomes(facts) == [("Some", "passed")]
    assert said(facts) == [
        ("is its author Editor? They are Owner.", False),
        ("is the risk score 60 or more? It is 72.", True),
        ("is the items touched 3 or more? It is 2.", False),
    ]


def test_the_facts_are_read_from_the_preview(cast, trading, draft):
    assert services.facts_of(draft) == Facts(
        **PRICES, author_role="editor", currency=cast.tenant.currency
    )
    drafts.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    draft.refresh_from_db()
    impact = {"money_at_risk": {"amount": "1180.00", "currency": "GBP"}, "items": 4}
    draft.plan.summary |= {"impact": impact, "risk": {"score": 71, "level": "high"}}

    facts = services.facts_of(draft)

    assert (facts.money, facts.currency, facts.items, facts.risk) == (
        Decimal("1180.00"),
        "GBP",
        4,
        71,
    )


def two(cast, shop, **facts):
    """A rule of two councils: rita for Brand, ron for Finance."""
    brand = make_council(shop.pk, {"Brand": ["user_rita"]}, name="Brand")
    finance = make_council(shop.pk, {"Finance": ["user_ron"]}, name="Money")
    RoutingRule.objects.all().delete()
    save(cast, brand, finance, name="Both", **facts)
    return brand, finance


def test_two_councils_are_asked_at_once_and_both_have_to_say_yes(cast, shop, draft):
    brand, finance = two(cast, shop)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    round_ = ReviewRound.objects.get()
    assert (round_.council_id, round_.further_council_ids) == (brand.pk, [finance.pk])

    # Ron sits in the further council alone, and finds it in his queue and at his door.
    queue = cast.client("ron").get("/api/reviews?queue=mine").json()
    assert [review["draft_id"] for review in queue["reviews"]] == [draft.pk]
    assert press(cast, "ron", "approve", draft, "api").status_code == 200
    draft.refresh_from_db()
    assert draft.status == "pending_review"
    assert press(cast, "rita", "approve", draft, "page").status_code == 200
    draft.refresh_from_db()
    assert draft.status == "approved"


def test_in_turn_the_second_waits_for_the_first(cast, shop, draft):
    brand, finance = two(cast, shop, in_turn=True)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    stages = dict(ReviewRound.objects.get().seats.values_list("name", "stage"))
    assert stages == {"Brand": 1, "Finance": 2}
    assert press(cast, "ron", "approve", draft, "api").status_code == 409
    services.decide(
        draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", brand, finance)
    )
    assert press(cast, "ron", "approve", draft, "api").json()["status"] == "approved"


def test_a_further_council_that_rests_is_not_left_out_in_silence(cast, shop, draft):
    _brand, finance = two(cast, shop)
    Council.objects.filter(pk=finance.pk).update(is_active=False)

    with pytest.raises(services.Unreviewable) as refused:
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert "Money" in str(refused.value)
    assert ReviewRound.objects.count() == 0


def test_a_rule_never_mixes_shared_and_own_councils(cast, trading, django_db_blocker):
    from django.db import IntegrityError, transaction

    other = Council.objects.create(tenant_id=trading.tenant_id, name="Other")
    [rule] = save(cast, trading)
    with pytest.raises(IntegrityError), transaction.atomic():
        FurtherCouncil.objects.create(tenant_id=trading.tenant_id, rule=rule, council=rule.council)
    FurtherCouncil.objects.create(tenant_id=trading.tenant_id, rule=rule, council=other)


def test_choosing_a_council_is_no_way_round_a_figure(cast, trading, draft):
    easy = make_council(trading.tenant_id, name="Easy", is_choosable=True)
    RoutingRule.objects.all().delete()
    save(cast, trading, name="Big", items_at_least=1)
    save(cast, easy, name="Else")

    with pytest.raises(Invalid) as refused:
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), council_id=easy.pk)

    assert refused.value.fields == {
        "council_id": ["This draft cannot go to Easy. Councils you may choose: Trading."]
    }
    assert (
        services.submit_draft(
            draft_id=draft.pk, actor=cast.actor("eddie"), council_id=trading.pk
        ).assigned_council_id
        == trading.pk
    )


def test_a_council_only_a_later_rule_names_is_not_to_be_chosen(cast, trading, draft):
    later = make_council(trading.tenant_id, name="Later")
    RoutingRule.objects.all().delete()
    save(cast, trading)
    save(cast, later)

    assert [council.name for council in services.choosable(draft)] == ["Trading"]
    assert press(cast, "eddie", "submit", draft, "api", council_id=later.pk).status_code == 422


def test_the_submit_page_says_who_will_review_and_offers_what_may_be_chosen(cast, trading, draft):
    make_council(trading.tenant_id, {"Look": ["user_vera"]}, name="Free", is_choosable=True)
    RoutingRule.objects.all().delete()
    save(cast, trading, name="Everything")
    url = f"/portal/workflows/drafts/{draft.pk}/submit"

    page = cast.client("eddie").get(url).content.decode()

    assert "1 of Rita, Ron" in page
    assert "Rule 1: Everything" in page
    assert ">Free</option>" in page
    free = Council.objects.get(name="Free")
    cast.client("eddie").post(url, {"council_id": free.pk, "priority": "urgent", "note": ""})
    round_ = ReviewRound.objects.get()
    assert (round_.council_id, round_.priority, round_.routed_by) == (
        free.pk,
        "urgent",
        "Chosen when it was submitted",
    )


# The bench


def test_the_bench_tells_of_a_draft_and_of_typed_facts(cast, trading, draft):
    save(cast, trading, name="Risky", risk_at_least=50)
    save(cast, trading, name="Else")
    client = cast.client("eddie")

    page = client.get(f"/portal/settings/councils/test?draft={draft.pk}").content.decode()
    assert "Is the risk score 50 or more? It is not known." in page
    assert "The rule counts that as a no." in page
    assert "1 of Rita, Ron" in page
    typed = "workflow_type_id=test.raise_prices&origin=person&risk=80"
    page = client.get(f"/portal/settings/councils/test?{typed}").content.decode()
    assert "Is the risk score 50 or more? It is 80." in page
    assert "A rule above fires." in page


@pytest.mark.parametrize(("who", "status"), [("eddie", 200), ("bob", 404), ("stranger", 404)])
def test_the_bench_shows_nobody_a_draft_that_is_not_theirs(cast, trading, draft, who, status):
    client = cast.client(who)
    page = client.get(f"/portal/settings/councils/test?draft={draft.pk}")
    api = client.post(
        "/api/councils/rules/test", {"draft_id": draft.pk}, content_type="application/json"
    )
    assert (page.status_code, api.status_code) == (status, status)


def test_the_bench_answers_programs(cast, trading, draft):
    save(cast, trading, name="Risky", risk_at_least=50)
    client = cast.client("eddie")

    def ask(**body):
        return client.post("/api/councils/rules/test", body, content_type="application/json")

    answer = ask(draft_id=draft.pk).json()
    assert [rule["outcome"] for rule in answer["rules"]] == ["passed"]
    assert answer["problem"].startswith("No routing rule sends a draft")
    answer = ask(**PRICES, risk=90).json()
    assert [rule["outcome"] for rule in answer["rules"]] == ["fires"]
    assert (answer["problem"], answer["facts"]["risk"]) == ("", 90)
    assert ask().status_code == 422
    assert draft.status == "editing"


# Writing the rules


@pytest.mark.parametrize(
    ("who", "status"), [("olivia", 302), ("adam", 302), ("eddie", 403), ("vera", 403)]
)
def test_who_writes_rules_on_the_page(cast, trading, who, status):
    body = {"name": "Mine", "council_id": trading.pk, "risk_at_least": "40"}
    response = cast.client(who).post("/portal/settings/councils/rules/new", body)

    assert response.status_code == status
    assert RoutingRule.objects.count() == (1 if status == 302 else 0)


def test_rules_are_moved_changed_and_taken_away(cast, trading):
    first, second = save(cast, trading, name="A"), save(cast, trading, name="B")
    assert (len(first), len(second)) == (1, 2)
    client, base = cast.client("olivia"), "/portal/settings/councils/rules"
    a, b = (rule.pk for rule in second)

    client.post(f"{base}/{b}/move", {"way": "up"})
    assert [rule.name for rule in queries.routing_rules()] == [
        "B",
        "A",
    ]
    client.post(f"{base}/{a}", {"name": "A2", "council_id": trading.pk, "items_at_least": "7"})
    assert RoutingRule.objects.get(pk=a).items_at_least == 7
    assert cast.client("eddie").post(f"{base}/{a}/remove").status_code == 403
    client.post(f"{base}/{a}/remove")
    assert list(RoutingRule.objects.values_list("pk", flat=True)) == [b]
    assert cast.client("stranger").post(f"{base}/{b}/remove").status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"council_ids": []},
        {"council_ids": ["council_none"]},
        {"family": "pricing", "workflow_type_id": "seo.audit"},
        {"author_role": "king"},
        {"origin": "heaven"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(cast, trading, given):
    with pytest.raises(Invalid):
        save(cast, trading, **given)
    assert RoutingRule.objects.count() == 0


def test_seats_of_a_person_without_a_say_do_not_count_for_the_route(cast, shop, draft):
    council = make_council(shop.pk, {"Look": ["user_rita"]})
    SeatHolder.objects.all().update(user_id="user_eddie")
    Seat.objects.update(needed=1)

    panel = cast.client("olivia").get(f"/portal/settings/councils/test?draft={draft.pk}")

    assert f"Too few people in {council.name} may decide this draft" in panel.content.decode()


def test_a_draft_of_a_proposal_says_so(cast, shop):
    draft = begin(cast, proposal_id="proposal_1")
    assert services.facts_of(draft).origin == "proposal"
