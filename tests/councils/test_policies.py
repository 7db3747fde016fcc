"""The policy is written down whenever it changes, and decisions name theirs."""

from core.scope import scope
from councils import queries, services
from councils.models import PolicyVersion, ReviewRound, SeatHolder, Verdict
from councils.policy import differences
from tenants.models import Membership
from tests.drafts.conftest import make_council, reviewer
from workflows.models import LimitSet


def lines(number):
    before, after = queries.policy(number - 1), queries.policy(number)
    return differences(before.document if before else {}, after.document)


def test_each_change_is_a_version_with_who_made_it(cast, shop):
    olivia, adam = cast.actor("olivia"), cast.actor("adam")
    council = services.create_council(
        tenant_id=shop.pk,
        name="Trading",
        actor=olivia,
        seats=[{"name": "Finance", "user_ids": ["user_rita"]}],
    )
    services.save_rule(
        tenant_id=shop.pk, actor=adam, name="Dear", council_ids=[council.pk], items_at_least=5
    )
    services.update_council(
        council_id=council.pk,
        actor=adam,
        approval_days=7,
        seats=[{"name": "Finance", "needed": 2, "user_ids": ["user_rita", "user_ron"]}],
    )
    services.update_council(council_id=council.pk, actor=adam, approval_days=7)

    assert list(queries.policies().values_list("number", "made_by_id")) == [
        (3, "user_adam"),
        (2, "user_adam"),
        (1, "user_olivia"),
    ]
    assert lines(1) == ["The policy was written down for the first time."]
    assert lines(2) == ["Rule added: “Dear”: 5 items or more → Trading."]
    assert lines(3) == [
        "Trading: “days an approval lasts” was 14, is 7.",
        "Trading, Finance: 1 were needed, now 2.",
        "Trading, Finance: Ron was seated.",
    ]


def test_a_decision_names_the_policy_it_was_made_under(cast, draft, council):
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert ReviewRound.objects.get().policy_number == 1
    # Changed past our services, as staff may: noticed by the next decision.
    SeatHolder.objects.filter(user_id="user_ron").delete()
    Membership.objects.filter(user_id="user_bob").update(role="viewer")

    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))

    assert Verdict.objects.get().policy_number == 2
    assert lines(2) == ["Trading, Finance: Ron left.", "Bob was Editor, is Viewer."]
    assert queries.latest_policy().made_by_label == "noticed by Codex"
    assert PolicyVersion.objects.count() == 2


def test_the_history_is_a_page_and_an_answer(cast, shop):
    services.create_council(tenant_id=shop.pk, name="Trading", actor=cast.actor("olivia"))
    make_council(shop.pk, name="By hand")
    services.remember_policy(tenant_id=shop.pk)
    client = cast.client("vera")

    page = client.get("/portal/settings/councils/history").content.decode()
    assert "By hand was added, with Finance." in page
    one = client.get("/portal/settings/councils/history/1")
    assert (one.status_code, "Trading" in one.content.decode()) == (200, True)
    assert client.get("/portal/settings/councils/history/9").status_code == 404
    told = client.get("/api/councils/policies").json()
    assert [version["number"] for version in told["policies"]] == [2, 1]
    assert told["policies"][0]["changes"][0] == "By hand was added, with Finance."
    assert cast.client("stranger").get("/api/councils/policies").json()["total"] == 0


def test_the_database_keeps_a_version_as_it_was(cast, shop):
    import pytest
    from django.db import DatabaseError, transaction

    version = services.remember_policy(tenant_id=shop.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(number=5)
    with scope(tenant_id=shop.pk):
        assert queries.latest_policy().number == 1


def test_limits_are_in_it_with_who_set_them(cast, shop):
    services.remember_policy(tenant_id=shop.pk)
    LimitSet.objects.create(
        tenant_id=shop.pk, family="pricing", number=1, max_items=50, set_by=cast.olivia
    )

    version = services.remember_policy(tenant_id=shop.pk)

    assert (version.number, version.made_by_id) == (2, "user_olivia")
    assert lines(2) == ["Limit “Most items in one plan” (pricing) was nothing, is 50."]
