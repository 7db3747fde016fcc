"""A successor for a run that met a shop which had moved."""

import pytest

from core.errors import Conflict, NotAllowed
from drafts import services
from drafts.models import Contributor, Draft
from tests.drafts.conftest import facts_of, kinds_of, reviewer
from workflows.models import Workflow


@pytest.fixture
def run(draft, bring) -> Workflow:
    bring(draft, "converted")
    return Workflow.objects.get()


def stop(run):
    """As the engine leaves a run that found the shop changed."""
    for state in ("running", "stopped_by_drift"):
        Workflow.objects.filter(pk=run.pk).update(status=state)


def test_the_successor_is_a_draft_in_editing_of_the_same_inputs(cast, draft, run):
    stop(run)
    before = facts_of(draft)

    made = services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))

    assert (made.status, made.inputs, made.name) == ("editing", draft.inputs, draft.name)
    assert made.replanned_from_workflow_id == run.pk
    assert kinds_of(made) == ["draft.created"]
    assert facts_of(draft) == before


def test_asked_twice_it_is_the_same_draft(cast, run):
    stop(run)
    first = services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))
    second = services.replan_draft(workflow_id=run.pk, actor=cast.actor("olivia"))

    assert first.pk == second.pk


def test_whoever_wrote_in_the_old_one_may_not_judge_the_new_one(cast, draft, run):
    stop(run)

    made = services.replan_draft(workflow_id=run.pk, actor=cast.actor("olivia"))

    wrote = Contributor.objects.filter(draft=made).values_list("user_id", flat=True)
    assert set(wrote) == {"user_eddie", "user_olivia"}


def test_a_run_that_waits_is_not_planned_again(cast, run):
    with pytest.raises(Conflict):
        services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("eddie", 201), ("olivia", 201), ("bob", 403), ("vera", 403), ("stranger", 404)],
)
def test_who_may_plan_again(cast, run, who, status):
    stop(run)

    response = cast.client(who).post(
        f"/api/workflows/{run.pk}/replan", {}, content_type="application/json"
    )

    assert response.status_code == status
    assert Draft.objects.count() == (2 if status == 201 else 1)


def test_a_reviewer_does_not_plan_again(cast, run, council):
    stop(run)
    with pytest.raises(NotAllowed):
        services.replan_draft(workflow_id=run.pk, actor=reviewer(cast, "rita", council))
