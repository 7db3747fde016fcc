"""As things will be: which plans come first, what is hidden, and that nobody can submit it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Conflict
from drafts import queries, services
from drafts.models import Draft, Foresight
from drafts.services.foreseeing import compute_foresight
from stores.models import Variant
from tests.drafts.conftest import begin, facts_of
from tests.workflows.test_run import whole_shop
from workflows import services as workflows
from workflows.models import Plan


@pytest.fixture
def approved(cast, bring):
    def approved(name: str, run_in: int | None = None, **inputs) -> Draft:
        draft = bring(begin(cast, name=name, inputs=inputs), "approved")
        if run_in is not None:
            at = timezone.now() + timedelta(hours=run_in)
            services.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"), run_at=at)
        return draft

    return approved


def foresee(cast, draft, who="eddie") -> Plan:
    services.foresee_draft(draft_id=draft.pk, actor=cast.actor(who))
    _asked, plan = queries.foresight_of(draft, cast.actor(who))
    return plan


def told(plan: Plan) -> list[tuple]:
    return [(step["name"], step["outcome"]) for step in plan.what_if["steps"]]


def test_by_due_time_and_then_by_time_of_approval(cast, approved):
    approved("No time, first")
    approved("Late", run_in=48, add="0", tags=["late"])
    approved("Soon", run_in=2, add="0", posts=1)
    approved("No time, second", add="0", tags=["new"])
    mine, before = begin(cast, name="Mine"), whole_shop()

    plan = foresee(cast, mine)

    assert told(plan) == [
        ("Soon", "runs"),
        ("Late", "runs"),
        ("No time, first", "runs"),
        ("No time, second", "stops"),
    ]
    assert whole_shop() == before
    assert facts_of(mine)["plan_id"] is None


def test_a_run_without_a_time_is_not_foreseen(cast, approved):
    waits = approved("Waits")
    services.convert_draft(draft_id=waits.pk, actor=cast.actor("eddie"), auto_execute=False)

    assert told(foresee(cast, begin(cast))) == []


def test_the_numbers_are_those_of_really_running_them(cast, approved):
    first = approved("First", add="0.40")
    mine = begin(cast, name="Mine", inputs={"add": "2.00"})
    services.preview_draft(draft_id=mine.pk, actor=cast.actor("eddie"))
    plan = foresee(cast, mine)
    body = cast.client("eddie").get(f"/api/drafts/{mine.pk}/foresight/changes").json()
    foreseen = [(row["before"], row["after"]) for row in body["changes"]]
    assert foreseen[0] == ("10.40", "12.40")

    _draft, run, _made = services.convert_draft(draft_id=first.pk, actor=cast.actor("eddie"))
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    services.preview_draft(draft_id=mine.pk, actor=cast.actor("eddie"))
    body = cast.client("eddie").get(f"/api/drafts/{mine.pk}/changes").json()

    assert [(row["before"], row["after"]) for row in body["changes"]] == foreseen
    assert str(Variant.objects.order_by("pk").first().price) == "10.40"
    assert plan.summary["counts"]["changes"] == 5


def test_what_is_hidden_is_left_out_and_counted(cast, bring, approved):
    hidden = begin(cast, "olivia", name="Olivia's", inputs={"add": "0.40"})
    from councils import services as councils
    from tests.drafts.conftest import reviewer

    approved("Eddie's", add="0", tags=["new"])
    councils.submit_draft(draft_id=hidden.pk, actor=cast.actor("olivia"))
    council = Draft.objects.get(pk=hidden.pk).assigned_council
    councils.decide(draft_id=hidden.pk, verdict="approve", actor=reviewer(cast, "rita", council))
    mine = begin(cast)

    assert told(foresee(cast, mine)) == [("Eddie's", "runs")]
    assert told(foresee(cast, mine, "olivia")) == [("Eddie's", "runs"), ("Olivia's", "runs")]
    body = cast.client("eddie").get(f"/api/drafts/{mine.pk}/foresight").json()
    assert (body["hidden"], len(body["steps"])) == (1, 1)
    page = cast.client("eddie").get(f"/portal/workflows/drafts/{mine.pk}/future").content.decode()
    assert "1 approved draft you cannot see is left out." in page
    assert "Olivia" not in page.replace("Olivia&#x27;s", "")
    assert Foresight.objects.count() == 2


def test_an_edit_makes_it_a_thing_of_the_past(cast, draft):
    foresee(cast, draft)
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "3.00"})
    draft.refresh_from_db()

    assert queries.foresight_of(draft, cast.actor("eddie")) == (None, None)


def test_nobody_submits_or_runs_a_what_if(cast, council, draft):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    before = facts_of(draft)
    plan = foresee(cast, draft)

    assert facts_of(draft) == before
    with pytest.raises(DatabaseError, match="what-if"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(plan=plan)
    with pytest.raises(Conflict, match="what-if"):
        workflows.create_workflow(
            plan=plan, name="x", inputs={}, draft_id=draft.pk, actor=cast.actor("eddie")
        )
    assert facts_of(draft) == before


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("who", "status"), [("eddie", 200), ("olivia", 200), ("bob", 404), ("vera", 404)]
)
def test_who_may_look_ahead(cast, draft, door, who, status):
    client = cast.client(who)
    if door == "api":
        response = client.post(
            f"/api/drafts/{draft.pk}/foresight", {}, content_type="application/json"
        )
    else:
        response = client.post(f"/portal/workflows/drafts/{draft.pk}/future", follow=True)

    assert response.status_code == status
    assert Foresight.objects.count() == (1 if status == 200 else 0)


def test_a_large_shop_is_counted_by_a_worker(cast, draft, monkeypatch):
    monkeypatch.setattr("drafts.services.foreseeing.INLINE_SHOP", 3)
    client = cast.client("eddie")

    response = client.post(f"/api/drafts/{draft.pk}/foresight", {}, content_type="application/json")
    assert (response.status_code, response.json()["is_computing"]) == (202, True)
    page = client.get(f"/portal/workflows/drafts/{draft.pk}/future").content.decode()
    assert "Working it out." in page

    asked = Foresight.objects.get()
    assert compute_foresight(foresight_id=asked.pk) is True
    assert compute_foresight(foresight_id=asked.pk) is False
    body = client.get(f"/api/drafts/{draft.pk}/foresight").json()
    assert (body["is_computing"], body["plan"]["change_count"]) == (False, 5)


def test_a_fault_is_said(cast, shop, monkeypatch):
    draft = begin(cast, inputs={"fail": "raise"})
    monkeypatch.setattr("drafts.services.foreseeing.INLINE_SHOP", 3)
    services.foresee_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    compute_foresight(foresight_id=Foresight.objects.get().pk)

    assert "stopped with an error" in Foresight.objects.get().problem
    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}/future").content.decode()
    assert "stopped with an error" in page


def test_incomplete_inputs_are_named(cast, shop):
    draft = begin(cast, inputs={"add": "9999"})

    response = cast.client("eddie").post(
        f"/api/drafts/{draft.pk}/foresight", {}, content_type="application/json"
    )

    assert (response.status_code, list(response.json()["errors"])) == (422, ["inputs.add"])
    assert Foresight.objects.count() == 0
