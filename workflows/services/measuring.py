"""What the engine finds out about any plan by itself: impact, risk, duration, breached limits."""

from collections.abc import Iterable
from typing import Any

from stores import queries as stores
from tenants.models import Tenant
from workflows import queries, restraints
from workflows.models import Plan
from workflows.planning.extent import STORED, extent_of
from workflows.planning.impact import Record, impact_document, own_reasons, risk_document
from workflows.planning.limits import breaches
from workflows.types import registry
from workflows.types.base import RiskReason, WorkflowType


def measured(
    plan: Plan, kind: WorkflowType, own: Iterable[RiskReason], *, relation: str = STORED
) -> dict[str, Any]:
    """The parts of ``plan.summary`` that no type says of itself.

    ``own`` are the type's reasons; ``relation`` the changes, the stored ones unless the plan is
    only being made.
    """
    tenant = Tenant.objects.get(pk=plan.tenant_id)
    day = stores.today(plan.tenant_id)
    extent = extent_of(plan.tenant_id, day, relation=relation, params={"plan": plan.pk})
    impact = impact_document(extent, tenant.currency)
    record = Record(queries.type_fidelity(kind.id)["fidelity"])
    return {
        "impact": impact,
        "risk": risk_document(kind.risk, extent, own, record),
        "estimate": queries.estimate(kind.id, plan.change_count),
        "limits": breaches(impact, restraints.limits_of(kind.family), tenant.currency),
    }


def measure_again(plan: Plan) -> dict[str, Any]:
    """For a plan whose rows became others than its summary was written for, such as a part of
    one: the same parts, reckoned on the stored rows. The type's own reasons stay."""
    kind = registry.get(plan.workflow_type_id)
    return measured(plan, kind, own_reasons(plan.summary["risk"]))
