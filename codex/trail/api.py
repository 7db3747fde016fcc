"""The audit trail for programs; owners and admins only."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from codex.trail import export
from codex.trail.asking import NEWEST, asked_by, events, require_auditor
from core.api.listing import listing
from core.api.schema import PAGING, page_of, refusals
from core.api.views import endpoint
from core.audit.documents import event_document
from core.errors import Invalid

FILTERS = [
    OpenApiParameter("kind", str, description="`draft.approved`, or a family: `draft`"),
    OpenApiParameter("actor_id", str, description="A person's id, or `system:…`"),
    OpenApiParameter("subject_type", str),
    OpenApiParameter("subject_id", str, description="One object's timeline"),
    OpenApiParameter("draft_id", str, description="A draft's whole story"),
    OpenApiParameter("since", str, description="First day, as 2026-11-01"),
    OpenApiParameter("until", str, description="Last day, included"),
]


class AuditEventOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    kind = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.CharField()
    draft_id = serializers.CharField(allow_blank=True)
    actor_id = serializers.CharField()
    actor_label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    data = serializers.JSONField()  # type: ignore[assignment]  # the name clients expect
    request_id = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


EXAMPLE = {
    "id": "event_01kbeh4x8q6w1t2n3m4p5r6s7v",
    "tenant_id": "tenant_demo",
    "kind": "draft.approved",
    "subject_type": "drafts.draft",
    "subject_id": "draft_01kbeh4x8q6w1t2n3m4p5r6s7v",
    "draft_id": "draft_01kbeh4x8q6w1t2n3m4p5r6s7v",
    "actor_id": "user_rita",
    "actor_label": "Rita Sandhu",
    "before": "pending_review",
    "after": "approved",
    "data": {"revision": 1},
    "request_id": "5f1c2d3e",
    "at": "2026-11-23T09:12:00.123456Z",
}
PAGE = {"events": [EXAMPLE], "total": 1, "limit": 50, "offset": 0, "next": None}


@extend_schema(
    operation_id="audit_list",
    summary="What happened in the shop, newest first",
    parameters=[*PAGING, *FILTERS],
    responses={200: page_of("events", AuditEventOut), **refusals(403, 404, 422)},
    examples=[OpenApiExample("One approval", value=PAGE, response_only=True)],
)
@endpoint(["GET"])
def audit(request):
    require_auditor(request)
    rows = events(asked_by(request))
    return listing(request, rows, key="events", shape=event_document, order=NEWEST)


@extend_schema(
    summary="The same as a file, all of it",
    parameters=[
        OpenApiParameter("file", str, enum=list(export.FORMATS), description="csv or jsonl"),
        *FILTERS,
    ],
    responses={
        (200, "text/csv"): OpenApiTypes.BINARY,
        (200, "application/x-ndjson"): OpenApiTypes.BINARY,
        **refusals(403, 404, 422),
    },
)
@endpoint(["GET"])
def audit_export(request):
    require_auditor(request)
    wanted = request.GET.get("file", "csv")
    if wanted not in export.FORMATS:
        raise Invalid({"file": [_("One of: {words}.").format(words="csv, jsonl")]})
    asked = asked_by(request)
    return export.csv_response(asked) if wanted == "csv" else export.jsonl_response(asked)


@extend_schema(
    summary="The whole trail with its seals, for checking offline",
    responses={(200, "application/x-ndjson"): OpenApiTypes.BINARY, **refusals(403, 404)},
)
@endpoint(["GET"])
def audit_bundle(request):
    require_auditor(request)
    return export.bundle_response(request.actor.tenant_id)
