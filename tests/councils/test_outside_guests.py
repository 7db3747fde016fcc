"""A guest from outside: one link, one draft, advice and never a verdict."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail, signing
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from core.models import Event
from core.scope import scope
from councils import services
from councils.models import Advice, Guest, Verdict
from councils.services.guests import SALT
from drafts import services as drafts
from drafts.models import Draft
from notifications.models import Notice
from tests.drafts.conftest import begin, facts_of, reviewer

WHO = "anna@printers.example"


@pytest.fixture
def in_review(draft, bring):
    return bring(draft, "pending_review")


@pytest.fixture
def invite(cast, django_capture_on_commit_callbacks):
    """Ask somebody in; answers the path of the link in their mail."""

    def invite(draft, email=WHO, who="eddie", **more) -> str:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            services.invite_guest(draft_id=draft.pk, email=email, actor=cast.actor(who), **more)
        sent = next(one for one in mail.outbox if one.to == [email])
        return re.search(r"https?://[^/\s]+(/guest/\S+)", sent.body).group(1)

    return invite


def advise(link, **body):
    said = {"revision_number": "1", "stance": "for", "text": "", **body}
    return Client().post(link, said)


def test_the_link_shows_that_draft_and_reading_it_decides_nothing(cast, in_review, invite):
    other = begin(cast, name="Another draft")
    services.submit_draft(draft_id=other.pk, actor=cast.actor("eddie"))
    link = invite(in_review)
    before, events = facts_of(in_review), Event.objects.count()

    for _time in range(3):
        page = Client().get(link)

    html = page.content.decode()
    assert page.status_code == 200
    assert "Raises <strong>all prices</strong>." in html
    assert "Product 0" in html
    assert "Another draft" not in html
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]
    for verdict in ("approve", "reject", "request-changes", "approve-part", "take-back"):
        assert f"/portal/reviews/{in_review.pk}/{verdict}" not in html
    assert facts_of(in_review) == before
    assert (Event.objects.count(), Advice.objects.count()) == (events, 0)


def test_advice_is_told_shown_and_counts_for_no_seat(cast, in_review, invite):
    link = invite(in_review)
    before = facts_of(in_review)

    answer = advise(link, stance="against", text="The paper is out of stock.")

    assert answer.status_code == 302
    assert "You said: Against it." in Client().get(link).content.decode()
    assert facts_of(in_review) == before
    assert Verdict.objects.count() == 0
    said = Advice.objects.get()
    assert (said.stance, said.text, said.revision_number) == (
        "against",
        "The paper is out of stock.",
        1,
    )
    event = Event.objects.get(kind="review.advice")
    assert (event.actor_id, event.draft_id) == (f"guest:{said.guest_id}", in_review.pk)
    page = cast.client("rita").get(f"/portal/reviews/{in_review.pk}").content.decode()
    assert "The paper is out of stock." in page
    told = []
    for name in ("eddie", "rita", "ron", "olivia", "vera"):
        with scope(tenant_id=cast.tenant.pk, user_id=f"user_{name}"):
            if Notice.objects.filter(user_id=f"user_{name}", kind="review.advice").exists():
                told.append(name)
    assert told == ["eddie", "rita", "ron"]


@pytest.mark.parametrize(
    "body",
    [
        {"stance": "approve"},
        {"stance": ""},
        {"stance": "against", "text": "  "},
        {"stance": "unsure"},
        {"revision_number": ""},
    ],
)
def test_advice_that_is_not_whole_comes_back(in_review, invite, body):
    assert advise(invite(in_review), **body).status_code == 422
    assert Advice.objects.count() == 0


def test_advice_is_given_once_a_revision_and_only_on_what_was_read(
    cast, in_review, council, invite
):
    link = invite(in_review)
    advise(link)
    assert advise(link, stance="against", text="No!").status_code == 409
    rita = reviewer(cast, "rita", council)
    services.decide(draft_id=in_review.pk, verdict="request_changes", comment="Less", actor=rita)
    drafts.edit_draft(draft_id=in_review.pk, actor=cast.actor("eddie"), inputs={"add": "2.00"})
    services.submit_draft(draft_id=in_review.pk, actor=cast.actor("eddie"))

    assert advise(link, revision_number="1").status_code == 409
    assert advise(link, revision_number="2").status_code == 302
    assert [one.revision_number for one in Advice.objects.order_by("created_at", "id")] == [1, 2]


def over(link) -> int:
    """The same for reading and for writing, and not a word of the draft."""
    read, written = Client().get(link), advise(link)
    assert "Raises" not in read.content.decode()
    assert read.status_code == written.status_code
    return read.status_code


def test_a_revoked_link_opens_nothing(cast, in_review, invite):
    link = invite(in_review)
    guest = Guest.objects.get()

    answer = cast.client("eddie").post(f"/portal/reviews/{in_review.pk}/guests/{guest.pk}/revoke")

    assert answer.status_code == 302
    assert over(link) == 410
    assert Advice.objects.count() == 0


def test_an_expired_link_opens_nothing(in_review, invite):
    link = invite(in_review, days=2)

    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1), tick=False):
        assert over(link) == 410
    assert Advice.objects.count() == 0


def test_a_tampered_link_opens_nothing(cast, in_review, invite):
    link = invite(in_review)
    token = link.rsplit("/", 1)[1]
    named = signing.loads(token, salt=SALT)
    other = begin(cast, name="Another draft")
    services.submit_draft(draft_id=other.pk, actor=cast.actor("eddie"))
    forged = {
        "another draft": signing.dumps({**named, "draft": other.pk}, salt=SALT),
        "another tenant": signing.dumps({**named, "tenant": cast.other.pk}, salt=SALT),
        "another secret": signing.dumps({**named, "secret": "x" * 43}, salt=SALT),
        "another guest": signing.dumps({**named, "guest": "guest_nobody"}, salt=SALT),
        "another salt": signing.dumps(named, salt="codex.invitation"),
        "one letter": token[:-1] + ("a" if token[-1] != "a" else "b"),
        "nonsense": "nonsense",
    }

    assert {name: over(f"/guest/{one}") for name, one in forged.items()} == dict.fromkeys(
        forged, 410
    )
    assert Advice.objects.count() == 0


def test_a_later_link_replaces_the_earlier(in_review, invite):
    first, second = invite(in_review), invite(in_review)

    assert over(first) == 410
    assert Client().get(second).status_code == 200


def test_the_link_is_over_when_the_draft_goes_back_to_its_author(cast, in_review, invite):
    link = invite(in_review)
    services.withdraw_draft(draft_id=in_review.pk, actor=cast.actor("eddie"))

    assert over(link) == 410


def test_after_the_decision_the_page_can_be_read_but_nothing_advised(
    cast, in_review, council, invite
):
    link = invite(in_review)
    services.decide(draft_id=in_review.pk, verdict="approve", actor=reviewer(cast, "rita", council))

    assert Client().get(link).status_code == 200
    assert advise(link).status_code == 409
    assert Advice.objects.count() == 0


def test_the_database_keeps_no_link_and_shows_the_link_one_draft(cast, in_review, invite):
    other = begin(cast, name="Another draft")
    token = invite(in_review).rsplit("/", 1)[1]
    guest = Guest.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", guest.link_hash)
    assert signing.loads(token, salt=SALT)["secret"] not in str(vars(guest))

    with services.guest_reading(token) as (reader, draft):
        assert (draft.pk, reader.user_id) == (in_review.pk, None)
        assert list(Draft.objects.values_list("pk", flat=True)) == [in_review.pk]
        assert other.pk != in_review.pk
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stores_product")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM tenants_membership")
            assert cursor.fetchone() == (0,)
        assert not any(
            reader.has_perm(perm, draft)
            for perm in ("drafts.decide_draft", "drafts.comment_draft", "councils.invite_guest")
        )


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("who", "asked"),
    [("eddie", True), ("olivia", True), ("adam", True), ("rita", False), ("bob", None)],
)
def test_who_may_ask_a_guest(cast, in_review, door, who, asked):
    client = cast.client(who)
    if door == "page":
        answer = client.post(
            f"/portal/reviews/{in_review.pk}/guests", {"email": WHO, "days": 7}
        ).status_code
    else:
        url = f"/api/drafts/{in_review.pk}/guests"
        answer = client.post(url, {"email": WHO}, content_type="application/json").status_code

    assert answer == {True: 302 if door == "page" else 201, False: 403, None: 404}[asked]
    assert Guest.objects.count() == (1 if asked else 0)


def test_programs_see_who_was_asked_but_no_link(cast, in_review):
    client, url = cast.client("eddie"), f"/api/drafts/{in_review.pk}/guests"
    made = client.post(url, {"email": WHO, "days": 3}, content_type="application/json").json()

    assert (made["email"], made["is_open"], made["advice"]) == (WHO, True, [])
    assert set(made) == {
        "id",
        "email",
        "invited_by_user_id",
        "created_at",
        "expires_at",
        "revoked_at",
        "is_open",
        "advice",
    }
    assert client.delete(f"{url}/{made['id']}").status_code == 204
    assert client.get(url).json()["guests"][0]["is_open"] is False
    assert client.delete(f"{url}/guest_nobody").status_code == 404


@pytest.mark.parametrize(
    ("email", "days", "field"),
    [("nobody", 7, "email"), ("vera@example.com", 7, "email"), (WHO, 31, "days"), (WHO, 0, "days")],
)
def test_a_guest_has_an_address_of_their_own_and_an_end(cast, in_review, email, days, field):
    answer = cast.client("eddie").post(
        f"/api/drafts/{in_review.pk}/guests",
        {"email": email, "days": days},
        content_type="application/json",
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert Guest.objects.count() == 0


def test_only_a_draft_in_review_has_guests_and_not_without_end(cast, draft, bring):
    client, url = cast.client("eddie"), f"/api/drafts/{draft.pk}/guests"
    ask = {"email": WHO}
    assert client.post(url, ask, content_type="application/json").status_code == 409
    bring(draft, "pending_review")
    answers = [
        client.post(url, {"email": f"a{n}@x.example"}, content_type="application/json").status_code
        for n in range(11)
    ]

    assert answers == [201] * 10 + [409]
    assert Guest.objects.count() == 10


def test_the_database_holds_what_the_services_promise(cast, in_review, invite):
    advise(invite(in_review))
    guest, said = Guest.objects.get(), Advice.objects.get()
    same = {"tenant_id": guest.tenant_id, "draft_id": guest.draft_id, "guest": guest}

    for match, write in (
        (
            "advice_once_a_revision",
            lambda: Advice.objects.create(**same, revision_number=1, stance="for"),
        ),
        (
            "advice_against_has_a_reason",
            lambda: Advice.objects.create(**same, revision_number=2, stance="against"),
        ),
        ("guest_link_is_a_hash", lambda: Guest.objects.update(link_hash="plain")),
        ("guest_ends", lambda: Guest.objects.update(expires_at=guest.created_at)),
    ):
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            write()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Advice.objects.filter(pk=said.pk).update(text="Other")


@pytest.mark.parametrize("part", ["", "/approve", "/guests"])
def test_links_in_mails_lead_members_through_the_sign_in(client, db, part):
    ask = client.get if part != "/approve" else client.post
    answer = ask(f"/portal/reviews/draft_x{part}")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=/portal/reviews/draft_x")
