"""What happened to templates, for programs: versions, approvals in advance, switches, speed."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import page
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import Nothing, read
from core.api.views import endpoint
from core.errors import Invalid, NotAllowed
from templates_catalog import queries, services
from templates_catalog.api import examples, serializers
from templates_catalog.document import standing_document, version_diff, version_document
from templates_catalog.opening import visible
from templates_catalog.queries.speed import Took

AGAINST = OpenApiParameter("against", int, description="Another version; the one before by default")


@extend_schema(
    summary="Every version of a template, the newest first",
    operation_id="template_versions",
    parameters=PAGING,
    examples=[examples.VERSIONS],
    responses={200: page_of("versions", serializers.VersionOut), **refusals(404)},
)
@endpoint(["GET"])
def versions(request, template_id: str):
    rows = queries.versions(visible(request, template_id))
    return page(
        request,
        rows,
        key="versions",
        shapes=lambda found: [version_document(one) for one in found],
        order=("-number", "-id"),
    )


@extend_schema(
    summary="One version, with what it says otherwise than another",
    operation_id="template_version_diff",
    parameters=[AGAINST],
    examples=[examples.DIFF],
    responses={200: serializers.VersionDiff, **refusals(404, 422)},
)
@endpoint(["GET"])
def version(request, template_id: str, number: int):
    found = visible(request, template_id)
    asked = request.GET.get("against") or str(number - 1)
    if not asked.isdigit():
        raise Invalid({"against": ["A version number."]})
    before = queries.version(found, int(asked)) if int(asked) else None
    wanted = queries.version(found, number)
    return Response(version_diff(wanted, before, request.actor.tenant_id))


@extend_schema(
    summary="Live approvals in advance of your councils, the next to end first",
    operation_id="standing_approvals_list",
    parameters=PAGING,
    examples=[examples.STANDING],
    responses={200: page_of("standing_approvals", serializers.StandingOut), **refusals(403)},
)
@endpoint(["GET"])
def standing(request):
    rows = queries.standing_of_councils(request.actor.council_ids)
    return page(
        request,
        rows,
        key="standing_approvals",
        shapes=lambda found: [standing_document(one) for one in found],
        order=("until", "id"),
    )


@extend_schema(
    summary="Let somebody run at once again after a spike",
    request=Nothing,
    responses={204: None, **refusals(403, 404)},
)
@endpoint(["POST"], write="review")
def lift(request, template_id: str, block_id: str):
    read(Nothing, request)
    visible(request, template_id)
    services.lift_block(block_id=block_id, actor=request.actor)
    return Response(status=204)


@extend_schema(
    methods=["GET"],
    summary="How instant run works in this shop",
    examples=[examples.SWITCHES],
    responses={200: serializers.SwitchesOut, **refusals(403)},
)
@extend_schema(
    methods=["PATCH"],
    summary="Change how instant run works in this shop",
    request=serializers.SwitchesIn,
    examples=[examples.SWITCHES],
    responses={200: serializers.SwitchesOut, **refusals(403, 422)},
)
@endpoint(["GET", "PATCH"])
def switches(request):
    if not request.actor.tenant_id:
        raise NotAllowed(perm="templates.view_switches")
    if request.method == "PATCH":
        services.change_switches(actor=request.actor, **read(serializers.SwitchesIn, request))
    present = queries.switches()
    return Response(
        {
            "asks_to_confirm": present.asks_to_confirm,
            "clean_runs_needed": present.clean_runs_needed,
        }
    )


@extend_schema(
    summary="From the click to the first change: instant runs against the reviewed way",
    operation_id="templates_speed",
    examples=[examples.SPEED],
    responses={200: serializers.SpeedOut, **refusals(403)},
)
@endpoint(["GET"])
def speed(request):
    if not request.actor.tenant_id:
        raise NotAllowed(perm="templates.view_template")
    found = queries.click_to_first_change()
    return Response(
        {
            "instant": _took(found.instant),
            "reviewed": _took(found.reviewed),
            "saved": found.saved,
            "reaches_goal": found.reaches_goal,
        }
    )


def _took(took: Took) -> dict[str, object]:
    return {
        "runs": took.runs,
        "median_seconds": took.median.total_seconds() if took.median else None,
        "most_seconds": took.most.total_seconds() if took.most else None,
    }
