"""What differs from the plan people saw before, and carrying their approval over."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import Nothing, read
from core.api.views import endpoint
from core.errors import Invalid, NotAllowed, NotFound
from drafts import queries, services
from drafts.api import serializers
from drafts.api.views import answer
from drafts.clashing import conflicts_of
from drafts.document import (
    carry_over_document,
    conflict_document,
    delta_document,
    difference_document,
    tolerance_document,
)
from drafts.models import Draft
from drafts.opening import on_draft, require_match
from workflows import queries as workflow_queries
from workflows.states import Difference

DELTA = {
    "earlier_plan_id": "plan_01j…",
    "plan_id": "plan_01k…",
    "counts": {"added": 0, "gone": 1, "after": 2, "before": 0, "same": 41},
    "totals": {"items": ["44", "43"], "value": ["120.50", "118.00"], "money_at_risk": [None, None]},
    "carry_over": {"possible": True, "approval_id": "approval_01j…", "conditions": []},
    "changes": [
        {
            "difference": "after",
            "entity": "variant",
            "target_id": "12",
            "label": "Blue mug",
            "field": "price",
            "was_before": "9.00",
            "was_after": "9.50",
            "before": "9.20",
            "after": "9.70",
        }
    ],
    "total": 3,
    "limit": 50,
    "offset": 0,
    "next": None,
}


@extend_schema(
    summary="What differs from the plan people saw before",
    parameters=[
        OpenApiParameter("difference", str, enum=Difference.values),
        OpenApiParameter("field", str, description="entity.field, for example variant.price"),
        OpenApiParameter("q", str, description="part of a label, an SKU, or a target's id"),
        OpenApiParameter("revision", int, description="of that revision; default: as it stands"),
        OpenApiParameter("limit", int),
        OpenApiParameter("offset", int),
        OpenApiParameter("cursor", str),
    ],
    responses=serializers.DeltaPage,
    examples=[OpenApiExample("After a re-plan", DELTA, response_only=True)],
)
@endpoint(["GET"])
@on_draft
def delta(request, found: Draft):
    """Compared with the revision submitted before, or, in a re-planned draft, with the approved
    plan it follows. 404 when there is nothing to compare with. ``carry_over`` says whether that
    plan's approval may stand for this one, with each condition."""
    asked = request.GET
    kept = queries.delta_of(found, revision_number=_revision(asked.get("revision", "")))
    if kept is None:
        raise NotFound
    wanted = asked.get("difference", "")
    if wanted and wanted not in Difference.values:
        raise Invalid({"difference": [f"One of: {', '.join(Difference.values)}."]})
    rows = workflow_queries.delta_rows(
        kept, difference=wanted, field=asked.get("field", ""), text=asked.get("q", "")
    )
    response = listing(request, rows, key="changes", shape=difference_document, order=("place",))
    carry = services.carry_over_of(found)
    response.data = {
        **delta_document(kept),
        "carry_over": carry_over_document(carry) if carry else None,
        **response.data,
    }
    return response


CONFLICTS = {
    "total": 2,
    "conflicts": [
        {
            "with": {
                "draft_id": "draft_01j…",
                "workflow_id": None,
                "name": "Autumn prices",
                "status": "approved",
                "author": "Bob",
                "due_at": None,
            },
            "count": 2,
            "changes": [
                {
                    "position": 1,
                    "entity": "variant",
                    "target_id": "12",
                    "field": "price",
                    "label": "Blue mug",
                    "before": "9.20",
                    "after": "9.70",
                    "other_after": "8.50",
                }
            ],
        }
    ],
}


@extend_schema(
    summary="Drafts and runs that write the same fields",
    responses=serializers.Conflicts,
    examples=[OpenApiExample("One draft, two prices", CONFLICTS, response_only=True)],
)
@endpoint(["GET"])
@on_draft
def conflicts(request, found: Draft):
    """Open drafts with a plan, and runs waiting or under way, that would write what this one
    would. The first twenty fields of each; ``with`` is null for what the asker may not see."""
    met = conflicts_of(found, actor=request.actor)
    return Response(
        {
            "total": sum(one.count for one in met),
            "conflicts": [conflict_document(one) for one in met],
        }
    )


@extend_schema(
    summary="Carry the earlier approval over",
    request=Nothing,
    responses=serializers.DraftDetail,
    examples=[OpenApiExample("No body", {}, request_only=True)],
)
@endpoint(["POST"])
@on_draft
def carry_over(request, found: Draft):
    """Approve a re-planned draft by the approval of the plan it follows. 409 with the first
    condition that does not hold; the tenant's tolerance is off until somebody sets it."""
    read(Nothing, request)
    require_match(request, found)
    services.approve_by_carry_over(draft_id=found.pk, actor=request.actor)
    return answer(request, found)


@extend_schema(
    methods=["GET"],
    summary="Read the tolerance for carrying approvals over",
    responses=serializers.ToleranceOut,
)
@extend_schema(
    methods=["PATCH"],
    summary="Set the tolerance for carrying approvals over",
    request=serializers.ToleranceEdit,
    responses=serializers.ToleranceOut,
    examples=[
        OpenApiExample("On, within 2.5 %", {"is_on": True, "items_percent": "2.50"}),
    ],
)
@endpoint(["GET", "PATCH"])
def tolerance(request):
    """Off by default; owners and admins set it, each change is in the audit."""
    if not request.actor.tenant_id:
        raise NotAllowed(perm="drafts.set_tolerance")
    if request.method == "GET":
        return Response(tolerance_document(queries.tolerance()))
    given = read(serializers.ToleranceEdit, request)
    held = services.set_tolerance(tenant_id=request.actor.tenant_id, actor=request.actor, **given)
    return Response(tolerance_document(held))


def _revision(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid({"revision": ["A whole number."]})
    return int(text)
