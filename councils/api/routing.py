"""The routing's test bench and the policy's history for programs."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import read
from core.api.views import endpoint
from core.errors import Invalid, NotFound
from councils import queries, services
from councils.api import serializers
from councils.document import facts_document, policy_document, trial_document
from councils.models import PolicyVersion
from councils.policy import differences
from drafts.queries import draft_for


@extend_schema(
    summary="Try the routing on a draft or on facts",
    request=serializers.BenchIn,
    responses=serializers.BenchOut,
    examples=[
        OpenApiExample(
            "Facts", value={"workflow_type_id": "pricing.dynamic_pricing", "risk": 70, "items": 12}
        )
    ],
)
@endpoint(["POST"], write="read")
def bench(request):
    """Each rule in order with why it fires or why it does not. Nothing is submitted."""
    if not request.actor.tenant_id:
        raise NotFound
    asked = read(serializers.BenchIn, request)
    if asked.get("draft_id"):
        return Response(_of_draft(draft_for(request.actor, asked["draft_id"])))
    if not asked.get("workflow_type_id"):
        raise Invalid({"workflow_type_id": ["Name a draft or a workflow type."]})
    facts = services.typed_facts(asked, request._request.tenant.currency)
    return Response(_answer(facts, "" if _fires(facts) else services.NO_RULE, []))


@extend_schema(
    summary="List who changed what in how this shop reviews",
    parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
    responses=serializers.PolicyPage,
    examples=[
        OpenApiExample(
            "One change",
            value={
                "policies": [
                    {
                        "number": 2,
                        "made_by": "Olivia Owner",
                        "at": "2026-11-23T09:00:00Z",
                        "changes": ["Trading, Finance: Ron was seated."],
                    }
                ],
                "total": 1,
                "limit": 50,
                "offset": 0,
                "next": None,
            },
            response_only=True,
        )
    ],
)
@endpoint(["GET"])
def policies(request):
    """Newest first, each change as a sentence."""
    if not request.actor.tenant_id:
        raise NotFound
    return listing(request, queries.policies(), key="policies", shape=_shown, order=("-number",))


def _shown(version: PolicyVersion) -> dict[str, object]:
    before = queries.policy(version.number - 1)
    return policy_document(
        version, differences(before.document if before else {}, version.document)
    )


def _of_draft(draft) -> dict[str, object]:
    facts = services.facts_of(draft)
    try:
        route = services.route_of(draft)
    except services.Unreviewable as refused:
        return _answer(facts, str(refused.detail), [])
    seats = [
        {
            "name": one.seat.name,
            "needed": one.seat.needed,
            "stage": one.stage,
            "council_id": one.council.pk,
        }
        for one in route.seats
    ]
    return _answer(facts, "", seats)


def _fires(facts) -> bool:
    return any(trial.fires for trial in services.trials(facts))


def _answer(facts, problem: str, seats: list) -> dict[str, object]:
    return {
        "facts": facts_document(facts),
        "rules": [trial_document(trial) for trial in services.trials(facts)],
        "problem": str(problem),
        "seats": seats,
    }
