"""Proposals for programs."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import Nothing, check_acting, read
from core.api.views import endpoint
from core.errors import Invalid
from drafts.document import draft_document
from proposals import services
from proposals.api.serializers import AcceptedOut, DismissIn, ProposalOut, SnoozeIn
from proposals.document import proposal_document
from proposals.models import Proposal
from proposals.opening import on_proposal, require_member
from proposals.states import Priority, ProposalState

FILTERS = [
    OpenApiParameter("tenant_id", str, required=True),
    OpenApiParameter("status", str, enum=ProposalState.values),
    OpenApiParameter("priority", str, enum=Priority.values),
    *PAGING,
]


@extend_schema(
    operation_id="proposals_list",
    summary="Proposals, newest first; expired ones only when asked for",
    parameters=FILTERS,
    responses={200: page_of("proposals", ProposalOut), **refusals(403, 422)},
)
@endpoint(["GET"])
def proposals(request):
    if not request.GET.get("tenant_id"):
        raise Invalid({"tenant_id": [_("Say for which tenant.")]})
    check_acting(request.actor, request.GET["tenant_id"], None)
    require_member(request)
    return listing(request, _filtered(request), key="proposals", shape=proposal_document)


def _filtered(request):
    rows = Proposal.objects.all()
    status = _one_of(request, "status", ProposalState.values)
    priority = _one_of(request, "priority", Priority.values)
    if priority:
        rows = rows.filter(priority=priority)
    # Its time may be over before the hourly job has said so.
    over = Q(status=ProposalState.PENDING, expires_at__lte=timezone.now())
    if status == ProposalState.EXPIRED:
        return rows.filter(Q(status=status) | over)
    rows = rows.filter(status=status) if status else rows.exclude(status=ProposalState.EXPIRED)
    return rows.exclude(over)


def _one_of(request, name: str, known: list[str]) -> str:
    value = request.GET.get(name, "")
    if value and value not in known:
        raise Invalid({name: [_("One of: {words}.").format(words=", ".join(known))]})
    return value


@extend_schema(summary="One proposal", responses={200: ProposalOut, **refusals(404)})
@endpoint(["GET"])
@on_proposal
def proposal(request, found: Proposal):
    return Response(proposal_document(found))


@extend_schema(
    summary="Make the draft it suggests",
    request=Nothing,
    responses={201: AcceptedOut, **refusals(403, 404, 409)},
)
@endpoint(["POST"])
@on_proposal
def accept(request, found: Proposal):
    read(Nothing, request)
    accepted, draft = services.accept_proposal(proposal_id=found.pk, actor=request.actor)
    accepted.refresh_from_db()
    answer = {"draft": draft_document(draft), "proposal": proposal_document(accepted)}
    return Response(answer, status=201)


@extend_schema(
    summary="Not wanted: stays away until the evidence is clearly worse",
    request=DismissIn,
    responses={200: ProposalOut, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"])
@on_proposal
def dismiss(request, found: Proposal):
    said = read(DismissIn, request)
    done = services.dismiss_proposal(proposal_id=found.pk, actor=request.actor, **said)
    return _answer(done)


@extend_schema(
    summary="Out of sight for some days",
    request=SnoozeIn,
    responses={200: ProposalOut, **refusals(403, 404, 409, 422)},
)
@endpoint(["POST"])
@on_proposal
def snooze(request, found: Proposal):
    said = read(SnoozeIn, request)
    return _answer(services.snooze_proposal(proposal_id=found.pk, actor=request.actor, **said))


@extend_schema(
    summary="Back to open: what was dismissed or snoozed",
    request=Nothing,
    responses={200: ProposalOut, **refusals(403, 404, 409)},
)
@endpoint(["POST"])
@on_proposal
def restore(request, found: Proposal):
    read(Nothing, request)
    return _answer(services.restore_proposal(proposal_id=found.pk, actor=request.actor))


def _answer(done: Proposal) -> Response:
    done.refresh_from_db()
    return Response(proposal_document(done))
