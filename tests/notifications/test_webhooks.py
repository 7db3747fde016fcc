"""Webhooks: signed, tried again, logged, given up, replayed; never to an inner address."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from core.errors import Conflict, Invalid, NotAllowed
from core.models import Event
from core.outbound import Patience
from core.scope import scope
from notifications import services
from notifications.models import Attempt, Delivery, Endpoint, Notice, Occasion
from notifications.services import delivering
from tests.notifications.conftest import spread_all, tell


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(delivering, "PATIENCE", Patience(connect=1, total=0.6, largest=4096))


def the_delivery(cast, **where) -> Delivery:
    with scope(tenant_id=cast.tenant.pk):
        return Delivery.objects.get(**where)


def the_endpoint(cast) -> Endpoint:
    with scope(tenant_id=cast.tenant.pk):
        return Endpoint.objects.get()


def calls(cast) -> list[tuple]:
    with scope(tenant_id=cast.tenant.pk):
        rows = Attempt.objects.order_by("number")
        return list(rows.values_list("number", "status", "problem", "snippet"))


def deliver(cast, delivery) -> bool:
    with scope(tenant_id=cast.tenant.pk):
        Delivery.objects.filter(pk=delivery.pk).update(
            due_at=datetime.now(UTC) - timedelta(minutes=1)
        )
    return services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk)


def send_one(cast, **more) -> tuple[Delivery, bool]:
    tell(cast, "rita", **more)
    assert spread_all(cast) == 1
    delivery = the_delivery(cast)
    return delivery, deliver(cast, delivery)


def test_a_message_is_signed_as_the_standard_says(cast, server, hook):
    made = hook()
    delivery, went = send_one(cast, details={"draft_id": "draft_1"})

    assert went is True
    ((path, headers, body),) = server.seen
    assert Webhook(made.secret).verify(body, headers) == {
        "type": "review.asked",
        "timestamp": json.loads(body)["timestamp"],
        "data": {
            "id": delivery.occasion_id,
            "tenant_id": cast.tenant.pk,
            "subject": "A draft waits",
            "text": "Twelve prices",
            "url": "http://localhost:8000/portal/x",
            "details": {"draft_id": "draft_1"},
        },
    }
    assert path == "/ok"
    assert headers["webhook-id"] == delivery.occasion_id
    assert made.secret.startswith("whsec_")
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(body + b" ", headers)
    assert the_delivery(cast).state == "sent"
    assert calls(cast) == [(1, 200, "", "answer")]


def test_while_keys_are_changed_both_verify_and_after_a_day_only_the_new(cast, server, hook):
    made = hook()
    with scope(tenant_id=cast.tenant.pk):
        fresh = services.rotate_secret(endpoint_id=made.endpoint.pk, actor=cast.actor("olivia"))
    send_one(cast)
    _path, headers, body = server.seen[0]
    assert len(headers["webhook-signature"].split(" ")) == 2
    Webhook(made.secret).verify(body, headers)
    Webhook(fresh.secret).verify(body, headers)

    with scope(tenant_id=cast.tenant.pk):
        Endpoint.objects.update(old_secret_until=datetime.now(UTC))
    tell(cast, "rita", key="later")
    spread_all(cast)
    deliver(cast, the_delivery(cast, state="pending"))
    _path, headers, body = server.seen[1]
    Webhook(fresh.secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(body, headers)


def test_only_chosen_kinds_of_this_shop_reach_an_endpoint_and_each_once(cast, hook):
    hook(kinds=["review.verdict"])
    tell(cast, "rita", key="a", kind="review.asked")
    tell(cast, "rita", key="b", kind="review.verdict")
    tell(cast, "ron", key="b", kind="review.verdict")
    with scope(tenant_id=cast.other.pk):
        services.notify(
            tenant_id=cast.other.pk,
            user_ids=[cast.stranger.pk],
            kind="review.verdict",
            subject="x",
            dedupe_key="other",
        )
    assert spread_all(cast) == 1
    assert spread_all(cast) == 0
    assert the_delivery(cast).kind == "review.verdict"


def test_what_happened_before_an_endpoint_was_made_is_not_told_to_it(cast, hook):
    tell(cast, "rita")
    hook()
    assert spread_all(cast) == 0


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/500", 500, ""),
        ("/404", 404, ""),
        ("/redirect", 302, ""),
        ("/hang", None, "It did not answer in time."),
        ("/drip-head", None, "It did not answer in time."),
        ("/close", None, "The connection broke off."),
        ("/garbage", None, "The connection broke off."),
    ],
)
def test_a_bad_answer_is_logged_and_tried_again(cast, server, hook, path, status, problem):
    hook(path)
    _delivery, went = send_one(cast)

    kept = the_delivery(cast)
    assert (went, kept.state, kept.last_status, kept.tries) == (False, "pending", status, 1)
    assert [(row[1], row[2]) for row in calls(cast)] == [(status, problem)]
    wait = (kept.due_at - datetime.now(UTC)).total_seconds()
    assert 3 <= wait <= 7
    assert [seen[0] for seen in server.seen] == [path]


@pytest.mark.parametrize("path", ["/drip", "/huge"])
def test_an_endless_answer_of_200_is_taken(cast, hook, path):
    hook(path)
    _delivery, went = send_one(cast)
    assert (went, the_delivery(cast).state) == (True, "sent")
    assert len(calls(cast)[0][3]) <= 500


def test_tries_come_further_apart_and_end(cast, server, hook):
    hook("/500")
    delivery, _went = send_one(cast)
    waits = []
    for _ in range(7):
        waits.append((the_delivery(cast).due_at - datetime.now(UTC)).total_seconds())
        deliver(cast, delivery)

    assert waits == sorted(waits)
    kept = the_delivery(cast)
    assert (kept.state, kept.attempts, kept.last_error) == ("failed", 8, "It answered 500.")
    assert deliver(cast, delivery) is False
    assert len(server.seen) == 8
    assert {headers["webhook-id"] for _path, headers, _body in server.seen} == {kept.occasion_id}


def test_the_other_side_may_ask_for_more_time(cast, hook, monkeypatch):
    from core.outbound import Answer

    hook()
    monkeypatch.setattr(
        delivering, "send", lambda *_a, **_k: Answer(503, {"retry-after": "900"}, b"later")
    )
    send_one(cast)
    wait = (the_delivery(cast).due_at - datetime.now(UTC)).total_seconds()
    assert 890 < wait <= 900


def test_success_after_failure_clears_the_count(cast, server, hook):
    hook("/script")
    server.statuses = [500, 200]
    delivery, _went = send_one(cast)
    assert the_endpoint(cast).failures == 1
    assert deliver(cast, delivery) is True
    assert (the_endpoint(cast).failures, the_endpoint(cast).failing_since) == (0, None)


def test_gone_switches_the_endpoint_off_and_tells_owner_and_admin(cast, hook):
    hook("/410")
    send_one(cast)

    endpoint = the_endpoint(cast)
    assert (endpoint.is_active, endpoint.why_off) == (False, "It said it is gone.")
    assert the_delivery(cast, kind="review.asked").state == "failed"
    told = []
    for name in ("olivia", "adam", "eddie", "bob", "vera", "rita"):
        with scope(user_id=getattr(cast, name).pk):
            if Notice.objects.filter(kind="endpoint.disabled").exists():
                told.append(name)
    assert told == ["olivia", "adam"]
    with scope(tenant_id=cast.tenant.pk):
        assert Event.objects.filter(kind="endpoint.disabled").count() == 1


def test_a_day_of_failures_switches_it_off_but_an_hour_does_not(cast, hook):
    hook("/500")
    delivery, _went = send_one(cast)
    for _ in range(5):
        deliver(cast, delivery)
    assert the_endpoint(cast).is_active is True

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk)
        from notifications.services.failing import note_failure

        with scope(tenant_id=cast.tenant.pk):
            note_failure(delivery.endpoint_id, "It answered 500.")
    assert the_endpoint(cast).is_active is False
    tell(cast, "rita", key="later", kind="review.verdict")
    with scope(tenant_id=cast.tenant.pk):
        occasion = Occasion.objects.get(kind="review.verdict")
    assert services.spread(tenant_id=cast.tenant.pk, occasion_id=occasion.pk) == 0


def test_an_endpoint_switched_on_again_starts_clean(cast, hook):
    made = hook("/410")
    send_one(cast)
    with scope(tenant_id=cast.tenant.pk):
        services.update_endpoint(
            endpoint_id=made.endpoint.pk, actor=cast.actor("olivia"), is_active=True
        )
    endpoint = the_endpoint(cast)
    assert (endpoint.is_active, endpoint.why_off, endpoint.failures) == (True, "", 0)


def test_what_waits_for_an_endpoint_that_was_switched_off_is_given_up(cast, server, hook):
    made = hook()
    tell(cast, "rita")
    spread_all(cast)
    with scope(tenant_id=cast.tenant.pk):
        services.update_endpoint(
            endpoint_id=made.endpoint.pk, actor=cast.actor("olivia"), is_active=False
        )
    assert deliver(cast, the_delivery(cast)) is False
    kept = the_delivery(cast)
    assert (kept.state, kept.last_error, server.seen) == ("failed", "Switched off.", [])


def test_a_replay_says_the_same_with_the_same_id(cast, server, hook):
    hook("/script")
    server.statuses = [410, 200]
    delivery, _went = send_one(cast)
    with scope(tenant_id=cast.tenant.pk):
        Endpoint.objects.update(is_active=True)
        services.replay(delivery_id=delivery.pk, actor=cast.actor("olivia"))
        with pytest.raises(Conflict):
            services.replay(delivery_id=delivery.pk, actor=cast.actor("olivia"))
    assert deliver(cast, delivery) is True
    (_path, first, one), (_path, second, two) = server.seen
    assert (first["webhook-id"], one) == (second["webhook-id"], two)
    assert [row[:2] for row in calls(cast)] == [(1, 410), (2, 200)]


def test_a_ping_goes_the_same_way(cast, server, hook):
    made = hook()
    with scope(tenant_id=cast.tenant.pk):
        delivery = services.ping(endpoint_id=made.endpoint.pk, actor=cast.actor("olivia"))
    assert deliver(cast, delivery) is True
    _path, headers, body = server.seen[0]
    assert Webhook(made.secret).verify(body, headers)["type"] == "ping"


def test_two_workers_send_it_once(cast, server, hook):
    hook()
    tell(cast, "rita")
    spread_all(cast)
    delivery = the_delivery(cast)
    went = [services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk) for _ in range(2)]
    assert (went, len(server.seen)) == ([True, False], 1)


def test_a_killed_workers_message_is_found_again(cast, hook):
    from notifications.models.outbox import claim

    hook()
    tell(cast, "rita")
    spread_all(cast)
    delivery = the_delivery(cast)
    with scope(tenant_id=cast.tenant.pk):
        assert claim(Delivery.objects.all(), delivery.pk) is True  # and here it is killed
    assert found("codex_deliveries_due") == []
    with scope(tenant_id=cast.tenant.pk):
        Delivery.objects.update(due_at=datetime.now(UTC) - timedelta(minutes=1))
    assert found("codex_deliveries_due") == [(cast.tenant.pk, delivery.pk)]
    assert services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk) is True


def found(finder):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {finder}()")
        return cursor.fetchall()


def test_a_happening_whose_task_vanished_is_found_again(cast, hook):
    hook()
    tell(cast, "rita")
    with scope(tenant_id=cast.tenant.pk):
        Occasion.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=1))
        ((tenant_id, occasion_id),) = [
            one for one in found("codex_occasions_due") if one[0] == cast.tenant.pk
        ]
        Endpoint.objects.update(created_at=datetime.now(UTC) - timedelta(days=1))
    assert services.spread(tenant_id=tenant_id, occasion_id=occasion_id) == 1
    assert found("codex_occasions_due") == []


# Who may, and where to


@pytest.mark.parametrize("name", ["eddie", "bob", "vera", "rita", "stranger", "guest"])
def test_only_owner_and_admin_keep_endpoints(cast, hook, server, name):
    made = hook()
    actor = cast.actor(name)
    with scope(tenant_id=cast.tenant.pk):
        for refused in (
            lambda: services.create_endpoint(
                actor=actor, kind="webhook", name="x", url=server.url("/ok")
            ),
            lambda: services.update_endpoint(endpoint_id=made.endpoint.pk, actor=actor, name="y"),
            lambda: services.rotate_secret(endpoint_id=made.endpoint.pk, actor=actor),
            lambda: services.remove_endpoint(endpoint_id=made.endpoint.pk, actor=actor),
            lambda: services.ping(endpoint_id=made.endpoint.pk, actor=actor),
        ):
            with pytest.raises(NotAllowed):
                refused()
        assert Endpoint.objects.values_list("name", flat=True).get() == "Our books"
        assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://2130706433/",
        "ftp://93.184.216.34/",
        "",
    ],
)
def test_an_inner_address_is_refused_when_typed(cast, settings, url):
    settings.OUTBOUND_LOCAL = False
    with scope(tenant_id=cast.tenant.pk):
        with pytest.raises(Invalid) as refused:
            services.create_endpoint(actor=cast.actor("olivia"), kind="webhook", name="x", url=url)
        assert list(refused.value.fields) == ["url"]
        assert Endpoint.objects.count() == 0


def test_an_address_that_has_moved_inside_is_refused_when_called(cast, server, hook, settings):
    hook()
    settings.OUTBOUND_LOCAL = False
    _delivery, went = send_one(cast)
    kept = the_delivery(cast)
    assert (went, kept.state, server.seen) == (False, "failed", [])
    assert kept.last_error == "It has to begin with https."


def test_address_and_key_lie_sealed(cast, server, hook):
    made = hook("/secret-path")
    with connection.cursor() as cursor, scope(tenant_id=cast.tenant.pk):
        cursor.execute("SELECT row_to_json(e)::text FROM notifications_endpoint e")
        lying = cursor.fetchone()[0]
    assert "secret-path" not in lying
    assert made.secret not in lying


def test_a_removed_endpoint_keeps_its_log_and_nothing_else(cast, hook):
    made = hook()
    send_one(cast)
    with scope(tenant_id=cast.tenant.pk):
        services.remove_endpoint(endpoint_id=made.endpoint.pk, actor=cast.actor("adam"))
        kept = Endpoint.objects.get()
        assert (kept.is_active, kept.removed_at is not None) == (False, True)
        assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "pigeon"},
        {"name": " "},
        {"sealed_secret": ""},
        {"failures": 1},
    ],
)
def test_the_database_holds_what_an_endpoint_is(cast, hook, broken):
    hook()
    with scope(tenant_id=cast.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
        Endpoint.objects.update(**broken)


def test_an_attempt_is_never_rewritten(cast, hook):
    hook()
    send_one(cast)
    with (
        scope(tenant_id=cast.tenant.pk),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
    ):
        Attempt.objects.update(status=201)
