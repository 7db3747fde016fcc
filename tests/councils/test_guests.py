"""Members of a shared council open one draft of another tenant, and see that draft and no more.

Shared councils are written by the staff's login, so these tests commit.
"""

import pytest
from django.db import connection

from core.models import Event
from core.scope import scope
from councils import services
from councils.models import ReviewEntry
from drafts.models import Draft
from notifications.models import Notice
from tests.drafts.conftest import begin, raise_prices  # noqa: F401
from tests.workflows.conftest import make_shop
from workflows.services import stored_fingerprint

pytestmark = pytest.mark.slow
COUNCIL = "council_media"


@pytest.fixture
def cast(committed_cast):
    """Guest belongs to no tenant, stranger owns another one; both sit in the shared council."""
    services.keep_shared_council(
        council_id=COUNCIL, name="Media", seats={"Brand": ["user_guest", "user_stranger"]}
    )
    services.keep_shared_rules(
        rules=[{"name": "Everything", "family": "", "workflow_type_id": "", "council_id": COUNCIL}]
    )
    return committed_cast


@pytest.fixture
def drafts(cast):
    """Two drafts of the tenant: one in review by the shared council, one still being written."""
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        submitted, private = begin(cast, name="Submitted"), begin(cast, name="Private")
        services.submit_draft(draft_id=submitted.pk, actor=cast.actor("eddie"))
    return submitted, private


def post(client, url, **body):
    return client.post(url, body, content_type="application/json")


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_a_guest_finds_the_draft_in_the_queue_and_reads_it(cast, drafts, who):
    submitted, private = drafts
    client = cast.client(who)

    queue = client.get("/api/reviews?queue=mine").json()
    assert [(r["draft_id"], r["tenant_name"]) for r in queue["reviews"]] == [
        (submitted.pk, "The tenant shop")
    ]
    shown = client.get(f"/api/drafts/{submitted.pk}").json()
    assert (shown["name"], shown["moves"]) == ("Submitted", ["comment"])
    assert client.get(f"/api/drafts/{submitted.pk}/changes").json()["total"] == 5
    assert client.get(f"/api/drafts/{submitted.pk}/plan").status_code == 200
    assert client.get(f"/api/drafts/{submitted.pk}/revisions").json()["total"] == 1
    assert client.get(f"/api/drafts/{private.pk}").status_code == 404
    assert client.get("/api/drafts").json()["total"] == 0
    assert submitted.pk in client.get("/portal/reviews").content.decode()
    page = client.get(f"/portal/reviews/{submitted.pk}")
    assert page.status_code == 200
    assert "Raises <strong>all prices</strong>." in page.content.decode()


@pytest.mark.parametrize("who", ["guest", "stranger"])
@pytest.mark.parametrize(
    ("verdict", "body", "end"),
    [
        ("approve", {}, "approved"),
        ("reject", {"comment": "No."}, "rejected"),
        ("request-changes", {"comment": "Less."}, "editing"),
    ],
)
def test_a_guest_decides(cast, drafts, who, verdict, body, end):
    submitted, _private = drafts

    response = post(cast.client(who), f"/api/drafts/{submitted.pk}/{verdict}", **body)

    assert (response.status_code, response.json()["status"]) == (200, end)
    with scope(tenant_id=cast.tenant.pk, user_id="user_eddie"):
        assert Draft.objects.get(pk=submitted.pk).status == end
        assert Event.objects.filter(kind="review.verdict").get().actor_id == f"user_{who}"
        assert ReviewEntry.objects.get().state != "open"
        assert Notice.objects.filter(user_id="user_eddie", kind="review.verdict").count() == 1


def test_a_guest_decides_on_the_page_and_speaks_there(cast, drafts):
    submitted, _private = drafts
    client = cast.client("guest")

    said = client.post(f"/portal/reviews/{submitted.pk}/comment", {"comment": "Why?"}, follow=True)
    assert "Why?" in said.content.decode()
    refused = client.post(f"/portal/reviews/{submitted.pk}/reject", {"comment": ""})
    assert refused.status_code == 422
    done = client.post(
        f"/portal/reviews/{submitted.pk}/approve",
        {"revision": "1", "comment": "Fine."},
        follow=True,
    )
    assert done.status_code == 200
    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.get(pk=submitted.pk).status == "approved"


@pytest.mark.parametrize("move", ["submit", "withdraw", "reopen", "convert", "preview"])
def test_a_guest_does_nothing_that_is_the_authors(cast, drafts, move):
    submitted, _private = drafts

    response = post(cast.client("stranger"), f"/api/drafts/{submitted.pk}/{move}")

    assert response.status_code == 403
    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.get(pk=submitted.pk).status == "pending_review"


def test_a_guest_takes_the_approval_back(cast, drafts):
    submitted, _private = drafts
    client = cast.client("guest")
    post(client, f"/api/drafts/{submitted.pk}/approve")

    response = post(client, f"/api/drafts/{submitted.pk}/take-back")

    assert (response.status_code, response.json()["status"]) == (200, "pending_review")


def counted(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


VISIBLE = {
    "workflow_drafts": 1,
    "drafts_revision": 1,
    "workflow_plans": 1,
    "workflow_planned_changes": 5,
    "councils_reviewround": 1,
    "councils_roundseat": 1,
    "councils_reviewentry": 1,
    "drafts_contributor": 1,
}
HIDDEN = (
    "stores_product",
    "stores_variant",
    "tenants_membership",
    "workflows",
    "drafts_draftshare",
    "notifications_notice",
)


def test_the_database_shows_a_guest_the_rows_of_that_draft_alone(cast, drafts):
    submitted, _private = drafts
    guest = {"user_id": "user_guest", "council_ids": (COUNCIL,)}

    with scope(tenant_id=cast.tenant.pk, draft_id=submitted.pk, **guest):
        assert {table: counted(table) for table in VISIBLE} == VISIBLE
        assert {table: counted(table) for table in HIDDEN} == dict.fromkeys(HIDDEN, 0)
    with scope(**guest):
        assert counted("councils_reviewentry") == 1
        assert counted("workflow_drafts") == 0
    with scope(user_id="user_guest"):
        assert counted("councils_reviewentry") == 0


def test_a_guest_writes_into_no_other_draft(cast, drafts):
    submitted, private = drafts

    with (
        scope(
            tenant_id=cast.tenant.pk,
            draft_id=submitted.pk,
            user_id="user_guest",
            council_ids=(COUNCIL,),
        ),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE workflow_drafts SET purpose = 'x' WHERE id = %s", [private.pk])
        assert cursor.rowcount == 0
        cursor.execute(
            "UPDATE drafts_contributor SET since = now() WHERE draft_id = %s", [private.pk]
        )
        assert cursor.rowcount == 0


def test_once_converted_only_those_who_judged_still_see_it(cast, drafts):
    submitted, _private = drafts
    post(cast.client("guest"), f"/api/drafts/{submitted.pk}/approve")
    converted = post(
        cast.client("eddie"), f"/api/drafts/{submitted.pk}/convert", auto_execute=False
    )
    assert converted.status_code == 201

    assert cast.client("guest").get(f"/api/drafts/{submitted.pk}").status_code == 200
    hidden = cast.client("stranger").get(f"/api/drafts/{submitted.pk}")
    nothing = cast.client("stranger").get("/api/drafts/draft_00000000000000000000000000")
    assert (hidden.status_code, hidden.content) == (404, nothing.content)


def test_whoever_leaves_the_council_loses_the_queue(cast, drafts):
    submitted, _private = drafts
    services.keep_shared_council(
        council_id=COUNCIL, name="Media", seats={"Brand": ["user_stranger"]}
    )

    client = cast.client("guest")
    assert client.get("/api/reviews").json()["total"] == 0
    assert client.get(f"/api/drafts/{submitted.pk}").status_code == 404
    assert post(client, f"/api/drafts/{submitted.pk}/approve").status_code == 404


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_a_guests_decision_sent_twice_with_one_key_is_one_decision(cast, drafts, who):
    submitted, _private = drafts
    client = cast.client(who)

    answers = [
        client.post(
            f"/api/drafts/{submitted.pk}/approve",
            {"comment": "Fine."},
            content_type="application/json",
            headers={"Idempotency-Key": "once"},
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[1]["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_a_guest_approves_a_part(cast, drafts, who):
    submitted, _private = drafts

    response = post(
        cast.client(who), f"/api/drafts/{submitted.pk}/approve", revision=1, without=[1, 2]
    )

    assert response.status_code == 200
    with scope(tenant_id=cast.tenant.pk):
        draft = Draft.objects.select_related("plan").get(pk=submitted.pk)
        assert (draft.status, draft.plan.change_count) == ("approved", 3)
        assert stored_fingerprint(draft.plan) == draft.approvals.get().fingerprint
