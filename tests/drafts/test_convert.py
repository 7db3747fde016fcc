"""Only what was approved runs, and only while the approval lasts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Conflict, Invalid
from drafts import services
from drafts.models import Approval
from tests.drafts.conftest import facts_of
from workflows.models import PlannedChange, Workflow


def convert(cast, draft, **wanted):
    return services.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"), **wanted)


def test_an_expired_approval_does_not_convert(cast, draft, bring, time_machine):
    before = facts_of(bring(draft, "approved"))
    time_machine.move_to(timezone.now() + timedelta(days=15))

    with pytest.raises(Conflict):
        convert(cast, draft)

    assert facts_of(draft) == before
    assert Workflow.objects.count() == 0


def test_a_plan_whose_rows_were_tampered_with_does_not_convert(cast, draft, bring):
    before = facts_of(bring(draft, "approved"))
    PlannedChange.objects.filter(plan_id=draft.plan_id, position=1).update(after="0.01")

    with pytest.raises(Conflict):
        convert(cast, draft)

    assert facts_of(draft) == before
    assert Workflow.objects.count() == 0


def test_without_auto_execute_the_run_waits_for_its_start(cast, draft, bring):
    bring(draft, "approved")

    _draft, workflow, made = convert(cast, draft, auto_execute=False)

    assert (made, workflow.due_at, workflow.status) == (True, None, "pending")


def test_a_run_can_be_given_a_time(cast, draft, bring):
    bring(draft, "approved")
    at = timezone.now() + timedelta(hours=3)

    _draft, workflow, _made = convert(cast, draft, run_at=at)

    assert workflow.due_at == at


@pytest.mark.parametrize(
    "wanted",
    [
        {"run_at": timezone.now() - timedelta(minutes=1)},
        {"run_at": timezone.now() + timedelta(hours=1), "auto_execute": False},
    ],
)
def test_a_time_that_makes_no_sense_is_refused(cast, draft, bring, wanted):
    before = facts_of(bring(draft, "approved"))

    with pytest.raises(Invalid) as refused:
        convert(cast, draft, **wanted)

    assert list(refused.value.fields) == ["run_at"]
    assert facts_of(draft) == before


def test_the_sweep_takes_an_overdue_approval_back_into_editing(cast, draft, bring, time_machine):
    bring(draft, "approved")

    assert services.expire_approval(draft_id=draft.pk) is False
    time_machine.move_to(timezone.now() + timedelta(days=14, minutes=1))
    assert services.expire_approval(draft_id=draft.pk) is True
    assert services.expire_approval(draft_id=draft.pk) is False

    assert facts_of(draft)["status"] == "editing"
    assert Approval.objects.get(draft=draft).voided_why == "expired"
