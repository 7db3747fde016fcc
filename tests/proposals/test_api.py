"""The fields callers rely on, the filters, and what is not theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.scope import scope
from proposals.models import Proposal
from proposals.services import propose_for_tenant
from tests.proposals.conftest import in_shop, stock

FIELDS = {
    "id",
    "tenant_id",
    "workflow_type_id",
    "title",
    "description",
    "reasoning",
    "confidence_score",
    "based_on",
    "expected_impact",
    "suggested_inputs",
    "priority",
    "status",
    "expires_at",
    "created_draft_id",
    "created_at",
}


@pytest.fixture
def open_ones(shop):
    return propose_for_tenant(tenant_id=shop.tenant.pk).proposals


def listed(shop, who="vera", **query):
    query = {"tenant_id": shop.tenant.pk, **query}
    return shop.client(who).get("/api/proposals", query)


def test_the_list(shop, open_ones):
    body = listed(shop).json()
    assert {key: body[key] for key in ("total", "limit", "offset", "next")} == {
        "total": 2,
        "limit": 50,
        "offset": 0,
        "next": None,
    }
    assert {row["id"] for row in body["proposals"]} == {row.pk for row in open_ones}
    assert body["proposals"][0].keys() >= FIELDS


def test_based_on_and_expected_impact_have_their_fields(shop, open_ones):
    row = shop.client("vera").get(f"/api/proposals/{open_ones[0].pk}").json()
    assert row["based_on"].keys() >= {
        "metric",
        "value",
        "threshold",
        "unit",
        "window",
        "sample_size",
        "interval",
        "evidence",
        "query",
    }
    assert row["expected_impact"].keys() >= {
        "metric",
        "baseline",
        "low",
        "high",
        "unit",
        "timeframe_days",
        "text",
    }
    assert 0 <= row["confidence_score"] <= 1


def test_the_tenant_has_to_be_named_and_to_be_ones_own(shop, open_ones):
    client = shop.client("vera")
    assert client.get("/api/proposals").status_code == 422
    assert client.get("/api/proposals", {"tenant_id": shop.other.pk}).status_code == 403


def test_filters(shop, open_ones):
    assert listed(shop, status="pending").json()["total"] == 2
    assert listed(shop, status="accepted").json()["total"] == 0
    assert listed(shop, priority="urgent").json()["total"] == 0
    assert listed(shop, priority="normal").json()["total"] == 2
    assert listed(shop, status="done").status_code == 422
    assert listed(shop, priority="now").status_code == 422


def test_expired_ones_are_left_out_unless_asked_for(shop, open_ones):
    """Also before the hourly job has been there."""
    with in_shop(shop):
        Proposal.objects.filter(pk=open_ones[0].pk).update(
            expires_at=timezone.now() - timedelta(hours=1)
        )
    assert [row["id"] for row in listed(shop).json()["proposals"]] == [open_ones[1].pk]
    expired = listed(shop, status="expired").json()["proposals"]
    assert [row["id"] for row in expired] == [open_ones[0].pk]


def test_accept_answers_draft_and_proposal(shop, open_ones):
    body = (
        shop.client("eddie")
        .post(
            f"/api/proposals/{open_ones[0].pk}/accept",
            {"user_id": shop.eddie.pk},
            content_type="application/json",
        )
        .json()
    )
    assert body["proposal"]["status"] == "accepted"
    assert body["proposal"]["created_draft_id"] == body["draft"]["id"]
    assert body["draft"]["created_from_proposal_id"] == open_ones[0].pk
    detail = shop.client("eddie").get(f"/api/drafts/{body['draft']['id']}").json()
    assert detail["proposal"]["title"] == open_ones[0].title


def test_who_is_named_has_to_be_who_asks(shop, open_ones):
    response = shop.client("eddie").post(
        f"/api/proposals/{open_ones[0].pk}/accept",
        {"user_id": shop.olivia.pk},
        content_type="application/json",
    )
    assert response.status_code == 403


def test_status_is_not_for_the_caller_to_set(shop, open_ones):
    url = f"/api/proposals/{open_ones[0].pk}"
    client = shop.client("eddie")
    for method in (client.patch, client.put, client.delete):
        assert method(url, {}, content_type="application/json").status_code == 405
    response = client.post(f"{url}/accept", {"status": "x"}, content_type="application/json")
    assert response.status_code == 422


def test_not_yours_and_not_there_look_the_same(shop, open_ones):
    with scope(tenant_id=shop.other.pk):
        stock(shop.other)
    (theirs,) = propose_for_tenant(tenant_id=shop.other.pk).proposals
    client = shop.client("eddie")
    for move in ("", "/accept", "/dismiss", "/snooze", "/restore"):
        send = client.post if move else client.get
        answers = [
            send(f"/api/proposals/{pk}{move}").content for pk in (theirs.pk, "proposal_nothing")
        ]
        assert answers[0] == answers[1], move


def test_lists_ask_the_same_number_of_queries_however_long(
    shop, open_ones, django_assert_max_num_queries
):
    client = shop.client("vera")
    with django_assert_max_num_queries(12):
        client.get("/api/proposals", {"tenant_id": shop.tenant.pk})
