"""Into review: who may, what has to be there, and who gets it."""

import pytest

from core.errors import IllegalMove, Invalid
from councils import services
from councils.models import Council, ReviewEntry, ReviewRound, RoutingRule, SeatHolder
from drafts import services as drafts
from drafts.models import Revision
from stores.models import Variant
from tests.drafts.conftest import DOORS, begin, facts_of, kinds_of, make_council, press


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("eddie", 200),
        ("olivia", 200),
        ("adam", 200),
        ("bob", 404),
        ("vera", 404),
        ("rita", 404),
        ("stranger", 404),
    ],
)
def test_each_person_gets_the_same_answer_at_every_door(cast, draft, council, door, who, status):
    before = facts_of(draft)

    response = press(cast, who, "submit", draft, door)

    assert response.status_code == status
    if status == 200:
        assert facts_of(draft)["status"] == "pending_review"
        assert facts_of(draft)["assigned_council_id"] == council.pk
        assert kinds_of(draft) == ["draft.created", "draft.previewed", "draft.submitted"]
    else:
        assert facts_of(draft) == before
        assert kinds_of(draft) == ["draft.created"]


def test_the_api_needs_no_body(cast, draft, council):
    assert cast.client("eddie").generic("POST", f"/api/drafts/{draft.pk}/submit").status_code == 200


def test_the_revision_is_what_was_submitted_word_for_word(cast, draft, council):
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), note="Look at mugs.")

    draft.refresh_from_db()
    revision = Revision.objects.get(draft=draft)
    assert (revision.number, revision.name, revision.inputs) == (1, draft.name, draft.inputs)
    assert (revision.plan_id, revision.note) == (draft.plan_id, "Look at mugs.")
    round_ = ReviewRound.objects.get(draft=draft)
    assert (round_.cycle, round_.fingerprint) == (1, draft.plan.fingerprint)
    assert round_.routed_by == "Rule 1: All to Trading"


def test_a_plan_the_shop_has_moved_away_from_is_made_anew(cast, draft, council):
    drafts.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    draft.refresh_from_db()
    seen = draft.plan_id
    Variant.objects.filter(sku="SKU-0").update(price="12.34")

    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    draft.refresh_from_db()
    assert draft.plan_id != seen
    assert draft.plan.changes.filter(before="12.34").count() == 1


def test_a_plan_that_changes_nothing_is_refused(cast, shop, council):
    draft = begin(cast, inputs={"add": "0"})
    before = facts_of(draft)

    with pytest.raises(Invalid):
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert facts_of(draft) == before
    assert kinds_of(draft) == ["draft.created"]


def test_missing_inputs_are_named(cast, shop, council):
    draft = begin(cast, inputs={"posts": -1})

    response = press(cast, "eddie", "submit", draft, "api")

    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["inputs.posts"]


def test_without_a_rule_the_error_says_what_to_do(cast, draft):
    response = press(cast, "eddie", "submit", draft, "api")

    assert (response.status_code, response.json()["code"]) == (409, "no_council")
    assert "Settings" in response.json()["detail"]
    assert facts_of(draft)["status"] == "editing"


@pytest.mark.parametrize(
    "break_it",
    [
        lambda council: SeatHolder.objects.all().delete(),
        lambda council: SeatHolder.objects.all().update(user_id="user_eddie"),
        lambda council: council.seats.update(needed=3),
        lambda council: Council.objects.update(is_active=False),
        lambda council: council.seats.update(is_active=False),
    ],
)
def test_no_draft_is_left_in_limbo(cast, shop, break_it):
    council = make_council(shop.pk, {"Finance": ["user_rita"]})
    draft = begin(cast)
    break_it(council)

    with pytest.raises(services.Unreviewable):
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert facts_of(draft)["status"] == "editing"
    assert ReviewRound.objects.count() == 0
    assert ReviewEntry.objects.count() == 0


def test_the_first_rule_that_fits_decides(cast, draft, council):
    special = make_council(draft.tenant_id, name="Special")
    RoutingRule.objects.filter(council=special).update(
        position=1, workflow_type_id="test.raise_prices"
    )
    other = make_council(draft.tenant_id, name="Other")
    RoutingRule.objects.filter(council=other).update(position=0, family="social")

    assert services.route_of(draft).council == special


def test_a_council_the_tenant_lets_authors_choose_can_be_named(cast, draft, council):
    chosen = make_council(draft.tenant_id, name="Chosen", is_choosable=True)

    assert press(cast, "eddie", "submit", draft, "api", council_id=chosen.pk).status_code == 200
    assert facts_of(draft)["assigned_council_id"] == chosen.pk


def test_a_council_of_nobodys_is_refused(cast, draft, council):
    response = press(cast, "eddie", "submit", draft, "api", council_id="council_none")

    assert response.status_code == 422
    assert facts_of(draft)["status"] == "editing"


def test_each_submission_opens_the_next_cycle(cast, draft, council):
    for cycle in (1, 2):
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
        assert ReviewRound.objects.filter(draft=draft, state="open").get().cycle == cycle
        services.withdraw_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert list(Revision.objects.values_list("number", flat=True)) == [1, 2]


def test_a_second_submission_is_an_illegal_move(cast, draft, council):
    press(cast, "eddie", "submit", draft, "api")

    with pytest.raises(IllegalMove):
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert Revision.objects.count() == 1
