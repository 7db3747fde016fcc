"""Reopen, discard, withdraw, convert: who may, at which door, from which state."""

import pytest

from drafts.models import Approval, Draft
from drafts.states import DraftState
from tests.drafts.conftest import DOORS, facts_of, kinds_of, press
from workflows.models import Workflow

# move, state it starts from, state it ends in, event
MOVES = [
    ("reopen", "approved", "editing", "draft.reopened"),
    ("discard", "editing", "discarded", "draft.discarded"),
    ("withdraw", "pending_review", "editing", "draft.withdrawn"),
    ("convert", "approved", "converted", "draft.converted"),
]
# Bob is a teammate the draft is not shared with; rita reviews it, and sees it once submitted.
PEOPLE = [
    ("eddie", True, None),
    ("olivia", True, None),
    ("adam", True, None),
    ("bob", False, 404),
    ("vera", False, 404),
    ("stranger", False, 404),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("who", "may", "refused"), PEOPLE)
@pytest.mark.parametrize(("move", "start", "end", "event"), MOVES)
def test_each_person_gets_the_same_answer_at_every_door(
    cast, draft, bring, door, who, may, refused, move, start, end, event
):
    before = facts_of(bring(draft, start))
    events = kinds_of(draft)

    response = press(cast, who, move, draft, door)

    if may:
        assert response.status_code in (200, 201)
        assert facts_of(draft)["status"] == end
        assert kinds_of(draft)[len(events) :].count(event) == 1
    else:
        assert response.status_code == refused
        assert facts_of(draft) == before
        assert kinds_of(draft) == events


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("move", "start"), [("reopen", "approved"), ("convert", "approved")])
def test_a_reviewer_sees_the_draft_but_may_not_move_it(cast, draft, bring, door, move, start):
    before = facts_of(bring(draft, start))

    response = press(cast, "rita", move, draft, door)

    assert response.status_code == 403
    assert facts_of(draft) == before


LEGAL = {
    "reopen": {"approved", "rejected"},
    "discard": {"editing", "rejected", "approved"},
    "withdraw": {"pending_review"},
    "convert": {"approved", "converted"},
}
ILLEGAL = [
    (move, state)
    for move, states in LEGAL.items()
    for state in DraftState.values
    if state not in states
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("move", "state"), ILLEGAL)
def test_a_move_from_another_state_changes_nothing(cast, draft, bring, door, move, state):
    before = facts_of(bring(draft, state))
    events = kinds_of(draft)

    response = press(cast, "olivia", move, draft, door)

    assert response.status_code == 409
    assert facts_of(draft) == before
    assert kinds_of(draft) == events


@pytest.mark.parametrize("move", ["reopen", "discard"])
def test_an_approval_is_void_once_the_draft_has_left_it(cast, draft, bring, move):
    bring(draft, "approved")

    press(cast, "eddie", move, draft, "api")

    approval = Approval.objects.get(draft=draft)
    assert approval.voided_why == {"reopen": "reopened", "discard": "discarded"}[move]


def test_a_discarded_draft_leaves_every_list_but_not_the_audit(cast, draft):
    press(cast, "eddie", "discard", draft, "api")
    client = cast.client("eddie")

    assert client.get("/api/drafts").json()["total"] == 0
    assert client.get("/api/drafts?status=discarded").json()["total"] == 1
    assert client.get(f"/api/drafts/{draft.pk}").json()["status"] == "discarded"
    assert kinds_of(draft) == ["draft.created", "draft.discarded"]


def test_converting_again_answers_the_same_workflow(cast, draft, bring):
    bring(draft, "approved")

    first = press(cast, "eddie", "convert", draft, "api")
    second = press(cast, "eddie", "convert", draft, "api")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["workflow"]["id"] == second.json()["workflow"]["id"]
    assert Workflow.objects.count() == 1
    assert kinds_of(draft).count("draft.converted") == 1


def test_the_conversion_of_a_shared_draft_is_its_authors_or_a_managers(cast, draft, bring):
    bring(draft, "approved")
    cast.client("eddie").post(
        f"/api/drafts/{draft.pk}/share",
        {"user_id": "user_bob", "may_edit": True},
        content_type="application/json",
    )

    assert press(cast, "bob", "convert", draft, "api").status_code == 403
    assert Draft.objects.get(pk=draft.pk).status == DraftState.APPROVED
