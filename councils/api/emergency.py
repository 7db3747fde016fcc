"""Claims, assignment, delegation and break-glass for programs."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import Nothing, read
from core.api.views import endpoint
from core.errors import NotFound
from councils import queries, services
from councils.api import serializers
from councils.api.views import answer
from councils.document import after_document, delegation_document
from councils.models import AfterReview
from drafts.opening import on_draft, require_match
from drafts.queries import opened

DELEGATION = {
    "from_user_id": "user_rita",
    "to_user_id": "user_ron",
    "starts_on": "2026-12-21",
    "ends_on": "2027-01-03",
    "reason": "On holiday",
}


@extend_schema(summary="Say that you are looking at a review", request=Nothing, responses=dict)
@endpoint(["POST"], write="review")
@on_draft
def claim(request, draft):
    """Others see it until it runs out; it keeps nobody from deciding. 409 while another has it."""
    read(Nothing, request)
    services.claim_review(draft_id=draft.pk, actor=request.actor)
    return answer(request, draft.pk)


@extend_schema(summary="Let a claimed review go", request=Nothing, responses=dict)
@endpoint(["POST"], write="review")
@on_draft
def release(request, draft):
    read(Nothing, request)
    services.release_review(draft_id=draft.pk, actor=request.actor)
    return answer(request, draft.pk)


@extend_schema(
    summary="Give a review to people",
    request=serializers.AssignIn,
    responses=dict,
    examples=[OpenApiExample("One person", value={"user_ids": ["user_rita"]})],
)
@endpoint(["POST"], write="review")
@on_draft
def assign(request, draft):
    """They have to be able to fill every seat; an empty list takes it back."""
    wanted = read(serializers.AssignIn, request)
    services.assign_review(draft_id=draft.pk, actor=request.actor, user_ids=wanted["user_ids"])
    return answer(request, draft.pk)


@extend_schema(
    summary="Approve without a review, in an emergency",
    request=serializers.BreakGlassIn,
    responses=dict,
    examples=[
        OpenApiExample(
            "An error in the prices",
            value={"reason": "Prices are wrong by ten times.", "typed_name": "Mend the prices"},
        )
    ],
)
@endpoint(["POST"])
@on_draft
def break_glass(request, draft):
    """Owners only. ``typed_name`` is the draft's name. Everyone on the council is told at once."""
    wanted = read(serializers.BreakGlassIn, request)
    require_match(request, draft)
    services.break_glass(draft_id=draft.pk, actor=request.actor, **wanted)
    return answer(request, draft.pk)


@extend_schema(
    methods=["GET"],
    operation_id="delegations_list",
    summary="List who decides for whom",
    responses=serializers.DelegationPage,
)
@extend_schema(
    methods=["POST"],
    summary="Lend a say for some days",
    request=serializers.DelegationIn,
    responses={201: serializers.DelegationOut},
    examples=[OpenApiExample("Two weeks", value=DELEGATION, request_only=True)],
)
@endpoint(["GET", "POST"])
def delegations(request):
    if not request.actor.tenant_id:
        raise NotFound
    if request.method == "POST":
        wanted = read(serializers.DelegationIn, request)
        tenant_id = request.actor.tenant_id
        made = services.delegate(tenant_id=tenant_id, actor=request.actor, **wanted)
        return Response(delegation_document(made), status=201)
    rows = queries.delegations()
    order = ("starts_at", "id")
    return listing(request, rows, key="delegations", shape=delegation_document, order=order)


@extend_schema(summary="End a delegation", responses=serializers.DelegationOut)
@endpoint(["DELETE"])
def delegation(request, delegation_id: str):
    if not request.actor.tenant_id:
        raise NotFound
    ended = services.end_delegation(delegation_id=delegation_id, actor=request.actor)
    return Response(delegation_document(ended))


@extend_schema(
    operation_id="after_reviews_list",
    summary="List what was run without approval",
    parameters=[OpenApiParameter("state", str, enum=["open", "right", "not_right"])],
    responses=serializers.AfterPage,
)
@endpoint(["GET"])
def after_reviews(request):
    if not request.actor.tenant_id:
        raise NotFound
    rows = queries.after_reviews()
    if request.GET.get("state"):
        rows = rows.filter(state=request.GET["state"])
    order = ("-opened_at", "-id")
    return listing(request, rows, key="after_reviews", shape=after_document, order=order)


@extend_schema(
    methods=["GET"],
    summary="What others said of a run without approval",
    responses=serializers.AfterOut,
)
@extend_schema(
    methods=["POST"],
    summary="Say whether a run without approval was right",
    request=serializers.AfterIn,
    responses=serializers.AfterOut,
    examples=[
        OpenApiExample(
            "It was", value={"right": True, "text": "Prices were wrong, and it was late."}
        )
    ],
)
@endpoint(["GET", "POST"], write="review")
def after_review(request, draft_id: str):
    """By somebody else of the council; once it is overdue by any other owner or admin as well."""
    with opened(request.actor, draft_id) as draft:
        found = queries.after_review_of(draft)
        if found is None:
            raise NotFound
        if request.method == "POST":
            found = _close(request, found)
        return Response(after_document(found))


def _close(request, found: AfterReview) -> AfterReview:
    wanted = read(serializers.AfterIn, request)
    return services.close_after_review(
        after_id=found.pk, actor=request.actor, right=wanted["right"], text=wanted["text"]
    )
