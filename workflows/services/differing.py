"""The delta of two plans, computed once and kept."""

from typing import Any

from django.db import IntegrityError, transaction

from workflows.models import Plan, PlanDelta
from workflows.planning.difference import keep_rows, moved_value
from workflows.presentation import money_fields
from workflows.states import Difference


def keep_delta(*, earlier: Plan, plan: Plan) -> PlanDelta:
    """What differs between the two; asked again, the same. Both have to be stored plans.

    Whoever may read the later plan's draft may read it, also where the earlier one is another
    draft's: it is what that draft's approval or revision was about.
    """
    present = PlanDelta.objects.filter(earlier=earlier, plan=plan).first()
    if present is not None:
        return present
    try:
        with transaction.atomic():
            return _made(earlier, plan)
    except IntegrityError:
        return PlanDelta.objects.get(earlier=earlier, plan=plan)


def _made(earlier: Plan, plan: Plan) -> PlanDelta:
    delta = PlanDelta.objects.create(
        tenant_id=plan.tenant_id,
        earlier=earlier,
        plan=plan,
        draft_id=plan.draft_id,
        counts={},
        totals=_totals(earlier, plan),
    )
    found = keep_rows(delta)
    kept = sum(found.get(kind, 0) for kind in ("added", "after", "before"))
    counts = {kind: found.get(kind, 0) for kind in Difference.values}
    delta.counts = counts | {"same": plan.change_count - kept}
    delta.save(update_fields=["counts"])
    delta.refresh_from_db(fields=["computed_at"])
    return delta


def _totals(earlier: Plan, plan: Plan) -> dict[str, Any]:
    """Pairs of then and now, as text: how many changes, money moved, money at risk."""
    fields = money_fields()
    return {
        "items": [str(earlier.change_count), str(plan.change_count)],
        "value": [moved_value(earlier, fields), moved_value(plan, fields)],
        "money_at_risk": [_at_risk(earlier), _at_risk(plan)],
    }


def _at_risk(plan: Plan) -> str | None:
    money = (plan.summary.get("impact") or {}).get("money_at_risk") or {}
    amount = money.get("amount")
    return None if amount is None else str(amount)
