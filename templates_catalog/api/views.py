"""The catalog for programs."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import page
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import check_acting, read
from core.api.views import endpoint
from core.errors import Invalid, NotFound
from drafts.document import draft_document
from templates_catalog import queries, services
from templates_catalog.api import serializers
from templates_catalog.document import detailed_document, documents
from templates_catalog.states import Category
from workflows.document import workflow_document

ORDER = ("-usage_count", "-id")
FILTERS = [
    OpenApiParameter("category", str, enum=Category.values),
    OpenApiParameter("workflow_type_id", str),
    OpenApiParameter("is_active", bool, description="false shows retired ones"),
    OpenApiParameter("q", str, description="in name, description and tags"),
    OpenApiParameter("tenant_id", str),
]


@extend_schema(
    methods=["GET"],
    summary="Templates, the most used first",
    operation_id="templates_list",
    parameters=[*PAGING, *FILTERS],
    responses={200: page_of("templates", serializers.TemplateOut), **refusals(422)},
)
@extend_schema(
    methods=["POST"],
    summary="Make a template of your own",
    request=serializers.TemplateIn,
    responses={201: serializers.TemplateDetail, **refusals(403, 422)},
)
@endpoint(["GET", "POST"])
def templates(request):
    if request.method == "GET":
        return page(request, _filtered(request), key="templates", shapes=documents, order=ORDER)
    written = read(serializers.TemplateIn, request)
    made = services.create_template(
        tenant_id=request.actor.tenant_id, actor=request.actor, **written
    )
    return Response(detailed_document(made), status=201)


@extend_schema(
    methods=["GET"],
    summary="One template, with its standing approval",
    responses={200: serializers.TemplateDetail, **refusals(404)},
)
@extend_schema(
    methods=["PATCH"],
    summary="Change a template; its content becomes a new version",
    request=serializers.TemplateEdit,
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 422)},
)
@endpoint(["GET", "PATCH"])
def template(request, template_id: str):
    found = visible(request, template_id)
    if request.method == "PATCH":
        written = read(serializers.TemplateEdit, request)
        found = services.update_template(template_id=found.pk, actor=request.actor, **written)
    return Response(detailed_document(found))


@extend_schema(
    summary="A draft that starts from the template",
    request=serializers.UseIn,
    responses={201: serializers.Used, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"])
def use(request, template_id: str):
    asked = read(serializers.UseIn, request)
    draft, used = services.use_template(
        template_id=visible(request, template_id).pk,
        actor=request.actor,
        inputs=_inputs(asked),
        name=asked.get("name", ""),
        purpose=asked.get("purpose", ""),
    )
    body = {"draft": draft_document(draft), "template": detailed_document(used)}
    return Response(body, status=201)


@extend_schema(
    summary="Draft, approve by the standing approval, run; outside its bounds, review",
    request=serializers.InstantIn,
    responses={
        201: serializers.Ran,
        202: serializers.Ran,
        **refusals(403, 404, 409, 422, 429),
    },
)
@endpoint(["POST"])
def instant_run(request, template_id: str):
    """201 with the workflow; 202 when the plan left the bounds and went to review."""
    clicked = timezone.now()
    asked = read(serializers.InstantIn, request)
    ran = services.instant_run(
        template_id=visible(request, template_id).pk,
        actor=request.actor,
        inputs=_inputs(asked),
        clicked_at=clicked,
    )
    body = {
        "draft": draft_document(ran.draft),
        "workflow": workflow_document(ran.workflow) if ran.workflow else None,
        "outside_bounds": list(ran.outside),
    }
    return Response(body, status=201 if ran.workflow else 202)


@extend_schema(
    summary="Say yes in advance to the version in force, inside bounds",
    request=serializers.PreApproveIn,
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"], write="review")
def pre_approve(request, template_id: str):
    asked = read(serializers.PreApproveIn, request)
    services.pre_approve(
        template_id=template_id,
        bounds=asked.get("bounds") or {},
        until=asked["until"],
        actor=request.actor,
    )
    return Response(detailed_document(queries.template(template_id)))


@extend_schema(
    summary="Take the yes back; runs of it that wait are stopped",
    request=serializers.ReasonIn,
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"], write="review")
def revoke(request, template_id: str):
    reason = read(serializers.ReasonIn, request)["reason"]
    services.revoke(template_id=template_id, reason=reason, actor=request.actor)
    return Response(detailed_document(queries.template(template_id)))


@extend_schema(
    summary="Lift a suspension",
    request=serializers.ReasonIn,
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"], write="review")
def clear(request, template_id: str):
    reason = read(serializers.ReasonIn, request)["reason"]
    services.clear_suspension(template_id=template_id, reason=reason, actor=request.actor)
    return Response(detailed_document(queries.template(template_id)))


def visible(request, template_id: str):
    found = queries.template(template_id)
    if not request.actor.has_perm("templates.view_template", found):
        raise NotFound
    return found


def _inputs(asked: dict) -> dict:
    return {**asked.get("inputs", {}), **asked.get("custom_inputs", {})}


def _filtered(request):
    asked = request.GET
    check_acting(request.actor, asked.get("tenant_id"), None)
    active = asked.get("is_active", "true")
    if active not in ("true", "false"):
        raise Invalid({"is_active": [_("true or false.")]})
    rows = queries.catalog(include_retired=active == "false")
    if active == "false":
        rows = rows.exclude(retired_at=None)
    for name in ("category", "workflow_type_id"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("q"):
        words = asked["q"]
        rows = rows.filter(
            Q(name__icontains=words) | Q(description__icontains=words) | Q(tags__contains=[words])
        )
    return rows
