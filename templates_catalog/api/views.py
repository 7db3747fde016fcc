"""The catalog for programs."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.listing import page
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import Nothing, check_acting, read
from core.api.views import endpoint
from core.errors import Invalid
from core.refusals import Tried
from drafts.document import draft_document
from templates_catalog import queries, services
from templates_catalog.api import examples, serializers
from templates_catalog.document import detailed_document, documents
from templates_catalog.opening import require_member, visible
from templates_catalog.services.instant import Instant
from templates_catalog.states import Category
from workflows.document import workflow_document

ORDER = ("-usage_count", "-id")
GUARDED = frozenset(
    {
        "is_pre_approved",
        "is_suspended",
        "standing_approval",
        "approved_by_council_id",
        "usage_count",
        "version",
        "version_id",
        "origin",
        "origin_version",
        "offered_at",
        "retired_at",
        "is_verified",
    }
)
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
    require_member(request)
    if request.method == "GET":
        return page(request, _filtered(request), key="templates", shapes=documents, order=ORDER)
    written = _read_guarded(serializers.TemplateIn, request)
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
        written = _read_guarded(serializers.TemplateEdit, request, found.pk)
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
    examples=[examples.INSTANT],
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
        confirmed=asked["confirmed"],
        clicked_at=clicked,
    )
    return _ran(ran)


@extend_schema(
    summary="Run what an unconfirmed instant run has shown",
    request=serializers.ConfirmRunIn,
    examples=[examples.CONFIRM],
    responses={
        201: serializers.Ran,
        202: serializers.Ran,
        **refusals(403, 404, 409, 422, 429),
    },
)
@endpoint(["POST"])
def confirm(request, template_id: str, draft_id: str):
    """Asked again, the same workflow; 202 when the shop moved or the plan went to review."""
    asked = read(serializers.ConfirmRunIn, request)
    visible(request, template_id)
    ran = services.confirm_instant_run(
        draft_id=draft_id, actor=request.actor, seen=asked.get("seen", "")
    )
    return _ran(ran)


@extend_schema(
    summary="What it would do in this shop, as a plan of no draft",
    request=Nothing,
    examples=[examples.SAMPLE],
    responses={200: serializers.SampleOut, **refusals(403, 404)},
)
@endpoint(["POST"], write="read")
def sample(request, template_id: str):
    read(Nothing, request)
    shown = services.show_sample(template_id=visible(request, template_id).pk, actor=request.actor)
    plan = shown.plan and {
        "id": shown.plan.pk,
        "change_count": shown.plan.change_count,
        "summary": shown.plan.summary,
        "computed_at": shown.plan.computed_at,
    }
    return Response({"plan": plan, "made_up": shown.made_up, "why_not": shown.why_not})


@extend_schema(
    summary="Say yes in advance to the version in force, inside bounds",
    request=serializers.PreApproveIn,
    examples=[examples.PRE_APPROVE],
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"], write="review")
def pre_approve(request, template_id: str):
    asked = read(serializers.PreApproveIn, request)
    services.pre_approve(
        template_id=visible(request, template_id).pk,
        bounds=asked.get("bounds") or {},
        until=asked["until"],
        version_number=asked.get("version"),
        actor=request.actor,
    )
    return Response(detailed_document(queries.template(template_id)))


@extend_schema(
    summary="Take the yes back; runs of it that wait are stopped",
    request=serializers.ReasonIn,
    examples=[examples.REASON],
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"], write="review")
def revoke(request, template_id: str):
    reason = read(serializers.ReasonIn, request)["reason"]
    found = visible(request, template_id)
    services.revoke(template_id=found.pk, reason=reason, actor=request.actor)
    return Response(detailed_document(queries.template(template_id)))


@extend_schema(
    summary="Lift a suspension",
    request=serializers.ReasonIn,
    examples=[examples.REASON],
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"], write="review")
def clear(request, template_id: str):
    reason = read(serializers.ReasonIn, request)["reason"]
    found = visible(request, template_id)
    services.clear_suspension(template_id=found.pk, reason=reason, actor=request.actor)
    return Response(detailed_document(queries.template(template_id)))


@extend_schema(
    summary="Take a template of your own out of the catalog",
    request=serializers.ReasonIn,
    examples=[examples.REASON],
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"])
def retire(request, template_id: str):
    reason = read(serializers.ReasonIn, request)["reason"]
    found = visible(request, template_id)
    services.retire_template(template_id=found.pk, reason=reason, actor=request.actor)
    return Response(detailed_document(queries.template(template_id)))


@extend_schema(
    summary="Make a template of a draft, or of a run that succeeded",
    request=serializers.SaveAsIn,
    examples=[examples.SAVE_AS],
    responses={201: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"])
def save_as(request):
    written = _read_guarded(serializers.SaveAsIn, request)
    made = services.save_as_template(
        actor=request.actor,
        required=written.pop("required_fields", []),
        optional=written.pop("optional_fields", []),
        **written,
    )
    return Response(detailed_document(made), status=201)


def _ran(ran: Instant) -> Response:
    body = {
        "draft": draft_document(ran.draft),
        "workflow": workflow_document(ran.workflow) if ran.workflow else None,
        "outside_bounds": list(ran.outside),
        "moved": ran.moved,
    }
    return Response(body, status=201 if ran.workflow else 202)


def _read_guarded(serializer, request, template_id: str = "") -> dict:
    """Whoever tries to set what only a council or the system may is refused and remembered."""
    try:
        return read(serializer, request)
    except ValidationError as refused:
        data = request.data if isinstance(request.data, dict) else {}
        guarded = sorted(GUARDED & set(data))
        if not guarded:
            raise
        error = Invalid({name: [_("This cannot be set.")] for name in guarded})
        what = f"set {', '.join(guarded)}"
        subject = "templates_catalog.template"
        error.audit = Tried("template.refused", what, subject, template_id)
        raise error from refused


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
