"""Approving several low-risk drafts with one call; every item has its own result."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from core.api.serializers import read
from core.api.views import endpoint
from councils import services
from councils.api import serializers


@extend_schema(
    summary="Approve several low-risk drafts",
    request=serializers.ApproveManyIn,
    responses=serializers.OutcomesOut,
    examples=[
        OpenApiExample(
            "Two drafts",
            value={
                "items": [
                    {"draft_id": "draft_01jd8x0000000000000001", "revision": 1},
                    {"draft_id": "draft_01jd8x0000000000000002", "revision": 3},
                ],
                "comment": "Read both.",
            },
            request_only=True,
        ),
        OpenApiExample(
            "One of two",
            value={
                "results": [
                    {
                        "draft_id": "draft_01jd8x0000000000000001",
                        "status": "approved",
                        "problem": None,
                    },
                    {
                        "draft_id": "draft_01jd8x0000000000000002",
                        "status": None,
                        "problem": {"status": 409, "code": "stale_revision"},
                    },
                ],
                "approved": 1,
                "refused": 1,
            },
            response_only=True,
        ),
    ],
)
@endpoint(["POST"], write="review")
def approve_many(request):
    """200 with a result per item: the draft's state, or the problem as a single call tells it."""
    wanted = read(serializers.ApproveManyIn, request)
    items = [(item["draft_id"], item["revision"]) for item in wanted["items"]]
    results = services.approve_many(
        items=items, actor=request.actor, comment=wanted.get("comment", "")
    )
    approved = sum(one.problem is None for one in results)
    return Response(
        {
            "results": [
                {"draft_id": one.draft_id, "status": one.state or None, "problem": one.problem}
                for one in results
            ],
            "approved": approved,
            "refused": len(results) - approved,
        }
    )
