"""Running without approval: who may, what it asks, who is told, and the look afterwards."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.models import Event
from core.scope import scope
from councils import services, tasks
from councils.models import AfterReview, ReviewEntry, ReviewRound
from drafts import services as drafts
from drafts.models import Approval, Revision
from tests.councils.test_time import told
from tests.drafts.conftest import (  # noqa: F401
    DOORS,
    begin,
    facts_of,
    kinds_of,
    make_council,
    press,
    raise_prices,
)
from tests.workflows.conftest import make_shop

REASON = "Prices are wrong by ten times."


def smash(cast, draft, who="olivia", **more):
    body = {"reason": REASON, "typed_name": draft.name, **more}
    return services.break_glass(draft_id=draft.pk, actor=cast.actor(who), **body)


def look(cast, after, who="rita", right=True, text="It was late.", **more):
    return services.close_after_review(
        after_id=after.pk, right=right, text=text, actor=cast.actor(who, **more)
    )


@pytest.mark.parametrize("state", ["editing", "pending_review"])
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("olivia", 200), ("adam", 403), ("eddie", 403), ("rita", 403), ("bob", 404)],
)
def test_only_an_owner_may(cast, draft, bring, door, who, status, state):
    if who == "rita" and state == "editing":
        status = 404  # not submitted, so not yet hers to see
    before = facts_of(bring(draft, state))
    body = {"reason": REASON, "typed_name": draft.name}
    client = cast.client(who)
    if door == "page":
        url = f"/portal/workflows/drafts/{draft.pk}/break-glass"
        response = client.post(url, body, follow=True)
    else:
        url = f"/api/drafts/{draft.pk}/break-glass"
        response = client.post(url, body, content_type="application/json")

    assert response.status_code == status
    if status == 200:
        assert facts_of(draft)["status"] == "approved"
        assert kinds_of(draft)[-1] == "draft.break_glass"
        assert told("review.break_glass") == ["rita", "ron"]
    else:
        assert facts_of(draft) == before
        assert AfterReview.objects.count() == 0


@pytest.mark.parametrize("state", ["editing", "pending_review"])
def test_what_is_written_down(cast, draft, bring, state):
    bring(draft, state)
    smash(cast, draft)
    draft.refresh_from_db()

    approval, after = Approval.objects.get(), AfterReview.objects.get()
    assert (approval.kind, approval.reason) == ("break_glass", REASON)
    assert approval.fingerprint == after.fingerprint == draft.plan.fingerprint
    assert approval.revision.plan_id == draft.plan_id
    assert (after.state, after.reviewer_ids) == ("open", ["user_rita", "user_ron"])
    assert after.due_at - after.opened_at > timedelta(hours=71)
    round_ = ReviewRound.objects.get()
    assert (round_.state, ReviewEntry.objects.get().state) == ("break_glass", "break_glass")
    assert Event.objects.filter(kind="draft.break_glass").count() == 1


def test_an_edited_draft_is_frozen_as_it_is_now(cast, draft, bring, council):
    bring(draft, "pending_review")
    services.withdraw_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "0.50"})

    smash(cast, draft)

    assert list(Revision.objects.values_list("number", flat=True).order_by("number")) == [1, 2]
    assert Approval.objects.get().revision.inputs == {"add": "0.50"}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"reason": "  "}, "reason"), ({"typed_name": "raise them"}, "typed_name")],
)
def test_reason_and_name_have_to_be_typed(cast, draft, bring, more, field):
    before = facts_of(bring(draft, "pending_review"))
    with pytest.raises(Invalid) as refused:
        smash(cast, draft, **more)
    assert list(refused.value.fields) == [field]
    assert facts_of(draft) == before
    url = f"/portal/workflows/drafts/{draft.pk}/break-glass"
    body = {"reason": REASON, "typed_name": draft.name, **more}
    assert cast.client("olivia").post(url, body).status_code == 422


@pytest.mark.parametrize("state", ["approved", "rejected", "converted"])
def test_only_what_is_written_or_in_review_is_approved_so(cast, draft, bring, state):
    before = facts_of(bring(draft, state))
    with pytest.raises(IllegalMove):
        smash(cast, draft)
    assert facts_of(draft) == before
    assert AfterReview.objects.count() == 0


def test_nobody_else_to_look_means_no(cast, shop, draft):
    cast.adam.memberships.all().delete()
    with pytest.raises(Conflict) as refused:
        smash(cast, draft)
    assert str(refused.value).startswith("Nobody else could look at it afterwards.")
    assert facts_of(draft)["status"] == "editing"


def test_without_a_council_the_other_managers_look(cast, shop, draft):
    smash(cast, draft)
    assert AfterReview.objects.get().reviewer_ids == ["user_adam"]
    assert told("review.break_glass") == ["adam"]
    assert ReviewRound.objects.count() == 0


def test_not_again_until_somebody_looked(cast, draft, council):
    smash(cast, draft)
    second = begin(cast, name="Second")
    with pytest.raises(Conflict):
        smash(cast, second)
    assert facts_of(second)["status"] == "editing"
    after = AfterReview.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        AfterReview.objects.create(
            tenant_id=after.tenant_id,
            draft=second,
            broken_by=cast.olivia,
            reason="Again",
            fingerprint="f",
            due_at=after.due_at,
        )

    look(cast, after)

    smash(cast, second)
    assert facts_of(second)["status"] == "approved"


@pytest.mark.parametrize("who", ["olivia", "eddie", "adam", "bob"])
def test_who_may_not_look(cast, draft, council, who):
    """The one who broke it, who wrote it, and, in time, whoever is not of the council."""
    smash(cast, draft)
    after = AfterReview.objects.get()
    with pytest.raises(NotAllowed):
        look(cast, after, who)
    with pytest.raises(DatabaseError), transaction.atomic():
        AfterReview.objects.filter(pk=after.pk).update(
            state="right", closed_by=cast.olivia, closed_at=F("due_at"), text="Mine"
        )
    assert AfterReview.objects.get().state == "open"


@pytest.mark.parametrize(("answer", "state"), [("yes", "right"), ("no", "not_right")])
def test_the_verdict_is_recorded_and_told(cast, draft, council, answer, state):
    smash(cast, draft)
    url = f"/portal/reviews/{draft.pk}/after"
    assert REASON in cast.client("rita").get(url).content.decode()
    assert cast.client("bob").get(url).status_code == 404
    assert cast.client("rita").post(url, {"right": answer, "text": " "}).status_code == 422

    body = {"right": answer, "text": "So it was."}
    assert cast.client("rita").post(url, body).status_code == 302

    after = AfterReview.objects.get()
    assert (after.state, after.text, after.closed_by_id) == (state, "So it was.", "user_rita")
    assert told("review.after_closed") == ["ron", "olivia"]
    assert Event.objects.filter(kind="review.after_closed").get().after == state
    with pytest.raises(IllegalMove):
        look(cast, after, "ron")
    shown = cast.client("vera").get("/portal/settings/councils/after").content.decode()
    assert "So it was." in shown


def test_programs_look_too(cast, draft, council):
    smash(cast, draft)
    url, client = f"/api/drafts/{draft.pk}/after-review", cast.client("rita")
    assert client.get(url).json()["state"] == "open"
    body = {"right": False, "text": "It could have waited."}
    assert client.post(url, {"right": False}, content_type="application/json").status_code == 422
    assert client.post(url, body, content_type="application/json").json()["state"] == "not_right"
    found = client.get("/api/councils/after-reviews?state=not_right").json()
    assert [one["text"] for one in found["after_reviews"]] == ["It could have waited."]


def test_the_council_still_sees_it_after_it_ran(cast, draft, council):
    smash(cast, draft)
    drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("olivia"), auto_execute=False)
    assert press(cast, "rita", "approve", draft, "api").status_code == 409
    assert cast.client("rita").get(f"/portal/reviews/{draft.pk}/after").status_code == 200
    assert cast.client("rita").get(f"/api/drafts/{draft.pk}").status_code == 200


@pytest.mark.slow
def test_overdue_ones_are_escalated_once(committed_cast):
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        make_council(cast.tenant.pk)
        draft = begin(cast)
        smash(cast, draft)

    def hours(number):
        with scope(tenant_id=cast.tenant.pk):
            AfterReview.objects.update(due_at=F("due_at") - timedelta(hours=number))
        return tasks.sweep_after_reviews(), tasks.sweep_after_reviews()

    assert hours(71) == (0, 0)
    assert hours(2) == (1, 0)
    assert told("review.after_overdue") == ["rita", "ron", "olivia", "adam"]
    with scope(tenant_id=cast.tenant.pk):
        after = AfterReview.objects.get()
        assert Event.objects.filter(kind="review.after_overdue").count() == 1
        with pytest.raises(NotAllowed):
            look(cast, after, "olivia")
        assert look(cast, after, "adam").state == "right"
    assert hours(200) == (0, 0)
