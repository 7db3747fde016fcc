"""The draft on the shop as it will be."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import Nothing, read
from core.api.views import endpoint
from core.errors import NotFound
from drafts import queries, services
from drafts.api import serializers
from drafts.document import change_document, foresight_document
from drafts.models import Draft
from drafts.opening import on_draft
from workflows import queries as workflow_queries

FORESIGHT = {
    "draft_id": "draft_01j…",
    "asked_at": "2026-11-23T17:05:00Z",
    "is_computing": False,
    "problem": "",
    "hidden": 0,
    "steps": [
        {
            "name": "Autumn prices",
            "draft_id": "draft_01h…",
            "workflow_id": "workflow_01h…",
            "due_at": "2026-11-24T06:00:00+00:00",
            "approved_at": "2026-11-22T10:00:00+00:00",
            "plan_id": "plan_01h…",
            "changes": 44,
            "outcome": "runs",
            "applied": 44,
            "moved": 0,
        }
    ],
    "plan": {"id": "plan_01k…", "change_count": 12, "is_what_if": True, "summary": {}},
}


@extend_schema(
    methods=["GET"],
    summary="Read what was foreseen",
    responses=serializers.ForesightOut,
    examples=[OpenApiExample("After one scheduled run", FORESIGHT, response_only=True)],
)
@extend_schema(
    methods=["POST"],
    summary="Foresee: plan as if all that is approved or due had run",
    request=Nothing,
    responses={200: serializers.ForesightOut, 202: serializers.ForesightOut},
    examples=[OpenApiExample("No body", {}, request_only=True)],
)
@endpoint(["GET", "POST"])
@on_draft
def foresight(request, found: Draft):
    """Nothing of the shop is changed, and the plan is a what-if: it cannot be submitted or run.

    Earlier plans are played in the order they would run: under way, by due time, then by time of
    approval. A step that ``stops`` would meet a shop that has moved. ``hidden`` counts approved
    drafts the asker may not see; they are left out. 202 while a worker counts in a large shop.
    """
    if request.method == "POST":
        read(Nothing, request)
        services.foresee_draft(draft_id=found.pk, actor=request.actor)
    asked, plan = queries.foresight_of(found, request.actor)
    if asked is None:
        raise NotFound
    response = Response(foresight_document(asked, plan), status=202 if asked.is_computing else 200)
    if asked.is_computing:
        response["Retry-After"] = "1"
    return response


@extend_schema(
    summary="The changes that were foreseen",
    parameters=[
        OpenApiParameter("q", str),
        OpenApiParameter("group", str),
        OpenApiParameter("limit", int),
        OpenApiParameter("offset", int),
        OpenApiParameter("cursor", str),
    ],
    responses=serializers.ChangePage,
)
@endpoint(["GET"])
@on_draft
def changes(request, found: Draft):
    """As ``GET /api/drafts/{id}/changes``, of the what-if; before-values are those foreseen."""
    _asked, plan = queries.foresight_of(found, request.actor)
    if plan is None:
        raise NotFound
    rows = workflow_queries.changes(
        plan, text=request.GET.get("q", ""), group=request.GET.get("group", "")
    )
    return listing(request, rows, key="changes", shape=change_document, order=("position",))
