"""Verdicts: who may give which, on what, and what comes of it."""

import pytest

from core.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from core.scope import scope
from councils import services
from councils.models import ReviewEntry, ReviewRound, Seat, SeatHolder, Verdict
from drafts import services as drafts
from drafts.models import Approval
from drafts.states import DraftState
from notifications.models import Notice
from tests.drafts.conftest import (
    DOORS,
    facts_of,
    kinds_of,
    make_council,
    press,
    reviewer,
)

VERDICTS = [
    ("approve", {}, "approved", ["review.verdict", "draft.approved"]),
    ("reject", {"comment": "Too early."}, "rejected", ["review.verdict", "draft.rejected"]),
    (
        "request-changes",
        {"comment": "Less."},
        "editing",
        ["review.verdict", "draft.changes_requested"],
    ),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("rita", 200),
        ("ron", 200),
        ("eddie", 403),
        ("olivia", 403),
        ("adam", 403),
        ("bob", 404),
        ("vera", 404),
        ("stranger", 404),
    ],
)
@pytest.mark.parametrize(("verdict", "body", "end", "events"), VERDICTS)
def test_each_person_gets_the_same_answer_at_every_door(
    cast, draft, bring, door, who, status, verdict, body, end, events
):
    before = facts_of(bring(draft, "pending_review"))
    said = kinds_of(draft)

    response = press(cast, who, verdict, draft, door, **body)

    assert response.status_code == status
    if status == 200:
        assert facts_of(draft)["status"] == end
        assert kinds_of(draft) == said + events
        assert facts_of(draft)["reviewed_by_id"] == f"user_{who}"
    else:
        assert facts_of(draft) == before
        assert kinds_of(draft) == said
        assert Verdict.objects.count() == 0


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("verdict", ["reject", "request-changes"])
def test_a_no_needs_its_reason(cast, draft, bring, door, verdict):
    before = facts_of(bring(draft, "pending_review"))

    response = press(cast, "rita", verdict, draft, door, comment="  ")

    assert response.status_code == 422
    assert facts_of(draft) == before
    assert Verdict.objects.count() == 0


@pytest.mark.parametrize("state", [s for s in DraftState.values if s != "pending_review"])
@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_only_a_draft_in_review_is_decided(cast, draft, bring, state, verdict, council):
    before = facts_of(bring(draft, state))
    actor = reviewer(cast, "ron", council)

    with pytest.raises((IllegalMove, NotAllowed, NotFound)):
        services.decide(draft_id=draft.pk, verdict=verdict, actor=actor, comment="No.")

    assert facts_of(draft) == before


@pytest.mark.parametrize("who", ["olivia", "adam", "bob"])
def test_whoever_edited_is_barred_owners_included(cast, shop, draft, who):
    """Everyone sits on the seat; those who wrote in the draft still may not decide."""
    council = make_council(
        shop.pk, {"All": [f"user_{n}" for n in ("olivia", "adam", "bob", "rita")]}
    )
    drafts.share_draft(
        draft_id=draft.pk, user_id="user_bob", may_edit=True, actor=cast.actor("eddie")
    )
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor(who), name="Mine too")
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    before = facts_of(draft)

    with pytest.raises(NotAllowed) as refused:
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, who, council))

    assert str(refused.value) == "You edited this draft, so you cannot decide on it."
    assert facts_of(draft) == before


def test_the_author_is_barred_even_on_a_seat(cast, shop, draft):
    council = make_council(shop.pk, {"All": ["user_eddie", "user_rita"]})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    with pytest.raises(NotAllowed):
        services.decide(
            draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "eddie", council)
        )


def test_a_verdict_on_an_older_revision_never_lands_on_a_newer_one(cast, draft, bring, council):
    bring(draft, "pending_review")
    rita = reviewer(cast, "rita", council)
    services.decide(draft_id=draft.pk, verdict="request_changes", comment="Less.", actor=rita)
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "0.50"})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    before = facts_of(draft)

    late = press(cast, "ron", "approve", draft, "api", revision=1)

    assert (late.status_code, late.json()["code"]) == (409, "stale_revision")
    assert facts_of(draft) == before
    assert press(cast, "ron", "approve", draft, "api", revision=2).status_code == 200


def test_a_page_left_open_keeps_the_comment_of_a_stale_verdict(cast, draft, bring, council):
    bring(draft, "pending_review")
    services.withdraw_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "0.50"})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    page = press(cast, "rita", "reject", draft, "page", revision=1, comment="Still too much.")

    assert page.status_code == 409
    assert "Still too much." in page.content.decode()
    assert Verdict.objects.count() == 0


def test_every_seat_has_to_be_filled_by_somebody_of_its_own(cast, shop, draft):
    council = make_council(
        shop.pk, {"Finance": ["user_rita", "user_ron"], "Operations": ["user_ron", "user_adam"]}
    )
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    def approve(who):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, who, council))
        return facts_of(draft)["status"]

    # Ron could fill both; when rita cannot have Operations, he moves there.
    assert approve("ron") == "pending_review"
    assert Approval.objects.count() == 0
    assert approve("rita") == "approved"
    seats = dict(Verdict.objects.values_list("user_id", "seat__name"))
    assert seats == {"user_ron": "Operations", "user_rita": "Finance"}
    assert kinds_of(draft).count("draft.approved") == 1


def test_a_later_stage_waits_for_the_one_before(cast, shop, draft):
    council = make_council(shop.pk, {"First": ["user_rita"], "Second": ["user_ron"]})
    Seat.objects.filter(council=council, name="Second").update(stage=2)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    entry = ReviewEntry.objects.get(draft=draft)
    assert entry.waiting_for == ["user_rita"]

    with pytest.raises(Conflict):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", council))
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))
    entry.refresh_from_db()
    assert entry.waiting_for == ["user_ron"]
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", council))

    assert facts_of(draft)["status"] == "approved"


def test_one_verdict_a_person_and_round(cast, shop, draft):
    council = make_council(shop.pk, {"A": ["user_rita"], "B": ["user_rita", "user_ron"]})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)
    services.decide(draft_id=draft.pk, verdict="approve", actor=rita)

    with pytest.raises(Conflict):
        services.decide(draft_id=draft.pk, verdict="approve", actor=rita)

    assert Verdict.objects.count() == 1
    assert facts_of(draft)["status"] == "pending_review"


def test_a_quorum_counts_only_people_who_still_sit_there(cast, shop, draft):
    council = make_council(shop.pk, {"A": ["user_rita", "user_adam"], "B": ["user_ron"]})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))
    SeatHolder.objects.filter(user_id="user_rita").delete()

    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", council))

    assert facts_of(draft)["status"] == "pending_review"
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "adam", council))
    assert facts_of(draft)["status"] == "approved"


def test_a_member_who_left_the_tenant_cannot_decide(cast, draft, bring, council):
    bring(draft, "pending_review")
    cast.rita.memberships.all().delete()

    with pytest.raises(NotAllowed):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))


def test_the_approval_names_the_fingerprint_and_its_days(cast, draft, bring, council):
    council.approval_days = 3
    council.save()
    bring(draft, "approved")

    approval = Approval.objects.get(draft=draft)
    round_ = ReviewRound.objects.get(draft=draft)
    assert approval.fingerprint == round_.fingerprint == draft.plan.fingerprint
    assert (approval.until - approval.created_at).days in (2, 3)
    assert (round_.state, ReviewEntry.objects.get(draft=draft).state) == ("approved", "approved")


@pytest.mark.parametrize("door", DOORS)
def test_a_reviewer_may_take_the_approval_back_until_it_is_converted(cast, draft, bring, door):
    bring(draft, "approved")

    assert press(cast, "ron", "take-back", draft, door).status_code in (403, 409)
    assert press(cast, "rita", "take-back", draft, door).status_code == 200

    assert facts_of(draft)["status"] == "pending_review"
    assert Approval.objects.get(draft=draft).voided_why == "taken_back"
    assert ReviewRound.objects.get(draft=draft).state == "open"
    assert kinds_of(draft)[-2:] == ["draft.approval_revoked", "review.verdict_taken_back"]
    assert press(cast, "rita", "approve", draft, door).status_code == 200
    assert facts_of(draft)["status"] == "approved"


def test_after_conversion_nothing_is_taken_back(cast, draft, bring):
    before = facts_of(bring(draft, "converted"))

    assert press(cast, "rita", "take-back", draft, "api").status_code == 409
    assert facts_of(draft) == before


def test_people_are_told_once_each(cast, draft, bring):
    bring(draft, "rejected")

    told = set()
    for name in ("eddie", "rita", "ron", "olivia"):
        with scope(tenant_id=cast.tenant.pk, user_id=f"user_{name}"):
            told |= {(n.user_id, n.kind) for n in Notice.objects.filter(user_id=f"user_{name}")}
    assert told == {
        ("user_rita", "review.asked"),
        ("user_ron", "review.asked"),
        ("user_eddie", "review.verdict"),
    }


def test_an_unknown_verdict_is_refused(cast, draft, bring, council):
    bring(draft, "pending_review")

    with pytest.raises(Invalid):
        services.decide(draft_id=draft.pk, verdict="maybe", actor=reviewer(cast, "rita", council))
