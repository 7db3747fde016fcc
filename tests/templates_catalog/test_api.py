"""The catalog for programs: versions and diffs, saving, standing approvals, speed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from templates_catalog import queries, services
from templates_catalog.models import Template, TemplateUse
from tests.drafts.conftest import begin
from tests.templates_catalog.conftest import reviewed_run
from workflows.models import Workflow
from workflows.services import run_workflow

API = "/api/templates"


def post(cast, who, path, body=None):
    return cast.client(who).post(f"{API}/{path}", body or {}, content_type="application/json")


def test_versions_and_what_moved_between_them(cast, template):
    services.update_template(
        template_id=template.pk,
        actor=cast.actor("olivia"),
        default_inputs={"add": "2.50"},
        required_fields=["posts"],
    )
    client = cast.client("vera")

    listed = client.get(f"{API}/{template.pk}/versions").json()
    second = client.get(f"{API}/{template.pk}/versions/2").json()
    back = client.get(f"{API}/{template.pk}/versions/1?against=2").json()

    assert [one["number"] for one in listed["versions"]] == [2, 1]
    assert second["against"] == 1
    assert [one["field"] for one in second["differences"]] == [
        "default_inputs.add",
        "required_fields.posts",
    ]
    assert second["differences"][0]["words"].endswith(": 1.00 → 2.50")
    assert back["differences"][0]["words"].endswith(": 2.50 → 1.00")
    assert client.get(f"{API}/{template.pk}/versions/3").status_code == 404
    assert client.get(f"{API}/{template.pk}/versions/1").json()["differences"] == []


def test_a_draft_becomes_a_template(cast, shop):
    draft = begin(cast, inputs={"add": "2.00", "posts": 3})
    body = {"draft_id": draft.pk, "name": "Two up", "required_fields": ["posts"]}

    made = post(cast, "eddie", "save-as", body)

    assert made.status_code == 201
    assert made.json()["default_inputs"] == {"add": "2.00"}
    assert made.json()["required_fields"] == ["posts"]
    assert post(cast, "eddie", "save-as", {"name": "None"}).status_code == 422
    assert post(cast, "stranger", "save-as", body).status_code == 404
    assert Template.objects.count() == 1


def test_an_instant_run_in_two_steps(cast, template, standing):
    planned = post(cast, "eddie", f"{template.pk}/instant-run", {"confirmed": False})
    draft = planned.json()["draft"]
    assert (planned.status_code, planned.json()["workflow"]) == (202, None)

    path = f"{template.pk}/instant-run/{draft['id']}/confirm"
    wrong = post(cast, "eddie", path, {"seen": "another"})
    assert (wrong.status_code, wrong.json()["moved"]) == (202, True)
    done = post(cast, "eddie", path, {"seen": draft["plan"]["fingerprint"]})

    assert (done.status_code, done.json()["workflow"]["draft_id"]) == (201, draft["id"])
    assert Workflow.objects.count() == 1


def test_my_councils_standing_approvals(cast, template, standing):
    mine = cast.client("rita").get(f"{API}/standing").json()
    others = cast.client("vera").get(f"{API}/standing").json()

    assert [one["id"] for one in mine["standing_approvals"]] == [standing.pk]
    assert mine["standing_approvals"][0]["bounds"]["max_items"] == 10
    assert others["total"] == 0


def test_the_switches(cast, shop):
    client = cast.client("olivia")
    assert client.get(f"{API}/switches").json() == {
        "asks_to_confirm": True,
        "clean_runs_needed": 3,
    }

    changed = client.patch(
        f"{API}/switches", {"asks_to_confirm": False}, content_type="application/json"
    )

    assert changed.json()["asks_to_confirm"] is False
    refused = cast.client("eddie").patch(
        f"{API}/switches", {"asks_to_confirm": True}, content_type="application/json"
    )
    assert refused.status_code == 403
    assert queries.asks_to_confirm() is False


def test_a_sample_for_whoever_may_look(cast, template):
    shown = post(cast, "vera", f"{template.pk}/sample").json()

    assert (shown["plan"]["change_count"], shown["made_up"]) == (5, {})
    assert post(cast, "stranger", f"{template.pk}/sample").status_code == 404


def test_the_time_from_the_click_to_the_first_change(cast, council, template, standing):
    """Ten seconds against three hours: the clock starts at the click on either way."""
    assert queries.click_to_first_change().saved is None
    ran = services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    run_workflow(tenant_id=ran.workflow.tenant_id, workflow_id=ran.workflow.pk)
    reviewed = reviewed_run(cast, template, token="by-review")
    now = timezone.now()
    for run, took in ((ran.workflow, timedelta(seconds=10)), (reviewed, timedelta(hours=3))):
        Workflow.objects.filter(pk=run.pk).update(first_change_at=now)
        TemplateUse.objects.filter(draft_id=run.draft_id).update(clicked_at=now - took)

    speed = cast.client("vera").get(f"{API}/speed").json()

    assert speed["instant"] == {"runs": 1, "median_seconds": 10.0, "most_seconds": 10.0}
    assert speed["reviewed"] == {"runs": 1, "median_seconds": 10800.0, "most_seconds": 10800.0}
    assert (round(speed["saved"], 5), speed["reaches_goal"]) == (0.99907, True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "", 403),
        ("post", "", 403),
        ("get", "/template_x", 404),
        ("post", "/template_x/use", 404),
        ("post", "/template_x/instant-run", 404),
        ("post", "/template_x/pre-approve", 422),
        ("post", "/template_x/revoke", 422),
        ("get", "/template_x/versions", 404),
        ("get", "/template_x/export", 404),
        ("get", "/library", 403),
        ("get", "/speed", 403),
        ("get", "/switches", 403),
    ],
)
def test_somebody_of_no_shop_is_told_so(cast, method, path, status):
    answer = getattr(cast.client("guest"), method)(API + path, content_type="application/json")

    assert answer.status_code == status
