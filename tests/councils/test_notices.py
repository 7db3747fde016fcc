"""Every move tells exactly the right people, once, and the mail of it holds what moved."""

import pytest
from django.core import mail
from django.db import connections

from core.errors import NotAllowed
from core.scope import scope
from councils import services
from councils.models import ReviewRound
from councils.services import decide, submit_draft, tidings
from drafts import services as drafts
from notifications import services as notifications
from notifications.models import Notice, Occasion
from tests.drafts.conftest import make_council, reviewer

PEOPLE = ("olivia", "adam", "eddie", "bob", "vera", "rita", "ron", "stranger", "guest")


def told(cast, kind):
    """Name → how often, over all people; read as each of them."""
    found = {}
    for name in PEOPLE:
        with scope(user_id=getattr(cast, name).pk):
            number = Notice.objects.filter(kind=kind).count()
        if number:
            found[name] = number
    return found


def mail_everything(cast):
    mail.outbox.clear()
    for name in PEOPLE:
        user_id = getattr(cast, name).pk
        with scope(user_id=user_id):
            ids = list(Notice.objects.filter(state="pending").values_list("pk", flat=True))
        for notice_id in ids:
            notifications.mail_notice(user_id=user_id, notice_id=notice_id)
    return {message.to[0].partition("@")[0]: message for message in mail.outbox}


def test_submit_asks_those_who_may_sit_and_nobody_else(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert told(cast, "review.asked") == {"rita": 1, "ron": 1}


def test_the_mail_of_a_request_says_what_would_change(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    letters = mail_everything(cast)

    assert set(letters) == {"rita", "ron"}
    body = letters["rita"].body
    draft.refresh_from_db()
    assert draft.plan.summary["effect"] in body
    for change in draft.plan.changes.order_by("position")[:3]:
        assert change.label in body
    assert "Asked: Rita, Ron." in body
    assert f"http://localhost:8000/portal/reviews/{draft.pk}" in body
    assert "Since revision" not in body


def test_the_mail_of_a_second_submission_says_what_moved_since(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)
    decide(draft_id=draft.pk, verdict="request_changes", actor=rita, comment="Less, please.")
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "2"})
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert told(cast, "review.asked") == {"rita": 2, "ron": 2}
    with scope(user_id=cast.ron.pk):
        newest = Notice.objects.filter(kind="review.asked").latest("created_at")
    since = newest.details["since"]
    draft.refresh_from_db()
    assert (since["revision"], since["count"], since["gone"]) == (1, draft.plan.change_count, 0)
    letters = mail_everything(cast)
    assert "Since revision 1" in letters["ron"].body


@pytest.mark.parametrize("verdict", ["approve", "reject", "request_changes"])
def test_a_verdict_reaches_every_participant_with_its_text(cast, draft, council, verdict):
    drafts.share_draft(
        draft_id=draft.pk, user_id=cast.bob.pk, may_edit=True, actor=cast.actor("eddie")
    )
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("bob"), purpose="More margin")
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)

    decide(draft_id=draft.pk, verdict=verdict, actor=rita, comment="<b>Look</b> at the mugs.")

    assert told(cast, "review.verdict") == {"eddie": 1, "bob": 1}
    letters = mail_everything(cast)
    assert {"eddie", "bob"} <= set(letters)
    assert "<b>Look</b> at the mugs." in letters["bob"].body
    assert "&lt;b&gt;Look&lt;/b&gt; at the mugs." in letters["bob"].alternatives[0][0]


def test_two_seats_tell_each_other(cast, draft, shop):
    council = make_council(shop.pk, {"Brand": ["user_rita"], "Finance": ["user_ron"]})
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    for name in ("rita", "ron"):
        decide(
            draft_id=draft.pk, verdict="approve", actor=reviewer(cast, name, council), comment=""
        )
    assert told(cast, "review.verdict") == {"eddie": 2, "rita": 1}


def test_taking_back_tells_all_but_who_did(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)
    decide(draft_id=draft.pk, verdict="approve", actor=rita, comment="")
    services.take_back(draft_id=draft.pk, actor=rita)
    assert told(cast, "review.taken_back") == {"eddie": 1}


def test_a_refused_move_tells_nobody(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    with pytest.raises(NotAllowed):
        decide(
            draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "eddie", council), comment=""
        )
    assert told(cast, "review.verdict") == {}


def test_withdrawing_tells_nobody(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    before = told(cast, "review.asked")
    services.withdraw_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert told(cast, "review.asked") == before


def test_every_notice_of_a_review_is_one_occasion_for_programs(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)
    decide(draft_id=draft.pk, verdict="approve", actor=rita, comment="Fine.")

    kinds = list(Occasion.objects.order_by("created_at").values_list("kind", flat=True))
    assert kinds == ["review.asked", "review.verdict"]
    asked = Occasion.objects.get(kind="review.asked")
    assert (asked.details["draft_id"], asked.details["revision"]) == (draft.pk, 1)
    connections["default"].check_constraints()


@pytest.mark.parametrize("move", ["reminded", "escalated", "assigned"])
def test_a_late_review_is_told_with_its_delta(cast, draft, council, move):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    draft.refresh_from_db()
    round_ = ReviewRound.objects.get(draft=draft)

    getattr(tidings, move)(draft, round_, iter([cast.ron.pk]))

    letter = mail_everything(cast)["ron"]
    assert draft.plan.summary["effect"] in letter.body
    assert draft.plan.changes.earliest("position").label in letter.body
    assert "Open the review:" in letter.body
