"""Beside each plan, what differs from the one people saw before it."""

from drafts.models import Draft
from drafts.queries import earlier_plan
from workflows.models import PlanDelta
from workflows.services import keep_delta


def keep_its_delta(draft: Draft) -> PlanDelta | None:
    """Computed when a plan is put on a draft or submitted, so that no page has to."""
    earlier = earlier_plan(draft) if draft.plan else None
    if earlier is None or draft.plan is None or earlier.pk == draft.plan_id:
        return None
    return keep_delta(earlier=earlier, plan=draft.plan)
