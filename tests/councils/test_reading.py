"""Reading a review: unticking rows, speaking of one change, the thread, filters of the queue."""

import pytest
from django.db import IntegrityError, transaction

from councils import services
from councils.models import Unticked
from councils.models.selection import MOST_SINGLE
from drafts.models import Comment, Draft
from tests.drafts.conftest import begin, make_council, reviewer
from tests.workflows.conftest import make_shop
from workflows.models import PlannedChange


@pytest.fixture
def in_review(draft, bring):
    return bring(draft, "pending_review")


def post(cast, who, draft, part, **body):
    return cast.client(who).post(f"/portal/reviews/{draft.pk}/{part}", body)


def shown(cast, who, draft, query=""):
    return cast.client(who).get(f"/portal/reviews/{draft.pk}{query}").content.decode()


# Ticks


def test_what_is_unticked_is_kept_counted_and_left_out_of_the_yes(cast, in_review):
    every = {"shown": [1, 2, 3, 4, 5], "do": "rows", "place": "group=up"}
    answer = post(cast, "rita", in_review, "ticks", **every, ticked=[1, 2, 5])
    assert answer.headers["Location"] == f"/portal/reviews/{in_review.pk}?group=up#changes"

    page = shown(cast, "rita", in_review)
    assert "3 of 5 ticked" in page
    assert "Approve 3 of 5" in page
    assert page.count("data-out") == 2
    assert '<input type="hidden" form="verdict" name="without" value="3">' in page
    assert "ticked</span>" not in shown(cast, "ron", in_review)

    post(cast, "rita", in_review, "approve-part", revision="1", without=[3, 4])
    draft = Draft.objects.get(pk=in_review.pk)
    assert (draft.status, draft.plan.change_count) == ("approved", 3)


def test_a_whole_filter_is_unticked_and_one_of_it_ticked_again(cast, in_review):
    post(cast, "rita", in_review, "ticks", do="untick", group="up")
    assert "Approve 0 of 5" in shown(cast, "rita", in_review)

    post(cast, "rita", in_review, "ticks", do="rows", shown=[1, 2], ticked=[2])
    choice = services.choice_of(in_review, actor=cast.actor("rita"))
    assert (choice.remaining, choice.filters, choice.keeping, choice.positions) == (
        1,
        [{"group": "up"}],
        [2],
        [],
    )

    post(cast, "rita", in_review, "ticks", do="all")
    assert Unticked.objects.count() == 0
    assert "ticked</span>" not in shown(cast, "rita", in_review)


@pytest.mark.parametrize(
    ("who", "status"), [("eddie", 403), ("olivia", 403), ("bob", 404), ("stranger", 404)]
)
def test_only_reviewers_tick(cast, in_review, who, status):
    assert post(cast, who, in_review, "ticks", do="untick", group="up").status_code == status
    assert Unticked.objects.count() == 0


def test_ticks_are_bounded_in_the_form_and_in_the_database(cast, in_tenant):
    make_shop(in_tenant.pk, MOST_SINGLE + 5)
    council = make_council(in_tenant.pk)
    made = begin(cast)
    services.submit_draft(draft_id=made.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)
    first = range(1, MOST_SINGLE + 1)
    services.tick_rows(draft_id=made.pk, actor=rita, shown=first, ticked=[])

    more = {"shown": [MOST_SINGLE + 1], "ticked": [], "do": "rows"}
    refused = cast.client("rita").post(f"/portal/reviews/{made.pk}/ticks", more)

    assert refused.status_code == 422
    kept = Unticked.objects.get()
    assert kept.positions == list(first)
    with pytest.raises(IntegrityError, match="unticked_is_bounded"), transaction.atomic():
        Unticked.objects.update(positions=list(range(1, MOST_SINGLE + 2)))
    with pytest.raises(IntegrityError, match="unticked_once_a_plan"), transaction.atomic():
        Unticked.objects.create(
            tenant_id=kept.tenant_id,
            draft_id=kept.draft_id,
            user_id=kept.user_id,
            fingerprint=kept.fingerprint,
        )


@pytest.mark.parametrize("matching", [{}, {"entity": "product"}, {"group": ""}])
def test_a_filter_says_what_it_looks_for(cast, in_review, matching):
    assert post(cast, "rita", in_review, "ticks", do="untick", **matching).status_code == 422
    assert Unticked.objects.count() == 0


# Talk


def test_a_comment_is_on_the_change_it_was_asked_beside(cast, in_review):
    change = PlannedChange.objects.order_by("position").first()

    page = shown(cast, "rita", in_review, f"?on={change.pk}")
    assert f'<option value="change:{change.pk}" selected>Product 0, Price</option>' in page
    post(cast, "rita", in_review, "comment", comment="Too much", about=f"change:{change.pk}")

    said = Comment.objects.get()
    assert (said.planned_change_id, said.text) == (change.pk, "Too much")


def test_threads_are_answered_settled_and_opened_again(cast, in_review):
    post(cast, "rita", in_review, "comment", comment="Why 1.00?", about="field:add")
    first = Comment.objects.get()
    assert first.field == "add"

    post(cast, "eddie", in_review, "comment", comment="It was 0.50 before.", parent_id=first.pk)
    post(cast, "rita", in_review, f"comments/{first.pk}/resolve")
    assert Comment.objects.get(pk=first.pk).resolved_by_id == "user_rita"
    assert "Resolved by Rita" in shown(cast, "eddie", in_review)
    post(cast, "eddie", in_review, f"comments/{first.pk}/reopen")
    assert Comment.objects.get(pk=first.pk).resolved_at is None
    for part in (f"comments/{first.pk}/resolve", f"comments/{first.pk}/reopen", "comment"):
        assert post(cast, "bob", in_review, part, comment="?").status_code == 404
    assert Comment.objects.count() == 2


def test_an_empty_comment_comes_back_with_what_is_missing(cast, in_review):
    refused = post(cast, "rita", in_review, "comment", comment=" ")

    assert refused.status_code == 422
    assert "Write something first." in refused.content.decode()
    assert Comment.objects.count() == 0


def test_people_who_see_the_draft_are_offered_and_told(cast, in_review):
    page = shown(cast, "rita", in_review)
    assert 'value="user_olivia" data-name="Olivia"' in page
    assert "user_bob" not in page

    post(cast, "rita", in_review, "comment", comment="Look", mention=["user_olivia"])
    assert Comment.objects.get().mentioned == ["user_olivia"]
    refused = post(cast, "rita", in_review, "comment", comment="Look", mention=["user_bob"])
    assert refused.status_code == 422
    assert Comment.objects.count() == 1


# The queue


def names(cast, who, query=""):
    page = cast.client(who).get(f"/portal/reviews{query}")
    assert page.status_code == 200
    return [
        entry.name for group in page.context["groups"] for entry in group["entries"]
    ], page.content.decode()


def test_the_queue_is_filtered_by_risk_council_and_words(cast, in_review, council):
    other = begin(cast, name="Pots and pans")
    services.submit_draft(draft_id=other.pk, actor=cast.actor("eddie"))

    assert names(cast, "rita", "?find=pots")[0] == ["Pots and pans"]
    assert sorted(names(cast, "rita", f"?risk=medium&council={council.pk}")[0]) == [
        "Pots and pans",
        "Raise them",
    ]
    found, page = names(cast, "rita", "?risk=high")
    assert found == []
    assert "No drafts match" in page


def test_an_empty_queue_says_what_comes_next(cast, in_review):
    services.withdraw_draft(draft_id=in_review.pk, actor=cast.actor("eddie"))
    _found, page = names(cast, "rita")

    assert "Nothing needs you" in page


def test_without_a_council_the_owner_is_led_to_make_one(cast, draft):
    _found, page = names(cast, "olivia")
    assert "No council reviews drafts here yet" in page
    assert 'href="/portal/settings/councils"' in page
    _found, page = names(cast, "vera")
    assert "An owner or admin can set one up" in page


def test_one_group_alone_in_pages(cast, in_review):
    page = cast.client("rita").get("/portal/reviews?show=mine").content.decode()

    assert "1 review" in page
    assert in_review.pk in page
    assert cast.client("rita").get("/portal/reviews?show=done").status_code == 200


def test_what_is_scheduled_is_not_also_done(cast, draft, bring):
    from datetime import timedelta

    from django.utils import timezone

    from drafts import services as drafts

    bring(draft, "approved")
    at = timezone.now() + timedelta(days=1)
    drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"), run_at=at)

    page = cast.client("rita").get("/portal/reviews")
    shown = {group["key"]: len(group["entries"]) for group in page.context["groups"]}
    assert shown == {"mine": 0, "others": 0, "scheduled": 1, "done": 0}
