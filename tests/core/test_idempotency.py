"""Idempotency-Key, at a door that exists on every installation: marking a notice as read."""

import pytest

from core.models import AnsweredRequest
from core.scope import scope
from notifications.models import Notice
from notifications.services import notify


@pytest.fixture
def notice(cast):
    with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
        notify(
            tenant_id=cast.tenant.pk,
            user_ids=[cast.eddie.pk],
            kind="test",
            subject="Look",
            dedupe_key="look",
        )
        return Notice.objects.get()


def post(client, notice, key, body=None):
    url = f"/api/notifications/{notice.pk}/read"
    return client.post(
        url, body or {}, content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_the_second_time_the_answer_is_the_same(cast, notice):
    client = cast.client("eddie")

    first, second = post(client, notice, "k1"), post(client, notice, "k1")

    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert second["Idempotent-Replayed"] == "true"
    assert not first.has_header("Idempotent-Replayed")


def test_another_body_under_the_same_key_is_refused(cast, notice):
    client = cast.client("eddie")
    post(client, notice, "k1")

    response = post(client, notice, "k1", {"other": 1})

    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"


def test_another_person_has_their_own_keys(cast, notice):
    post(cast.client("eddie"), notice, "k1")

    assert post(cast.client("bob"), notice, "k1").status_code == 404


def test_a_refusal_is_repeated_too(cast, notice):
    client = cast.client("bob")

    first, second = post(client, notice, "k1"), post(client, notice, "k1")

    assert (first.status_code, second.status_code) == (404, 404)
    assert second["Idempotent-Replayed"] == "true"
    assert second.content == first.content


def test_a_key_of_unprintable_characters_is_refused(cast, notice):
    assert post(cast.client("eddie"), notice, "k" * 256).status_code == 422
    with scope(user_id=cast.eddie.pk):
        assert AnsweredRequest.objects.count() == 0


def test_a_get_keeps_no_answer(cast):
    cast.client("eddie").get("/api/me", headers={"Idempotency-Key": "k1"})

    with scope(user_id=cast.eddie.pk):
        assert AnsweredRequest.objects.count() == 0
