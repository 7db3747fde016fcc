"""A new draft: who may begin one, and what it has to say."""

import pytest

from drafts.models import Contributor, Draft
from tests.drafts.conftest import TYPE, kinds_of

RELIED_ON = (
    *("id", "tenant_id", "created_by_user_id", "workflow_type_id", "name", "purpose", "status"),
    *("inputs", "preview_data", "assigned_council_id", "reviewed_by_user_id", "reviewed_at"),
    *("review_comment", "created_from_template_id", "created_from_proposal_id"),
    *("converted_to_workflow_id", "plan", "created_at", "updated_at", "template", "proposal"),
)


def post(cast, who, **body):
    whole = {"workflow_type_id": TYPE, "name": "New", "purpose": "Why", "inputs": {}, **body}
    return cast.client(who).post("/api/drafts", whole, content_type="application/json")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("olivia", 201),
        ("adam", 201),
        ("eddie", 201),
        ("bob", 201),
        ("vera", 403),
        ("rita", 403),
        ("stranger", 201),
        ("guest", 403),
    ],
)
def test_who_may_begin_a_draft(cast, shop, who, status):
    response = post(cast, who)

    assert response.status_code == status
    if status == 201:
        assert response.json()["created_by_user_id"] == f"user_{who}"


def test_a_draft_answers_every_field_callers_rely_on(cast, shop):
    response = post(
        cast, "eddie", tenant_id="tenant_tenant", created_by_user_id="user_eddie", inputs={"add": 2}
    )

    made = response.json()
    assert [name for name in RELIED_ON if name not in made] == []
    assert (made["status"], made["inputs"], made["plan"]) == ("editing", {"add": 2}, None)
    assert response["Location"] == f"/api/drafts/{made['id']}"
    draft = Draft.objects.get(pk=made["id"])
    assert kinds_of(draft) == ["draft.created"]
    assert Contributor.objects.get(draft=draft).user_id == "user_eddie"


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"status": "approved"}, 422, "status"),
        ({"id": "draft_mine"}, 422, "id"),
        ({"workflow_type_id": "nothing.like_it"}, 422, "workflow_type_id"),
        ({"name": "  "}, 422, "name"),
        ({"inputs": "text"}, 422, "inputs"),
        ({"tenant_id": "tenant_other"}, 403, None),
        ({"created_by_user_id": "user_bob"}, 403, None),
        ({"user_id": "user_bob"}, 403, None),
    ],
)
def test_what_may_not_be_sent_makes_nothing(cast, shop, body, status, where):
    response = post(cast, "eddie", **body)

    assert response.status_code == status
    assert Draft.objects.count() == 0
    if where:
        assert list(response.json()["errors"]) == [where]


def test_the_page_begins_a_draft_without_script(cast, shop):
    client = cast.client("eddie")
    assert client.get("/portal/workflows/drafts/new").status_code == 200

    response = client.post(
        "/portal/workflows/drafts/new", {"workflow_type_id": TYPE, "name": "New"}, follow=True
    )

    draft = Draft.objects.get()
    assert response.redirect_chain == [(f"/portal/workflows/drafts/{draft.pk}", 302)]
    assert client.post("/portal/workflows/drafts/new", {"name": ""}).status_code == 422


def test_a_key_makes_one_draft_however_often_it_is_sent(cast, shop):
    client = cast.client("eddie")
    body = {"workflow_type_id": TYPE, "name": "Once"}

    answers = [
        client.post(
            "/api/drafts", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Draft.objects.count() == 1
