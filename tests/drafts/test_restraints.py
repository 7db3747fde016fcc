"""Limits and freezes of the shop at every door of a draft."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.actors import SystemActor
from core.errors import Conflict
from drafts import services
from drafts.models import Approval
from drafts.states import ApprovalKind
from tests.drafts.conftest import DOORS, facts_of, kinds_of, press
from tests.drafts.test_carry_over import allowed, successor  # noqa: F401 -- fixtures
from workflows import queries, restraints
from workflows.models import Workflow
from workflows.services import OutsideLimits, add_freeze, run_workflow, set_limits


@pytest.fixture
def limit(cast):
    """No price may move by more than so many percent; the shop's first would by 10."""

    def limit(percent: int = 5) -> None:
        held = restraints.limit_set("")
        set_limits(
            tenant_id=cast.tenant.pk,
            limits={"max_step_percent": percent},
            number=held.number if held else 0,
            actor=cast.actor("olivia"),
        )

    return limit


@pytest.fixture
def freeze(cast):
    def freeze(days: int = 2) -> datetime:
        """On since an hour ago; the moment it ends."""
        now = timezone.now().replace(second=0, microsecond=0)
        local = now.astimezone(restraints.zone_of(cast.tenant.pk))
        start, end = local - timedelta(hours=1), local + timedelta(days=days)
        add_freeze(
            tenant_id=cast.tenant.pk,
            actor=cast.actor("olivia"),
            name="Black Friday",
            repeats="never",
            starts_on=start.date(),
            starts_at=start.time(),
            ends_on=end.date(),
            ends_at=end.time(),
        )
        return end

    return freeze


@pytest.fixture
def emergency(monkeypatch):
    """Who may break the glass is the councils' business: here everybody may."""
    monkeypatch.setattr("tenants.actors.Person.has_perm", lambda *_asked: True)


TEXT = "Raises prices by up to 10%; your limit is 5%."


@pytest.mark.parametrize("door", DOORS)
def test_a_plan_outside_the_limits_is_not_submitted(cast, council, draft, limit, door):
    limit()
    before, said = facts_of(draft), kinds_of(draft)

    answer = press(cast, "eddie", "submit", draft, door)

    assert answer.status_code == 422
    assert (facts_of(draft), kinds_of(draft)) == (before, said)
    if door == "api":
        problem = answer.json()
        assert problem["code"] == "outside_limits"
        assert problem["errors"] == {"limits": [TEXT]}
        assert problem["limits"] == [
            {"limit": "max_step_percent", "text": TEXT, "allowed": "5.00", "found": "10.00"}
        ]
    else:
        assert TEXT in answer.content.decode()


def test_the_editor_lists_the_breach_before_anybody_submits(cast, council, draft, limit):
    limit()
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}").content.decode()
    plan = cast.client("eddie").get(f"/api/drafts/{draft.pk}/plan").json()

    assert TEXT in page
    assert "Outside the shop" in page
    assert [breach["text"] for breach in plan["summary"]["limits"]] == [TEXT]


def test_inside_the_limits_it_goes_on(cast, council, draft, limit):
    limit(10)

    assert press(cast, "eddie", "submit", draft, "api").status_code == 200


def test_limits_made_narrower_after_the_approval_hold_at_the_run(cast, draft, bring, limit):
    draft = bring(draft, "approved")
    limit()
    before = facts_of(draft)

    answer = press(cast, "eddie", "convert", draft, "api")

    assert (answer.status_code, answer.json()["code"]) == (422, "outside_limits")
    assert facts_of(draft) == before
    assert Workflow.objects.count() == 0


def test_breaking_the_glass_does_not_break_the_limits(cast, council, draft, limit, emergency):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("olivia"))
    limit()
    before = facts_of(draft)

    with pytest.raises(OutsideLimits):
        services.approve_by_break_glass(
            draft_id=draft.pk, reason="The shop is on fire.", actor=cast.actor("olivia")
        )

    assert facts_of(draft) == before
    assert Approval.objects.count() == 0


def test_a_yes_in_advance_does_not_reach_over_the_limits(cast, council, draft, limit):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    limit()
    gate = SystemActor("gate", grants=frozenset({"drafts.approve_by_standing"}))

    with pytest.raises(OutsideLimits):
        services.approve_by_standing(
            draft_id=draft.pk,
            standing_approval_id="standing_1",
            council_id=council.pk,
            until=timezone.now() + timedelta(days=1),
            actor=gate,
        )

    assert Approval.objects.filter(kind=ApprovalKind.STANDING).count() == 0


# -- freezes


def due(workflow: Workflow) -> Workflow:
    run_workflow(tenant_id=workflow.tenant_id, workflow_id=workflow.pk)
    return Workflow.objects.get(pk=workflow.pk)


def test_convert_now_inside_a_freeze_makes_a_run_that_waits(cast, draft, bring, freeze):
    draft = bring(draft, "approved")
    end = freeze()

    answer = press(cast, "eddie", "convert", draft, "api", auto_execute=True)
    run = due(Workflow.objects.get())

    assert answer.status_code in (200, 201)
    assert (run.status, run.held_until) == ("pending", end)
    shown = cast.client("vera").get(f"/api/workflows/{run.pk}").json()
    assert datetime.fromisoformat(shown["held_until"]) == end
    assert datetime.fromisoformat(shown["next_free_slot"]) == end
    page = cast.client("vera").get(run.get_absolute_url()).content.decode()
    assert "Held by the freeze “Black Friday”." in page
    assert "Waits: “Black Friday” is on" in page
    home = cast.client("vera").get("/portal/").content.decode()
    assert "held by a freeze" in home


def test_after_breaking_the_glass_the_run_waits_too(cast, council, draft, freeze, emergency):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("olivia"))
    services.approve_by_break_glass(
        draft_id=draft.pk, reason="The shop is on fire.", actor=cast.actor("olivia")
    )
    end = freeze()
    services.convert_draft(draft_id=draft.pk, actor=cast.actor("olivia"))

    run = due(Workflow.objects.get())

    assert (run.status, run.held_until) == ("pending", end)


def test_a_time_inside_a_freeze_is_refused_and_the_free_one_is_offered(cast, draft, bring, freeze):
    draft = bring(draft, "approved")
    end = freeze()
    before = facts_of(draft)
    inside = (end - timedelta(hours=3)).isoformat()

    answer = press(cast, "eddie", "convert", draft, "api", auto_execute=True, run_at=inside)

    problem = answer.json()
    assert (answer.status_code, list(problem["errors"])) == (422, ["run_at"])
    assert datetime.fromisoformat(problem["next_free_slot"]) == end
    assert facts_of(draft) == before
    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}/schedule")
    local = end.astimezone(restraints.zone_of(cast.tenant.pk))
    assert f'value="{local:%Y-%m-%dT%H:%M}"' in page.content.decode()
    again = press(cast, "eddie", "convert", draft, "api", auto_execute=True, run_at=end.isoformat())
    assert again.status_code in (200, 201)
    assert Workflow.objects.get().due_at == end


def test_the_editor_says_until_when_it_is_frozen(cast, council, draft, freeze):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    freeze()

    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}").content.decode()

    assert "“Black Friday” is on: frozen until" in page


def test_a_freeze_added_later_holds_a_scheduled_run(cast, draft, bring, freeze):
    draft = bring(draft, "approved")
    soon = queries.database_now() + timedelta(minutes=5)
    services.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"), run_at=soon)
    end = freeze()
    Workflow.objects.update(due_at=queries.database_now())

    run = due(Workflow.objects.get())

    assert (run.status, run.held_until) == ("pending", end)


def test_an_approval_is_not_carried_over_past_the_limits(
    cast,
    allowed,  # noqa: F811
    successor,  # noqa: F811
    limit,
):
    draft = successor()
    limit()
    before = facts_of(draft)

    with pytest.raises(Conflict, match="limits"):
        services.approve_by_carry_over(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert facts_of(draft) == before
    assert Approval.objects.filter(kind=ApprovalKind.CARRY_OVER).count() == 0
