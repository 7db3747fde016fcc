"""What has to be looked at before a high-risk draft can be approved."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from core.api.serializers import read
from core.api.views import endpoint
from councils import services
from councils.api import serializers
from councils.document import attention_document
from drafts.opening import on_draft

EXAMPLE = OpenApiExample(
    "Two of which one is open",
    value={
        "items": [
            {
                "item": "reason:1",
                "title": "6 prices end below a margin of 15%",
                "rows": 0,
                "opened_at": "2026-11-23T14:05:11Z",
            },
            {"item": "row:17", "title": "Robin mug, Price", "rows": 1, "opened_at": None},
        ],
        "total": 2,
        "opened": 1,
    },
    response_only=True,
)


@extend_schema(
    summary="Red items of the plan in review",
    responses=serializers.RedItemsOut,
    examples=[EXAMPLE],
)
@endpoint(["GET"])
@on_draft
def red_items(request, draft):
    """Empty for a draft that is not of high risk. ``opened_at`` is the asker's own."""
    return Response(attention_document(services.attention_of(draft, actor=request.actor)))


@extend_schema(
    summary="Say that you opened red items",
    request=serializers.OpenedIn,
    responses=serializers.RedItemsOut,
    examples=[
        OpenApiExample("Open two", value={"items": ["reason:1", "row:17"]}, request_only=True),
        EXAMPLE,
    ],
)
@endpoint(["POST"], write="review")
@on_draft
def opened(request, draft):
    """For this plan alone: a new revision has to be opened anew. Answers what is left."""
    wanted = read(serializers.OpenedIn, request)
    found = services.open_items(draft_id=draft.pk, items=wanted["items"], actor=request.actor)
    return Response(attention_document(found))
