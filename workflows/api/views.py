"""Runs and workflow types for programs."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import Nothing, check_acting, read
from core.api.views import endpoint
from core.errors import Invalid, NotFound
from workflows import queries, services
from workflows.api import serializers
from workflows.document import (
    change_document,
    detailed_document,
    type_document,
    workflow_document,
)
from workflows.downloads import artifact_response
from workflows.models import Workflow
from workflows.states import RunState
from workflows.types import registry

FILTERS = ("draft_id", "status", "workflow_type_id", "user_id")
MOVED = {200: serializers.WorkflowDetailOut, **refusals(403, 404, 409, 422)}


@extend_schema(
    methods=["GET"],
    operation_id="workflows_list",
    parameters=[OpenApiParameter(name, str) for name in ("tenant_id", *FILTERS)] + PAGING,
    responses={200: page_of("workflows", serializers.WorkflowOut), **refusals(403, 422)},
)
@extend_schema(
    methods=["POST"],
    operation_id="workflows_run_directly",
    request=serializers.DirectRunIn,
    responses={201: serializers.WorkflowDetailOut, **refusals(403, 422)},
)
@endpoint(["GET", "POST"])
def workflows(request):
    """The tenant's runs, newest first; a POST runs without a draft, where that is allowed."""
    if request.method == "POST":
        asked = read(serializers.DirectRunIn, request)
        run = services.run_directly(actor=request.actor, **asked)
        return Response(detailed_document(run), status=201)
    check_acting(request.actor, request.GET.get("tenant_id"), None)
    asked = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    _check_one_of("status", asked.get("status", ""), RunState.values)
    return listing(
        request,
        queries.visible_to(request.actor).filter(queries.matching(**asked)),
        key="workflows",
        shape=workflow_document,
    )


@extend_schema(responses={200: serializers.WorkflowDetailOut, **refusals(404)})
@endpoint(["GET"])
def workflow(request, workflow_id: str):
    """One run with its plan's summary."""
    return Response(detailed_document(_run(request, workflow_id)))


@extend_schema(
    operation_id="workflows_changes",
    parameters=[
        OpenApiParameter("result", str, enum=list(queries.RESULT_FILTERS)),
        OpenApiParameter("q", str, description="Words in the label, a SKU or a target's id"),
        *PAGING,
    ],
    responses={200: page_of("changes", serializers.RunChangeOut), **refusals(404, 422)},
)
@endpoint(["GET"])
def changes(request, workflow_id: str):
    """Every planned change with what became of it, in the order they are applied."""
    run = _run(request, workflow_id)
    result, text = request.GET.get("result", ""), request.GET.get("q", "")
    _check_one_of("result", result, list(queries.RESULT_FILTERS))
    return listing(
        request,
        queries.changes_of_run(run, result=result, text=text),
        key="changes",
        shape=change_document,
        order=("position",),
        total=None if text else (lambda: queries.result_counts(run).get(result, run.total)),
    )


@extend_schema(
    responses={
        (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY),
        **refusals(404),
    }
)
@endpoint(["GET"])
def artifact(request, workflow_id: str, name: str):
    """A file of the run's plan, as a download."""
    return artifact_response(_run(request, workflow_id).plan, name)


@extend_schema(request=Nothing, responses=MOVED)
@endpoint(["POST"])
def start(request, workflow_id: str):
    """Start a waiting run now."""
    return _moved(request, workflow_id, services.start_workflow)


@extend_schema(request=Nothing, responses=MOVED)
@endpoint(["POST"])
def cancel(request, workflow_id: str):
    """A waiting run never starts; a running one stops after its present chunk."""
    return _moved(request, workflow_id, services.cancel_workflow)


@extend_schema(request=Nothing, responses=MOVED)
@endpoint(["POST"])
def undo(request, workflow_id: str):
    """Put back what the run changed; what people edited since is kept and listed."""
    return _moved(request, workflow_id, services.undo_workflow)


@extend_schema(
    operation_id="workflow_types_list",
    responses={200: page_of("workflow_types", serializers.WorkflowTypeOut), **refusals()},
)
@endpoint(["GET"])
def workflow_types(request):
    """Every kind of automation, with the JSON Schema of its inputs."""
    kinds, records = registry.all(), _records(request)
    return Response(
        {
            "workflow_types": [
                type_document(kind, records.get(kind.id, queries.TypeRecord())) for kind in kinds
            ],
            "total": len(kinds),
            "limit": len(kinds),
            "offset": 0,
            "next": None,
        }
    )


@extend_schema(responses={200: serializers.WorkflowTypeOut, **refusals(404)})
@endpoint(["GET"])
def workflow_type(request, type_id: str):
    """One kind of automation."""
    kind = registry.find(type_id)
    if kind is None:
        raise NotFound
    return Response(type_document(kind, _records(request).get(kind.id, queries.TypeRecord())))


def _records(request) -> dict[str, queries.TypeRecord]:
    """Of the actor's tenant; somebody who belongs to none has none."""
    return queries.type_records() if request.actor.tenant_id else {}


def _run(request, workflow_id: str) -> Workflow:
    return queries.run_for(request.actor, workflow_id)


def _moved(request, workflow_id: str, service) -> Response:
    read(Nothing, request)
    _run(request, workflow_id)
    service(workflow_id=workflow_id, actor=request.actor)
    return Response(detailed_document(_run(request, workflow_id)))


def _check_one_of(name: str, value: str, known: list[str]) -> None:
    if value and value not in known:
        raise Invalid({name: [_("One of: {names}.").format(names=", ".join(known))]})
