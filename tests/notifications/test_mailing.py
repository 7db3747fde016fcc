"""Mails: once, after a failure again, as wanted, with nothing a tenant typed alive."""

import smtplib
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.core import mail as outgoing
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from core.scope import scope
from notifications import services
from notifications.models import Digest, DigestTime, Notice, Preference
from tests.notifications.conftest import mail, tell

EVIL = (
    '<script>alert(1)</script><img src=x onerror=alert(2)>"\'><a href="https://evil.example">x</a>'
)


def state_of(notice):
    with scope(user_id=notice.user_id):
        found = Notice.objects.get(pk=notice.pk)
    return found.state, found.attempts, found.last_error


def wish(cast, name, group="reviews", **more):
    with scope(user_id=getattr(cast, name).pk):
        services.set_preferences(actor=cast.actor(name), wishes={group: more})


def test_a_mail_goes_out_once_with_its_link(cast, settings):
    settings.SITE_URL = "https://codex.example"
    (notice,) = tell(cast, "rita")

    assert [mail(notice) for _ in range(2)] == [True, False]

    (message,) = outgoing.outbox
    assert (message.to, message.subject) == (["rita@example.com"], "A draft waits")
    assert "https://codex.example/portal/x\n" in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert 'href="https://codex.example/portal/x"' in html
    headers = message.extra_headers
    assert headers["Message-ID"] == f"<{notice.pk}@codex.example>"
    assert headers["List-Unsubscribe"] == "<https://codex.example/portal/settings/notifications>"
    assert state_of(notice)[:2] == ("sent", 1)


def test_another_person_cannot_have_it_sent(cast):
    (notice,) = tell(cast, "rita")
    assert services.mail_notice(user_id=cast.ron.pk, notice_id=notice.pk) is False
    assert outgoing.outbox == []


class Broken(EmailBackend):
    fault: Exception = ConnectionRefusedError("no mail server")

    def send_messages(self, messages):
        raise self.fault


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    Broken.fault = ConnectionRefusedError("no mail server")
    return Broken


def test_a_failure_waits_longer_each_time_and_is_given_up_at_last(cast, broken):
    (notice,) = tell(cast, "rita")
    waits, now = [], datetime.now(UTC)
    for _ in range(8):
        make_due(notice)
        assert mail(notice) is False
        with scope(user_id=notice.user_id):
            kept = Notice.objects.get(pk=notice.pk)
        waits.append((kept.due_at - now).total_seconds())

    assert waits[:7] == sorted(waits[:7])
    assert 20 <= waits[0] <= 45
    assert waits[6] > 19 * 3600
    assert state_of(notice) == ("failed", 8, "ConnectionRefusedError: no mail server")
    make_due(notice)
    assert mail(notice) is False
    assert state_of(notice)[1] == 8


def make_due(row):
    with scope(user_id=row.user_id):
        type(row).objects.filter(pk=row.pk).update(due_at=datetime.now(UTC) - timedelta(minutes=1))


def test_after_the_failure_the_next_try_sends_it(cast, broken, settings):
    (notice,) = tell(cast, "rita")
    mail(notice)
    assert mail(notice) is False  # not due yet
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_due(notice)

    assert mail(notice) is True
    assert state_of(notice) == ("sent", 2, "")


def test_a_refused_address_is_not_tried_again(cast, broken):
    broken.fault = smtplib.SMTPRecipientsRefused({"rita@example.com": (550, b"unknown")})
    (notice,) = tell(cast, "rita")
    mail(notice)
    assert state_of(notice)[:2] == ("failed", 1)


def test_a_killed_worker_leaves_a_row_that_is_due_after_the_lease(cast):
    (notice,) = tell(cast, "rita")
    with scope(user_id=notice.user_id):
        from notifications.models.outbox import claim

        assert claim(Notice.objects.all(), notice.pk) is True  # and here it is killed
    assert due("codex_mails_due") == []
    assert mail(notice) is False
    make_due(notice)

    assert due("codex_mails_due") == [(notice.user_id, notice.pk)]
    assert mail(notice) is True
    assert len(outgoing.outbox) == 1


def test_a_slow_worker_does_not_speak_for_the_one_after_it(cast, settings, monkeypatch):
    (notice,) = tell(cast, "rita")

    class Slow(EmailBackend):
        def send_messages(self, messages):
            make_due(notice)
            with scope(user_id=notice.user_id):
                Notice.objects.filter(pk=notice.pk).update(attempts=2)  # somebody else's claim
            raise TimeoutError("too slow")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend", Slow)
    mail(notice)
    assert state_of(notice) == ("pending", 2, "")


def due(finder):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {finder}()")
        return cursor.fetchall()


def test_the_sweep_finds_what_was_never_sent_and_publishes_it(cast, monkeypatch):
    (notice,) = tell(cast, "rita")
    published = []
    monkeypatch.setattr(
        services.sweeping.tasks.mail_notice.task,
        "apply_async",
        lambda kwargs, **_options: published.append(kwargs),
    )
    assert services.sweep()["codex_mails_due"] == 0  # on its way through the broker
    make_due(notice)

    assert services.sweep()["codex_mails_due"] == 1
    assert published == [{"user_id": notice.user_id, "notice_id": notice.pk}]


def test_the_sweep_ends_when_the_broker_is_away(cast, monkeypatch):
    for number in range(3):
        (notice,) = tell(cast, "rita", key=str(number))
        make_due(notice)
    asked = []

    def away(kwargs, **_options):
        asked.append(kwargs)
        raise OSError("no broker")

    monkeypatch.setattr(services.sweeping.tasks.mail_notice.task, "apply_async", away)
    services.sweep()
    assert len(asked) == 1
    assert len(due("codex_mails_due")) == 3


# Preferences and the digest


def test_who_wants_no_mail_gets_none_and_still_finds_it_in_the_inbox(cast):
    wish(cast, "rita", mail="none")
    (notice,) = tell(cast, "rita")
    assert mail(notice) is False
    assert (outgoing.outbox, state_of(notice)[0]) == ([], "skipped")
    assert "A draft waits" in cast.client("rita").get("/portal/inbox").content.decode()


def test_who_wants_it_out_of_the_inbox_still_gets_the_mail(cast):
    wish(cast, "rita", in_app=False)
    (notice,) = tell(cast, "rita")
    assert mail(notice) is True
    assert "A draft waits" not in cast.client("rita").get("/portal/inbox").content.decode()
    assert cast.client("rita").get("/api/notifications").json()["total"] == 0


def test_an_alarm_is_always_mailed(cast):
    for group in ("reviews", "decisions", "shop"):
        wish(cast, "rita", group, in_app=False, mail="none")
    (notice,) = tell(cast, "rita", kind="review.break_glass")
    assert mail(notice) is True
    assert cast.client("rita").get("/api/notifications").json()["total"] == 1


@pytest.mark.parametrize(
    ("zone", "hour", "now", "due_at"),
    [
        ("", 8, "2026-11-23 12:00", "2026-11-24 08:00"),  # the shop's clock: London
        ("", 8, "2026-11-23 07:59", "2026-11-23 08:00"),
        ("", 8, "2026-11-23 08:00", "2026-11-24 08:00"),
        ("America/New_York", 7, "2026-11-23 12:30", "2026-11-24 12:00"),
        ("Asia/Kolkata", 9, "2026-11-23 03:00", "2026-11-23 03:30"),
        ("Europe/Berlin", 2, "2026-03-28 12:00", "2026-03-29 01:00"),  # 02:00 does not exist
        ("Nowhere/Land", 8, "2026-11-23 12:00", "2026-11-24 08:00"),
    ],
)
def test_a_digest_is_due_in_the_readers_morning(cast, zone, hour, now, due_at):
    wish(cast, "rita", mail="digest")
    with scope(user_id=cast.rita.pk):
        DigestTime.objects.create(user=cast.rita, hour=hour, timezone=zone)
    (notice,) = tell(cast, "rita")
    with time_machine.travel(f"{now}+00:00", tick=False):
        mail(notice)

    with scope(user_id=cast.rita.pk):
        digest = Digest.objects.get()
    assert digest.due_at == datetime.fromisoformat(f"{due_at}+00:00")
    assert (state_of(notice)[0], outgoing.outbox) == ("digest", [])


def test_one_digest_a_day_holds_everything_that_waited(cast):
    wish(cast, "rita", mail="digest")
    for number in range(3):
        mail(tell(cast, "rita", key=str(number), subject=f"Draft {number}")[0])
    with scope(user_id=cast.rita.pk):
        digest = Digest.objects.get()
    assert due("codex_digests_due") == []
    make_due(digest)
    assert due("codex_digests_due") == [(cast.rita.pk, digest.pk)]

    sent = [services.mail_digest(user_id=cast.rita.pk, digest_id=digest.pk) for _ in range(2)]

    assert sent == [True, False]
    (message,) = outgoing.outbox
    assert message.subject == "Codex: 3 notices of the day"
    assert [f"Draft {n}" in message.body for n in range(3)] == [True] * 3
    with scope(user_id=cast.rita.pk):
        assert set(Notice.objects.values_list("state", "digest_id")) == {("sent", digest.pk)}


def test_a_digest_that_could_not_be_sent_is_tried_again_with_all_of_it(cast, broken, settings):
    wish(cast, "rita", mail="digest")
    mail(tell(cast, "rita")[0])
    with scope(user_id=cast.rita.pk):
        digest = Digest.objects.get()
    make_due(digest)
    assert services.mail_digest(user_id=cast.rita.pk, digest_id=digest.pk) is False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_due(digest)

    assert services.mail_digest(user_id=cast.rita.pk, digest_id=digest.pk) is True
    assert "A draft waits" in outgoing.outbox[0].body


def test_after_the_days_digest_the_next_one_is_tomorrows(cast):
    wish(cast, "rita", mail="digest")
    with time_machine.travel("2026-11-23 07:00+00:00", tick=False):
        mail(tell(cast, "rita", key="a")[0])
    with scope(user_id=cast.rita.pk):
        Digest.objects.update(state="sent", sent_at=datetime.now(UTC))
        DigestTime.objects.create(user=cast.rita, hour=18)
    with time_machine.travel("2026-11-23 09:00+00:00", tick=False):
        mail(tell(cast, "rita", key="b")[0])

    with scope(user_id=cast.rita.pk):
        days = list(Digest.objects.order_by("day").values_list("day", "state"))
    assert [(str(day), state) for day, state in days] == [
        ("2026-11-23", "sent"),
        ("2026-11-24", "pending"),
    ]


# What the mail says, and what it does not let through

DETAILS = {
    "draft_id": "draft_1",
    "effect": "Raises 12 prices.",
    "figures": [["Money at risk", "£1,180.00"], ["Risk", "High, 71 of 100"]],
    "changes": [{"label": "Mug", "field": "Price", "before": "£10.00", "after": "£12.00"}],
    "change_count": 12,
    "since": {"revision": 1, "count": 1, "gone": 2, "changes": []},
    "asked": ["Rita", "Ron"],
    "due": "2026-11-25T12:00:00+00:00",
}


def test_the_mail_holds_the_delta_in_both_forms(cast):
    (notice,) = tell(cast, "rita", text="", details=DETAILS)
    mail(notice)
    message = outgoing.outbox[0]
    html = message.alternatives[0][0]
    for said in (
        "Raises 12 prices.",
        "Money at risk",
        "£1,180.00",
        "Mug",
        "£10.00",
        "£12.00",
        "and 11 more",
        "Since revision 1",
        "1 change is new or different.",
        "2 are gone.",
        "Asked: Rita, Ron.",
        "Please by Wednesday 25 November, 12:00.",
    ):
        assert said in message.body, said
        assert said in html, said
    assert message.extra_headers["References"] == "<draft_1@localhost>"


class Alive(HTMLParser):
    """Collects what a mail program could run or follow."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.handlers = set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.handlers += [name for name, _value in attrs if name.startswith("on")]


@pytest.mark.parametrize("digest", [False, True])
def test_nothing_a_tenant_typed_comes_alive_in_a_mail(cast, settings, digest):
    settings.SITE_URL = "https://codex.example"
    with scope(tenant_id=cast.tenant.pk, user_id=cast.olivia.pk):
        type(cast.tenant).objects.filter(pk=cast.tenant.pk).update(name=EVIL)
    details = {
        "effect": EVIL,
        "figures": [[EVIL, EVIL]],
        "changes": [{"label": EVIL, "field": EVIL, "before": EVIL, "after": EVIL}],
        "since": {"revision": EVIL, "count": 1, "changes": [{"label": EVIL, "after": EVIL}]},
        "asked": [EVIL],
        "comment": {"who": EVIL, "text": EVIL},
    }
    (notice,) = tell(cast, "rita", subject=EVIL, text=EVIL, details=details)
    if digest:
        wish(cast, "rita", mail="digest")
        mail(notice)
        with scope(user_id=cast.rita.pk):
            row = Digest.objects.get()
        make_due(row)
        services.mail_digest(user_id=cast.rita.pk, digest_id=row.pk)
    else:
        mail(notice)

    html = outgoing.outbox[0].alternatives[0][0]
    alive = Alive()
    alive.feed(html)
    assert alive.tags & {"script", "img", "iframe", "form", "object"} == set()
    assert alive.handlers == []
    assert all(link.startswith("https://codex.example/portal/") for link in alive.links)
    assert "&lt;script&gt;" in html


def test_a_subject_cannot_add_headers(cast):
    (notice,) = tell(cast, "rita", subject="Hello\r\nBcc: all@evil.example")
    mail(notice)
    assert outgoing.outbox[0].subject == "Hello Bcc: all@evil.example"
    assert outgoing.outbox[0].message()["Bcc"] is None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_link_leads_nowhere_else(cast, url):
    (notice,) = tell(cast, "rita", url=url)
    mail(notice)
    message = outgoing.outbox[0]
    assert "evil" not in message.body + message.alternatives[0][0]
    assert "alert(1)" not in message.alternatives[0][0]


def test_the_link_leads_through_sign_in(cast, client):
    response = client.get("/portal/reviews/draft_1")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/portal/reviews/draft_1"


def test_preferences_are_ones_own(cast):
    wish(cast, "rita", mail="none")
    with scope(user_id=cast.ron.pk, tenant_id=cast.tenant.pk):
        assert list(Preference.objects.all()) == []
