"""Partial approval: what is left is what is approved, what others said is void, and it runs."""

import pytest

from core.errors import Conflict, Invalid, NotAllowed
from core.models import Event
from core.scope import scope
from councils import queries, services
from councils.models import ReviewEntry, ReviewRound, Verdict
from drafts import services as drafts
from drafts.models import Approval, Contributor, Draft, Revision
from notifications.models import Notice
from stores.models import Variant
from tests.drafts.conftest import facts_of, kinds_of, make_council, reviewer, submit
from workflows import services as workflows
from workflows.models import Plan, PlannedChange, Workflow


@pytest.fixture
def in_review(draft, bring) -> Draft:
    return bring(draft, "pending_review")


def approve_part(cast, council, draft, who="rita", revision=1, **unticked) -> Draft:
    return services.approve_part(
        draft_id=draft.pk,
        revision_number=revision,
        actor=reviewer(cast, who, council),
        **unticked,
    )


def test_the_part_is_what_is_approved_and_what_runs(cast, council, in_review):
    whole = in_review.plan

    draft = approve_part(cast, council, in_review, without=[2, 3], comment="Not these.")

    assert draft.status == "approved"
    part = draft.plan
    approval = Approval.objects.get()
    newest = Revision.objects.get(number=2)
    assert part.trimmed_from_id == whole.pk
    assert approval.fingerprint == part.fingerprint == newest.fingerprint != whole.fingerprint
    assert (approval.plan_id, approval.revision_id) == (part.pk, newest.pk)
    assert (newest.submitted_by_id, newest.inputs) == ("user_eddie", draft.inputs)
    round_ = ReviewRound.objects.get()
    assert (round_.revision_number, round_.fingerprint) == (2, part.fingerprint)
    assert round_.state == "approved"
    assert kinds_of(draft)[-4:] == [
        "draft.submitted",
        "draft.trimmed",
        "review.verdict",
        "draft.approved",
    ]
    trimmed = Event.objects.get(kind="draft.trimmed").data
    assert (trimmed["left_out"], trimmed["kept"], trimmed["revision"]) == (2, 3, 2)
    assert trimmed["first"] == ["Product 1 · price", "Product 2 · price"]

    _draft, run, _made = drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    run = Workflow.objects.get()
    assert (run.status, run.applied, run.fidelity) == ("succeeded", 3, 1)
    rows = Variant.objects.order_by("pk").values_list("price", flat=True)
    assert [str(price) for price in rows] == ["11.00", "11.00", "12.00", "14.00", "15.00"]


def test_the_reviewer_does_not_become_a_contributor(cast, council, in_review):
    approve_part(cast, council, in_review, without=[1])

    wrote = Contributor.objects.filter(draft=in_review).values_list("user_id", flat=True)
    assert list(wrote) == ["user_eddie"]


@pytest.fixture
def two_seats(shop):
    return make_council(shop.pk, {"Finance": ["user_rita"], "Brand": ["user_ron"]})


def newest_notice(cast, user_id: str) -> tuple[str, str]:
    with scope(tenant_id=cast.tenant.pk, user_id=user_id):
        notice = Notice.objects.filter(user_id=user_id).order_by("-pk").first()
        return notice.kind, notice.subject


def test_what_others_said_is_void_and_they_are_asked_again(cast, two_seats, draft):
    submit(cast, None, draft)
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", two_seats))

    held = approve_part(cast, two_seats, draft, without=[1], comment="Not the first.")

    assert held.status == "pending_review"
    rons = Verdict.objects.get(user_id="user_ron")
    assert (rons.voided_why, rons.taken_back_at is None) == ("trimmed", False)
    ritas = Verdict.objects.get(user_id="user_rita")
    assert (ritas.taken_back_at, ritas.fingerprint) == (None, held.plan.fingerprint)
    entry = ReviewEntry.objects.get()
    assert (entry.waiting_for, entry.spoke, entry.revision_number) == (
        ["user_ron"],
        ["user_rita"],
        2,
    )
    assert entry.effect.startswith("4 of 5 changes")
    assert "review.verdicts_voided" in kinds_of(draft)
    assert newest_notice(cast, "user_ron") == (
        "review.asked_again",
        "“Raise them” was cut to 4 of 5 changes: please look again",
    )
    assert newest_notice(cast, "user_eddie") == (
        "review.verdict",
        "Rita approved 4 of 5 changes of “Raise them”",
    )

    with pytest.raises(Conflict):
        services.decide(
            draft_id=draft.pk,
            verdict="approve",
            actor=reviewer(cast, "ron", two_seats),
            revision_number=1,
        )
    done = services.decide(
        draft_id=draft.pk,
        verdict="approve",
        actor=reviewer(cast, "ron", two_seats),
        revision_number=2,
    )
    assert done.status == "approved"
    assert Approval.objects.get().fingerprint == held.plan.fingerprint


def test_a_later_stage_may_trim_and_the_earlier_one_is_asked_again(cast, two_seats, draft):
    two_seats.seats.filter(name="Finance").update(stage=2)
    submit(cast, None, draft)
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", two_seats))

    approve_part(cast, two_seats, draft, without=[1])
    done = services.decide(
        draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", two_seats)
    )

    assert done.status == "approved"
    assert done.plan.change_count == 4


def everything(draft) -> tuple:
    counts = (Plan, PlannedChange, Revision, Verdict, Event, Notice, Approval)
    return facts_of(draft), [model.objects.count() for model in counts]


@pytest.mark.parametrize(
    ("unticked", "error"),
    [
        ({"without": []}, Invalid),
        ({"without": [1, 2, 3, 4, 5]}, Invalid),
        ({"without": [9]}, Invalid),
        ({"matching": [{"group": "up"}]}, Invalid),
        ({"without": [1], "revision": None}, Invalid),
        ({"without": [1], "revision": 2}, Conflict),
        ({"without": [1], "who": "eddie"}, NotAllowed),
        ({"without": [1], "who": "olivia"}, NotAllowed),
        ({"without": [1], "who": "bob"}, NotAllowed),
    ],
)
def test_a_refused_part_changes_nothing(cast, council, in_review, unticked, error):
    before = everything(in_review)

    with pytest.raises(error), scope(tenant_id=cast.tenant.pk):
        approve_part(cast, council, in_review, **unticked)

    assert everything(in_review) == before


def test_who_spoke_already_cannot_trim(cast, two_seats, draft):
    submit(cast, None, draft)
    actor = reviewer(cast, "rita", two_seats)
    services.decide(draft_id=draft.pk, verdict="approve", actor=actor)
    before = everything(draft)

    with pytest.raises(Conflict):
        approve_part(cast, two_seats, draft, without=[1])

    assert everything(draft) == before


def test_taken_back_the_part_is_in_review_again(cast, council, in_review):
    draft = approve_part(cast, council, in_review, without=[1])

    draft = services.take_back(draft_id=draft.pk, actor=reviewer(cast, "rita", council))

    assert draft.status == "pending_review"
    assert draft.plan.change_count == 4
    assert queries.latest_round(draft).revision_number == 2


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("who", "status"), [("rita", 200), ("eddie", 403), ("olivia", 403), ("bob", 404)]
)
def test_the_same_answer_at_every_door(cast, in_review, door, who, status):
    client = cast.client(who)
    if door == "api":
        body = {"revision": 1, "without": [1], "matching": [{"q": "SKU-3"}]}
        response = client.post(
            f"/api/drafts/{in_review.pk}/approve", body, content_type="application/json"
        )
    else:
        response = client.post(
            f"/portal/reviews/{in_review.pk}/approve-part",
            {"revision": "1", "without": ["1", "x"], "without_q": "SKU-3"},
            follow=True,
        )

    assert response.status_code == status
    assert facts_of(in_review)["status"] == ("approved" if status == 200 else "pending_review")
    if status == 200:
        assert Approval.objects.get().plan.change_count == 3
        if door == "api":
            assert response.json()["plan"]["summary"]["part"]["left_out"] == 2
            assert response.json()["review"]["revision"] == 2
        else:
            assert "3 changes are approved, 2 were left out." in response.content.decode()


@pytest.mark.parametrize("door", ["page", "api"])
def test_all_unticked_is_said_at_the_field(cast, in_review, door):
    client, all_of_them = cast.client("rita"), [1, 2, 3, 4, 5]
    if door == "api":
        response = client.post(
            f"/api/drafts/{in_review.pk}/approve",
            {"revision": 1, "without": all_of_them},
            content_type="application/json",
        )
        assert response.json()["errors"].keys() == {"without"}
    else:
        response = client.post(
            f"/portal/reviews/{in_review.pk}/approve-part",
            {"revision": "1", "without": all_of_them},
        )
    assert response.status_code == 422
    assert "Nothing would be left to approve. Reject the draft instead." in (
        response.content.decode()
    )
    assert facts_of(in_review)["status"] == "pending_review"


def test_a_filter_of_two_names_leaves_out_what_both_find(cast, in_review):
    """Taken one by one they would leave out all of the group."""
    cast.client("rita").post(
        f"/portal/reviews/{in_review.pk}/approve-part",
        {"revision": "1", "without_matching": "group=up&q=SKU-3"},
    )

    assert Approval.objects.get().plan.change_count == 4
