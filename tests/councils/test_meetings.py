"""A council meets: agenda from the queue, one item at a time, decisions, minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.scope import scope
from councils import services
from councils.models import Session, SessionItem
from drafts import services as drafts
from tests.drafts.conftest import begin, facts_of, make_council


@pytest.fixture
def two(cast, shop, council):
    """Two drafts in rita's and ron's council, the older first."""
    made = [begin(cast, name=name) for name in ("Mugs *up*", "Cards down")]
    return [services.submit_draft(draft_id=one.pk, actor=cast.actor("eddie")) for one in made]


def start(cast, council, who="rita", **more):
    body = {"council_id": council.pk, "minutes_each": "5", **more}
    return cast.client(who).post("/portal/reviews/meetings", body)


@pytest.fixture
def in_council(cast, council):
    """Meetings are read by members of their council."""
    with scope(tenant_id=cast.tenant.pk, user_id="user_rita", council_ids=(council.pk,)):
        yield


def test_a_whole_meeting_from_agenda_to_minutes(cast, two, council, in_council):
    first, second = two
    answer = start(cast, council)
    session = Session.objects.get()
    url = f"/portal/reviews/meetings/{session.pk}"
    assert answer.headers["Location"] == url
    rita, ron = cast.client("rita"), cast.client("ron")
    page = rita.get(url).content.decode()
    assert "Item 1 of 2" in page
    assert f'action="/portal/reviews/{first.pk}/comment"' in page

    done = ron.post(
        f"/portal/reviews/{first.pk}/approve",
        {"revision": "1", "comment": "Fine <b>by</b> me.", "session": session.pk},
    )
    assert done.headers["Location"] == url
    with time_machine.travel(timezone.now() + timedelta(minutes=3, seconds=5), tick=False):
        assert rita.post(f"{url}/go", {"position": "2"}).headers["Location"] == url
    drafts.comment(draft_id=second.pk, actor=cast.actor("olivia"), text="After Christmas.")
    rita.post(
        f"/portal/reviews/{second.pk}/request-changes",
        {"revision": "1", "comment": "Half of it.", "session": session.pk},
    )
    closed = rita.post(f"{url}/close")

    assert closed.headers["Location"] == f"{url}/minutes"
    assert facts_of(first)["status"] == "approved"
    minutes = ron.get(f"{url}/minutes").content.decode()
    for said in ("Fine &lt;b&gt;by&lt;/b&gt; me.", "Half of it.", "After Christmas.", "3:0"):
        assert said in minutes
    file = rita.get(f"{url}/minutes.md")
    assert file.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="minutes-')
    text = file.content.decode()
    assert "## 1. Mugs \\*up\\*" in text
    assert "**Ron**: Approve" in text
    assert "> Fine \\<b\\>by\\</b\\> me." in text
    assert "**Rita**: Request changes" in text
    assert "**Olivia**:\n\n> After Christmas." in text


def test_what_was_decided_before_the_meeting_is_not_in_its_minutes(cast, shop):
    council = make_council(shop.pk, {"A": ["user_rita"], "B": ["user_ron"]})
    draft = begin(cast)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    cast.client("rita").post(f"/portal/reviews/{draft.pk}/approve", {"comment": "Yesterday."})
    start(cast, council)

    with scope(tenant_id=cast.tenant.pk, user_id="user_rita", council_ids=(council.pk,)):
        session = Session.objects.get()
        Session.objects.update(started_at=timezone.now() + timedelta(seconds=1))
    with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=False):
        cast.client("rita").post(f"/portal/reviews/meetings/{session.pk}/close")

    text = cast.client("rita").get(f"/portal/reviews/meetings/{session.pk}/minutes.md")
    assert "Yesterday." not in text.content.decode()
    assert "Nothing was decided or said." in text.content.decode()


@pytest.mark.parametrize("who", ["eddie", "olivia", "bob", "stranger", "guest"])
def test_only_members_of_the_council_meet_in_it(cast, two, council, in_council, who):
    assert start(cast, council, who).status_code == 404
    assert Session.objects.count() == 0
    start(cast, council)
    url = f"/portal/reviews/meetings/{Session.objects.get().pk}"
    client = cast.client(who)

    for part in ("", "/minutes", "/minutes.md"):
        assert client.get(url + part).status_code == 404
    for part in ("/go", "/close"):
        assert client.post(url + part, {"position": "2"}).status_code == 404
    assert Session.objects.get().closed_at is None


def test_reading_moves_nothing_and_a_closed_meeting_stays_closed(cast, two, council, in_council):
    start(cast, council)
    session = Session.objects.get()
    url, client = f"/portal/reviews/meetings/{session.pk}", cast.client("rita")
    for _time in range(2):
        client.get(url)
    assert Session.objects.get().at_item == 1
    assert client.post(f"{url}/go", {"position": "9"}).status_code == 404
    assert client.get(f"{url}/close").status_code == 405
    client.post(f"{url}/close")

    assert client.post(f"{url}/go", {"position": "2"}).status_code == 409
    assert client.post(f"{url}/close").status_code == 409
    assert client.get(url).headers["Location"] == f"{url}/minutes"


@pytest.mark.parametrize("minutes", ["0", "61", "soon"])
def test_an_item_has_from_one_to_sixty_minutes(cast, two, council, in_council, minutes):
    assert start(cast, council, minutes_each=minutes).status_code == 422
    assert Session.objects.count() == 0


def test_an_empty_queue_is_nothing_to_meet_about(cast, council, in_council):
    assert start(cast, council).status_code == 422
    assert "No draft waits in a council you sit in." in (
        cast.client("rita").get("/portal/reviews/meetings").content.decode()
    )
    assert Session.objects.count() == 0


def test_a_draft_taken_back_meanwhile_leaves_the_meeting_standing(cast, two, council, in_council):
    start(cast, council)
    services.withdraw_draft(draft_id=two[0].pk, actor=cast.actor("eddie"))
    url = f"/portal/reviews/meetings/{Session.objects.get().pk}"

    assert cast.client("rita").get(url).status_code == 200
    assert cast.client("rita").post(f"{url}/close").status_code == 302


def test_reading_rows_in_a_meeting_leads_back_to_it(cast, two, council, in_council):
    start(cast, council)
    session = Session.objects.get()
    body = {"do": "untick", "group": "up", "place": f"group=up&session={session.pk}"}

    answer = cast.client("rita").post(f"/portal/reviews/{two[0].pk}/ticks", body)

    assert answer.headers["Location"] == (f"/portal/reviews/meetings/{session.pk}?group=up#changes")


def test_the_database_holds_meetings_together_and_apart(cast, two, council, in_council):
    start(cast, council)
    item = SessionItem.objects.order_by("position").first()
    same = {f: getattr(item, f) for f in ("session_id", "council_id", "draft_id", "position")}
    for match, write in (
        (
            "session_position_once",
            lambda: SessionItem.objects.create(
                **{**same, "draft_id": "draft_x"}, revision_number=1
            ),
        ),
        (
            "session_draft_once",
            lambda: SessionItem.objects.create(**{**same, "position": 9}, revision_number=1),
        ),
        ("session_item_has_time", lambda: Session.objects.update(minutes_each=0)),
        (
            "session_ends_after_it_began",
            lambda: Session.objects.update(closed_at=timezone.now() - timedelta(days=1)),
        ),
    ):
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            write()
    with scope(tenant_id=cast.tenant.pk, user_id="user_eddie"), connection.cursor() as cursor:
        for table in ("councils_session", "councils_sessionitem"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
