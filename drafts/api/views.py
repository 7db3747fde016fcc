"""Drafts for programs: list, read, write, and the moves that are the draft's own."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import Nothing, check_acting, read
from core.api.views import endpoint
from core.errors import Invalid, NotAllowed
from drafts import queries, services
from drafts.api import serializers
from drafts.document import detailed_document, draft_document, etag_of
from drafts.models import Draft
from drafts.opening import on_draft, require_match
from drafts.states import DraftState
from workflows.document import workflow_document

FILTERS = [
    OpenApiParameter(name, str)
    for name in ("tenant_id", "status", "user_id", "workflow_type_id", "q", "cursor")
] + [OpenApiParameter(name, int) for name in ("limit", "offset")]


@extend_schema(
    methods=["GET"],
    operation_id="drafts_list",
    parameters=FILTERS,
    responses=serializers.DraftPage,
)
@extend_schema(
    methods=["POST"], request=serializers.DraftIn, responses={201: serializers.DraftDetail}
)
@endpoint(["GET", "POST"])
def drafts(request):
    if request.method == "POST":
        return _create(request)
    return listing(request, _filtered(request), key="drafts", shape=draft_document)


@extend_schema(methods=["GET"], responses=serializers.DraftDetail)
@extend_schema(methods=["PATCH"], request=serializers.DraftEdit, responses=serializers.DraftDetail)
@extend_schema(methods=["DELETE"], responses=serializers.DraftDetail)
@endpoint(["GET", "PATCH", "DELETE"])
@on_draft
def draft(request, found: Draft):
    if request.method == "GET":
        return answer(request, found)
    require_match(request, found)
    if request.method == "DELETE":
        services.discard_draft(draft_id=found.pk, actor=request.actor)
    else:
        written = read(serializers.DraftEdit, request)
        services.edit_draft(draft_id=found.pk, actor=request.actor, **written)
    return answer(request, found)


@extend_schema(
    request=Nothing,
    responses={200: serializers.DraftDetail, 202: serializers.DraftDetail},
)
@endpoint(["POST"])
@on_draft
def preview(request, found: Draft):
    """The plan of the inputs as they stand; 202 while a worker makes a large one."""
    read(Nothing, request)
    require_match(request, found)
    previewed = services.preview_draft(draft_id=found.pk, actor=request.actor)
    response = answer(request, found, status=202 if previewed.preview_state else 200)
    if previewed.preview_state:
        response["Location"] = f"/api/drafts/{found.pk}/plan"
        response["Retry-After"] = "1"
    return response


@extend_schema(request=Nothing, responses=serializers.DraftDetail)
@endpoint(["POST"])
@on_draft
def reopen(request, found: Draft):
    read(Nothing, request)
    require_match(request, found)
    services.reopen_draft(draft_id=found.pk, actor=request.actor)
    return answer(request, found)


@extend_schema(request=serializers.ConvertIn, responses={201: serializers.Converted})
@endpoint(["POST"])
@on_draft
def convert(request, found: Draft):
    """One workflow, however often it is asked for: 201 the first time, 200 afterwards."""
    wanted = read(serializers.ConvertIn, request)
    require_match(request, found)
    _converted, workflow, made = services.convert_draft(
        draft_id=found.pk, actor=request.actor, **wanted
    )
    fresh = queries.draft_for(request.actor, found.pk)
    body = {"draft": draft_document(fresh), "workflow": workflow_document(workflow)}
    return Response(body, status=201 if made else 200)


@extend_schema(request=Nothing, responses={201: serializers.DraftDetail})
@endpoint(["POST"])
def replan(request, workflow_id: str):
    """A successor draft of a run, in editing, to be planned on the shop as it is now."""
    read(Nothing, request)
    made = services.replan_draft(workflow_id=workflow_id, actor=request.actor)
    return answer(request, made, status=201)


def answer(request, found: Draft, *, status: int = 200) -> Response:
    """The draft as it is now, with its ETag."""
    fresh = queries.draft_for(request.actor, found.pk)
    moves = services.may(fresh, actor=request.actor)
    response = Response(detailed_document(fresh, moves), status=status)
    response["ETag"] = etag_of(fresh)
    return response


def _create(request) -> Response:
    written = read(serializers.DraftIn, request)
    if not request.actor.tenant_id:
        raise NotAllowed(perm="drafts.create_draft")
    made = services.create_draft(tenant_id=request.actor.tenant_id, actor=request.actor, **written)
    response = answer(request, made, status=201)
    response["Location"] = f"/api/drafts/{made.pk}"
    return response


def _filtered(request):
    asked = request.GET
    check_acting(request.actor, asked.get("tenant_id"), None)
    status = asked.get("status", "")
    if status and status not in DraftState.values:
        raise Invalid({"status": [f"One of: {', '.join(DraftState.values)}."]})
    rows = queries.listed_for(request.actor, status=status).select_related("plan")
    if asked.get("user_id"):
        rows = rows.filter(created_by_id=asked["user_id"])
    if asked.get("workflow_type_id"):
        rows = rows.filter(workflow_type_id=asked["workflow_type_id"])
    return queries.searched(rows, asked.get("q", "")) if asked.get("q") else rows
