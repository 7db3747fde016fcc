"""The queue: whose turn it is, what waits on others, what is done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from councils import services
from councils.models import ReviewEntry
from drafts import services as drafts
from tests.drafts.conftest import begin, make_council, press, reviewer
from tests.workflows.conftest import make_shop
from workflows.models import PlannedChange


def queue(cast, who, name=""):
    found = cast.client(who).get(f"/api/reviews?queue={name}" if name else "/api/reviews").json()
    return [entry["name"] for entry in found["reviews"]]


def test_a_verdict_passes_the_turn(cast, shop, draft):
    council = make_council(shop.pk, {"A": ["user_rita"], "B": ["user_ron"]})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert (queue(cast, "rita", "mine"), queue(cast, "ron", "mine")) == ([draft.name],) * 2

    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))

    assert queue(cast, "rita", "mine") == []
    assert queue(cast, "rita", "others") == [draft.name]
    assert queue(cast, "ron", "mine") == [draft.name]
    seats = ReviewEntry.objects.get().seats
    assert [(seat["name"], seat["filled"]) for seat in seats] == [("A", 1), ("B", 0)]


def test_who_reads_which_entries(cast, draft, council):
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    seen = {
        who: queue(cast, who)
        for who in ("eddie", "olivia", "adam", "rita", "ron", "bob", "vera", "stranger", "guest")
    }
    assert seen == {
        **{who: [draft.name] for who in ("eddie", "olivia", "adam", "rita", "ron")},
        **{who: [] for who in ("bob", "vera", "stranger", "guest")},
    }


def test_done_is_told_once_a_draft(cast, draft, council):
    rita = reviewer(cast, "rita", council)
    for _round in range(2):
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
        services.decide(draft_id=draft.pk, verdict="request_changes", comment="Less.", actor=rita)

    assert queue(cast, "rita", "done") == [draft.name]
    assert queue(cast, "ron", "done") == []
    assert queue(cast, "rita") == []


def test_a_run_given_a_time_stands_under_scheduled(cast, draft, bring):
    bring(draft, "approved")
    far = {"auto_execute": True, "run_at": "2099-01-01T06:30:00Z"}
    assert press(cast, "eddie", "convert", draft, "api", **far).status_code == 422

    at = timezone.now() + timedelta(days=1)
    drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"), run_at=at)

    assert queue(cast, "rita", "scheduled") == [draft.name]


def test_the_queue_is_told_in_the_menu(cast, draft, council):
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    page = cast.client("rita").get("/portal/reviews").content.decode()

    assert '<span class="count" data-tone="turn">1<span class="visually-hidden">' in page


QUEUE_QUERIES, DECISION_QUERIES = 26, 80


@pytest.mark.parametrize("number", [1, 50])
def test_the_queue_asks_a_fixed_number_of_questions(
    cast, shop, council, number, django_assert_max_num_queries
):
    for _one in range(number):
        made = begin(cast, inputs={"posts": 1})
        services.submit_draft(draft_id=made.pk, actor=cast.actor("eddie"))
    client = cast.client("rita")

    with django_assert_max_num_queries(QUEUE_QUERIES):
        page = client.get("/portal/reviews").content.decode()
    assert page.count('class="queue-item"') == number


@pytest.mark.parametrize("number", [1, 50])
def test_the_decision_page_asks_a_fixed_number_of_questions(
    cast, in_tenant, number, django_assert_max_num_queries
):
    make_shop(in_tenant.pk, number)
    make_council(in_tenant.pk)
    made = begin(cast)
    services.submit_draft(draft_id=made.pk, actor=cast.actor("eddie"))
    change = PlannedChange.objects.order_by("position").first()
    for one in range(number):
        first = drafts.comment(
            draft_id=made.pk,
            actor=cast.actor("eddie"),
            text=f"Comment {one}",
            planned_change_id=change.pk,
        )
        drafts.comment(
            draft_id=made.pk, actor=cast.actor("olivia"), text="Why?", parent_id=first.pk
        )
    client = cast.client("rita")

    with django_assert_max_num_queries(DECISION_QUERIES):
        page = client.get(f"/portal/reviews/{made.pk}").content.decode()
    assert page.count('<tr id="change-') == number
    assert page.count("Comment ") >= number


def test_what_moved_since_the_last_submission_is_shown(cast, draft, council):
    rita = reviewer(cast, "rita", council)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    services.decide(draft_id=draft.pk, verdict="request_changes", comment="Less.", actor=rita)
    drafts.edit_draft(
        draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "1.00", "tags": ["new"]}
    )
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), note="Tags as well.")

    page = cast.client("rita").get(f"/portal/reviews/{draft.pk}?since=1").content.decode()

    assert "Since revision 1" in page
    assert "Rows that differ: 5" in page
    assert "Tags as well." in page
    differences, _changes, changes = page.partition('<section class="card" id="changes"')
    assert differences.count('<tr><th scope="row">Product') == 5
    assert changes.count('<tr id="change-') == 5


def test_an_unknown_queue_is_refused(cast):
    assert cast.client("rita").get("/api/reviews?queue=all").status_code == 422


@pytest.mark.parametrize("who", ["bob", "stranger", "guest"])
def test_a_review_of_nobodys_is_not_there(cast, draft, bring, who):
    bring(draft, "pending_review")
    client = cast.client(who)

    for part in ("", "/approve", "/reject", "/request-changes", "/comment", "/take-back"):
        ask = client.post if part else client.get
        assert ask(f"/portal/reviews/{draft.pk}{part}").status_code == 404
