"""Time passes over a review: claims, reminders, escalation, and a beat that ticks twice."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.models import Event
from core.scope import scope
from councils import services, tasks
from councils.models import Council, ReviewEntry, ReviewRound
from drafts import services as drafts
from drafts.models import Draft
from notifications.models import Notice
from tests.drafts.conftest import (  # noqa: F401
    begin,
    facts_of,
    kinds_of,
    make_council,
    press,
    raise_prices,
    reviewer,
)
from tests.workflows.conftest import make_shop

TIMES = ("due_at", "remind_at", "reminded_at", "escalated_at", "claimed_until")


def let_pass(**time):
    """As if it had been written so much earlier."""
    ago = timedelta(**time)
    ReviewRound.objects.update(**{name: F(name) - ago for name in TIMES})


def told(kind, people=("eddie", "rita", "ron", "vera", "olivia", "adam", "bob")):
    found = []
    for name in people:
        with scope(tenant_id="tenant_tenant", user_id=f"user_{name}"):
            found += [name] * Notice.objects.filter(user_id=f"user_{name}", kind=kind).count()
    return found


# Claims


@pytest.fixture
def asked(cast, draft, bring):
    return bring(draft, "pending_review")


def test_a_claim_is_seen_keeps_others_from_claiming_and_is_let_go(cast, asked, council):
    rita, ron = (reviewer(cast, name, council) for name in ("rita", "ron"))
    services.claim_review(draft_id=asked.pk, actor=rita)

    entry = ReviewEntry.objects.get()
    assert (entry.claimed_by_id, entry.claimed_by_name) == ("user_rita", "Rita")
    assert "Looking at it" in cast.client("ron").get(f"/portal/reviews/{asked.pk}").content.decode()
    with pytest.raises(Conflict) as refused:
        services.claim_review(draft_id=asked.pk, actor=ron)
    assert str(refused.value).startswith("Rita is looking at it until ")
    with pytest.raises(NotAllowed):
        services.release_review(draft_id=asked.pk, actor=ron)
    services.release_review(draft_id=asked.pk, actor=rita)
    services.claim_review(draft_id=asked.pk, actor=ron)
    assert kinds_of(asked)[-3:] == ["review.claimed", "review.released", "review.claimed"]
    # It saves double work and stops nobody.
    services.decide(draft_id=asked.pk, verdict="approve", actor=rita)
    assert ReviewRound.objects.get().claimed_by_id is None


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("who", "status"), [("rita", 200), ("eddie", 403), ("olivia", 403), ("bob", 404)]
)
def test_who_may_claim(cast, asked, who, status, door):
    client = cast.client(who)
    if door == "page":
        response = client.post(f"/portal/reviews/{asked.pk}/claim", follow=True)
    else:
        url = f"/api/drafts/{asked.pk}/claim"
        response = client.post(url, {}, content_type="application/json")

    assert response.status_code == status
    held = "user_rita" if status == 200 else None
    assert ReviewRound.objects.get().claimed_by_id == held


def test_nothing_is_claimed_that_is_not_in_review(cast, draft, bring, council):
    before = facts_of(bring(draft, "approved"))
    with pytest.raises(IllegalMove):
        services.claim_review(draft_id=draft.pk, actor=reviewer(cast, "rita", council))
    assert facts_of(draft) == before


# Assignment


def test_only_people_assigned_decide_where_the_council_says_so(cast, shop, draft):
    council = make_council(shop.pk, assignee_only=True)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita, ron = (reviewer(cast, name, council) for name in ("rita", "ron"))
    services.assign_review(draft_id=draft.pk, user_ids=["user_ron"], actor=cast.actor("olivia"))

    assert ReviewEntry.objects.get().waiting_for == ["user_ron"]
    assert told("review.assigned") == ["ron"]
    with pytest.raises(NotAllowed):
        services.decide(draft_id=draft.pk, verdict="approve", actor=rita)
    services.assign_review(draft_id=draft.pk, user_ids=[], actor=ron)
    assert ReviewEntry.objects.get().waiting_for == ["user_rita", "user_ron"]
    services.decide(draft_id=draft.pk, verdict="approve", actor=rita)
    assert facts_of(draft)["status"] == "approved"


@pytest.mark.parametrize("people", [["user_rita"], ["user_eddie"], ["user_stranger"]])
def test_an_assignment_that_would_leave_it_stuck_is_refused(cast, shop, draft, people):
    make_council(shop.pk, {"A": ["user_rita"], "B": ["user_ron"]}, assignee_only=True)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    with pytest.raises(Invalid):
        services.assign_review(draft_id=draft.pk, user_ids=people, actor=cast.actor("adam"))

    assert ReviewRound.objects.get().assignee_ids == []


def test_the_page_assigns(cast, asked):
    url = f"/portal/reviews/{asked.pk}/assign"
    page = cast.client("rita").get(url).content.decode()
    assert 'value="user_ron"' in page
    assert 'value="user_eddie"' not in page
    assert cast.client("bob").get(url).status_code == 404
    assert cast.client("rita").post(url, {"user_ids": ["user_eddie"]}).status_code == 422
    assert cast.client("rita").post(url, {"user_ids": ["user_ron"]}).status_code == 302
    assert ReviewRound.objects.get().assignee_ids == ["user_ron"]


# Due times


@pytest.mark.parametrize(
    ("priority", "hours"), [("urgent", 4), ("high", 24), ("normal", 48), ("low", 120)]
)
def test_the_priority_says_when_it_is_due(cast, draft, council, priority, hours):
    before = timezone.now()
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), priority=priority)

    round_ = ReviewRound.objects.get()
    due = round_.due_at - timedelta(hours=hours)
    assert before <= due <= timezone.now()
    assert round_.due_at - round_.remind_at == timedelta(hours=hours) / 4
    entry = ReviewEntry.objects.get()
    assert (entry.priority, entry.due_at) == (priority, round_.due_at)


def test_a_priority_of_nobodys_is_refused(cast, draft, council):
    assert press(cast, "eddie", "submit", draft, "api", priority="soon").status_code == 422
    with pytest.raises(Invalid):
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), priority="soon")
    assert facts_of(draft)["status"] == "editing"


@pytest.fixture
def waiting(committed_cast):
    """A draft in review, committed, by a council that escalates to the next one."""
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        council = make_council(cast.tenant.pk, {"Finance": ["user_rita"], "Look": ["user_ron"]})
        draft = begin(cast)
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    return cast, council, draft


def beat_twice():
    """Two beats tick at once: what the first did, the second finds done."""
    return tasks.sweep_reviews(), tasks.sweep_reviews()


@pytest.mark.slow
def test_people_are_reminded_once_when_a_quarter_of_the_time_is_left(waiting):
    cast, council, draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", council))
        let_pass(hours=35)
    assert beat_twice() == (0, 0)
    with scope(tenant_id=cast.tenant.pk):
        let_pass(hours=2)

    assert beat_twice() == (1, 0)

    # Ron has spoken; rita alone is waited for.
    assert told("review.reminder") == ["rita"]
    with scope(tenant_id=cast.tenant.pk):
        assert Event.objects.filter(kind="review.reminded").count() == 1
        assert ReviewRound.objects.get().escalated_at is None


@pytest.mark.slow
def test_without_a_next_council_the_owners_are_told_once(waiting):
    cast, _council, draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        let_pass(hours=49)

    assert beat_twice() == (1, 0)

    assert told("review.escalated") == ["olivia"]
    assert told("review.reminder") == []
    with scope(tenant_id=cast.tenant.pk):
        assert Event.objects.filter(kind="review.escalated").count() == 1
        assert Draft.objects.get(pk=draft.pk).status == "pending_review"


@pytest.mark.slow
def test_the_next_council_may_then_fill_the_open_seats(waiting):
    cast, council, draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        following = make_council(cast.tenant.pk, {"Any": ["user_vera", "user_adam"]}, name="Next")
        Council.objects.filter(pk=council.pk).update(escalates_to=following)
    assert cast.client("vera").get(f"/api/drafts/{draft.pk}").status_code == 404
    with scope(tenant_id=cast.tenant.pk):
        let_pass(hours=49)

    assert beat_twice() == (1, 0)

    assert told("review.escalated") == ["vera", "adam"]
    queue = cast.client("vera").get("/api/reviews?queue=mine").json()["reviews"]
    assert [review["draft_id"] for review in queue] == [draft.pk]
    assert press(cast, "vera", "approve", draft, "api").json()["status"] == "pending_review"
    # The council that was late may still decide: both seats have to be filled all the same.
    assert press(cast, "rita", "approve", draft, "api").json()["status"] == "approved"


@pytest.mark.slow
def test_when_the_next_council_is_late_too_the_owners_are_told(waiting):
    cast, council, _draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        following = make_council(cast.tenant.pk, {"Any": ["user_vera"]}, name="Next")
        Council.objects.filter(pk=council.pk).update(escalates_to=following)
        let_pass(hours=49)
    assert beat_twice() == (1, 0)
    with scope(tenant_id=cast.tenant.pk):
        let_pass(hours=49)
    assert beat_twice() == (1, 0)
    with scope(tenant_id=cast.tenant.pk):
        let_pass(hours=200)
    assert beat_twice() == (0, 0)
    assert told("review.escalated") == ["vera", "olivia"]


@pytest.mark.slow
def test_a_claim_runs_out_by_itself(waiting):
    cast, council, draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        services.claim_review(draft_id=draft.pk, actor=reviewer(cast, "rita", council))
        let_pass(minutes=29)
    assert beat_twice() == (0, 0)
    with scope(tenant_id=cast.tenant.pk):
        let_pass(minutes=2)

    assert beat_twice() == (1, 0)

    with scope(tenant_id=cast.tenant.pk):
        assert ReviewEntry.objects.get().claimed_by_id == ""
        services.claim_review(draft_id=draft.pk, actor=reviewer(cast, "ron", council))


@pytest.mark.slow
def test_what_is_decided_is_not_reminded_of(waiting):
    cast, council, draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        services.decide(
            draft_id=draft.pk, verdict="reject", comment="No.", actor=reviewer(cast, "ron", council)
        )
        let_pass(hours=500)

    assert beat_twice() == (0, 0)


@pytest.mark.slow
def test_an_approval_that_ends_is_told_to_those_who_wrote_it(waiting, monkeypatch):
    from drafts.models import Approval
    from drafts.tasks import sweep_approvals

    cast, council, draft = waiting
    with scope(tenant_id=cast.tenant.pk):
        for name in ("rita", "ron"):
            actor = reviewer(cast, name, council)
            services.decide(draft_id=draft.pk, verdict="approve", actor=actor)
        later = Approval.objects.get().until + timedelta(minutes=1)
    monkeypatch.setattr("drafts.tasks._found", lambda _name: [(draft.tenant_id, draft.pk)])
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert (sweep_approvals(), sweep_approvals()) == (1, 0)

    monkeypatch.undo()
    assert told("draft.approval_expired") == ["eddie"]
    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.get(pk=draft.pk).status == "editing"
        drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), name="Again")
