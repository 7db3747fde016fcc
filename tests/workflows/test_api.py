"""The API of runs and types: who sees what, the exact answers, and the moves."""

import json

import pytest

from core.scope import scope
from stores.models import Variant
from tenants.models import Tenant
from tests.workflows.conftest import prices
from workflows import services
from workflows.models import Workflow

FIELDS = {
    "id",
    "tenant_id",
    "workflow_type_id",
    "draft_id",
    "name",
    "status",
    "inputs",
    "created_by_user_id",
    "created_by_agent",
    "progress",
    "fidelity",
    "started_at",
    "finished_at",
    "created_at",
}


@pytest.fixture
def run(shop, run_of):
    return run_of(auto_execute=False)


@pytest.fixture
def done(shop, run_of, work):
    return work(run_of())


def get(cast, who: str, path: str, **query):
    return cast.client(who).get(f"/api/{path}", query)


def post(cast, who: str, path: str, body: dict | None = None):
    return cast.client(who).post(
        f"/api/{path}", json.dumps(body or {}), content_type="application/json"
    )


@pytest.mark.parametrize("who", ["olivia", "adam", "eddie", "bob", "vera"])
def test_every_member_sees_a_run(cast, run, who):
    answer = get(cast, who, f"workflows/{run.pk}")

    assert answer.status_code == 200
    assert set(answer.json()) >= FIELDS
    assert answer.json()["progress"] == {"done": 0, "total": 5}
    assert answer.json()["created_by_agent"] == "draft_converter"


@pytest.mark.parametrize("who", ["stranger", "guest"])
@pytest.mark.parametrize("path", ["", "/changes", "/artifacts/prices.csv"])
def test_a_strangers_answer_is_that_of_nothing(cast, run, who, path):
    foreign = get(cast, who, f"workflows/{run.pk}{path}")
    nothing = get(cast, who, f"workflows/workflow_nobody{path}")

    assert (foreign.status_code, foreign.content) == (404, nothing.content)


@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_a_strangers_list_is_empty(cast, run, who):
    assert get(cast, who, "workflows").json() == {
        "workflows": [],
        "total": 0,
        "limit": 50,
        "offset": 0,
        "next": None,
    }


def test_the_list_filters_and_pages(cast, shop, run_of, plan_of):
    runs = [run_of(plan_of(posts=n), auto_execute=False) for n in range(3)]

    first = get(cast, "vera", "workflows", limit=2).json()
    rest = get(cast, "vera", "workflows", limit=2, cursor=first["next"]).json()

    assert [row["id"] for row in first["workflows"] + rest["workflows"]] == [
        run.pk for run in reversed(runs)
    ]
    assert (first["total"], rest["next"]) == (3, None)
    for query, count in (
        ({"status": "pending"}, 3),
        ({"status": "running"}, 0),
        ({"workflow_type_id": "test.raise_prices"}, 3),
        ({"user_id": "user_eddie"}, 3),
        ({"user_id": "user_bob"}, 0),
        ({"draft_id": "draft_x"}, 0),
    ):
        assert get(cast, "vera", "workflows", **query).json()["total"] == count


@pytest.mark.parametrize(
    ("query", "status"),
    [({"status": "finished"}, 422), ({"cursor": "x"}, 422), ({"tenant_id": "tenant_other"}, 403)],
)
def test_a_wrong_filter_is_refused(cast, run, query, status):
    assert get(cast, "vera", "workflows", **query).status_code == status


def test_changes_come_with_their_results(cast, shop, run_of, work):
    planned = run_of()
    Variant.objects.filter(sku="SKU-3").update(price="12.34")
    run = work(planned)

    changes = get(cast, "vera", f"workflows/{run.pk}/changes").json()
    moved = get(cast, "vera", f"workflows/{run.pk}/changes", result="moved").json()

    assert changes["total"] == 5
    assert [change["position"] for change in changes["changes"]] == [1, 2, 3, 4, 5]
    assert moved["total"] == 1
    assert moved["changes"][0]["drift"] == {
        "outcome": "moved",
        "why": "drifted",
        "reason": "",
        "found": "12.34",
    }
    assert moved["changes"][0]["result"] is None


def test_changes_can_be_searched_and_paged(cast, done):
    found = get(cast, "vera", f"workflows/{done.pk}/changes", q="SKU-2").json()
    page = get(cast, "vera", f"workflows/{done.pk}/changes", limit=2).json()
    following = get(
        cast, "vera", f"workflows/{done.pk}/changes", limit=2, cursor=page["next"]
    ).json()

    assert [change["note"]["sku"] for change in found["changes"]] == ["SKU-2"]
    assert [change["position"] for change in following["changes"]] == [3, 4]
    assert following["changes"][0]["result"] == {
        "outcome": "applied",
        "why": "",
        "reason": "",
        "found": None,
    }


def test_a_file_is_a_download_and_nothing_else(cast, done):
    answer = get(cast, "vera", f"workflows/{done.pk}/artifacts/prices.csv")

    assert b"".join(answer.streaming_content) == b"row 0\nrow 1\nrow 2\n"
    assert answer["Content-Disposition"] == 'attachment; filename="prices.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert get(cast, "vera", f"workflows/{done.pk}/artifacts/other.csv").status_code == 404


def test_start_cancel_and_undo(cast, shop, run_of, work, plan_of):
    run = run_of(auto_execute=False)
    assert post(cast, "eddie", f"workflows/{run.pk}/start").status_code == 200
    assert work(run).status == "succeeded"
    assert post(cast, "eddie", f"workflows/{run.pk}/start").status_code == 409
    assert post(cast, "eddie", f"workflows/{run.pk}/cancel").status_code == 409

    undone = post(cast, "eddie", f"workflows/{run.pk}/undo", {"user_id": "user_eddie"})

    assert (undone.status_code, undone.json()["status"]) == (200, "undoing")
    assert work(run).status == "undone"


@pytest.mark.parametrize("move", ["start", "cancel", "undo"])
@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        ("vera", {}, 403),
        ("bob", {}, 403),
        ("stranger", {}, 404),
        ("guest", {}, 404),
        ("eddie", {"user_id": "user_olivia"}, 403),
        ("eddie", {"status": "succeeded"}, 422),
    ],
)
def test_a_refused_move_moves_nothing(cast, run, move, who, body, status):
    assert post(cast, who, f"workflows/{run.pk}/{move}", body).status_code == status

    with scope(tenant_id=cast.tenant.pk):
        assert Workflow.objects.get(pk=run.pk).status == "pending"
        assert Workflow.objects.get(pk=run.pk).due_at is None


def test_the_types_say_their_inputs(cast):
    answer = get(cast, "vera", "workflow-types").json()
    kind = next(kind for kind in answer["workflow_types"] if kind["id"] == "test.raise_prices")

    assert answer["total"] == len(answer["workflow_types"])
    assert kind["family"] == "test"
    assert kind["inputs_schema"]["properties"]["add"]["title"] == "Add"
    assert get(cast, "vera", "workflow-types/test.raise_prices").json() == kind
    assert get(cast, "vera", "workflow-types/test.other").status_code == 404


def direct(cast, who: str, **body):
    wanted = {"workflow_type_id": "test.raise_prices", "name": "Now", "inputs": {"add": "2"}}
    return post(cast, who, "workflows", wanted | body)


def test_direct_runs_are_off_until_the_owner_allows_them(cast, shop):
    assert direct(cast, "olivia").status_code == 403
    assert Workflow.objects.count() == 0


def test_a_direct_run_where_it_is_allowed(cast, shop, work):
    Tenant.objects.filter(pk=cast.tenant.pk).update(allows_direct_runs=True)

    made = direct(cast, "eddie")

    assert made.status_code == 201
    assert made.json()["created_by_agent"] == "direct"
    with scope(tenant_id=cast.tenant.pk):
        services.run_workflow(tenant_id=cast.tenant.pk, workflow_id=made.json()["id"])
        assert prices() == ["12.00", "13.00", "14.00", "15.00", "16.00"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"inputs": {"add": "x"}}, 422),
        ({"inputs": {"add": "0"}}, 422),
        ({"workflow_type_id": "no.such"}, 422),
        ({"status": "succeeded"}, 422),
        ({"tenant_id": "tenant_other"}, 403),
    ],
)
def test_a_wrong_direct_run_makes_nothing(cast, shop, body, status):
    Tenant.objects.filter(pk=cast.tenant.pk).update(allows_direct_runs=True)

    assert direct(cast, "eddie", **body).status_code == status
    assert Workflow.objects.count() == 0


def test_a_viewer_may_not_run_directly(cast, shop):
    Tenant.objects.filter(pk=cast.tenant.pk).update(allows_direct_runs=True)

    assert direct(cast, "vera").status_code == 403
