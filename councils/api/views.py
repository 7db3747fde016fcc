"""Submitting and deciding for programs; the moves of a draft that are its council's business."""

from collections.abc import Mapping
from functools import partial

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import Nothing, check_acting, read
from core.api.views import endpoint
from core.errors import Invalid
from councils import queries, services
from councils.api import serializers
from councils.document import entry_document, round_document, verdict_document
from councils.states import Decision
from drafts.document import detailed_document, etag_of
from drafts.opening import on_draft, require_match
from drafts.queries import draft_for
from drafts.services import may

PARTS = ("without", "matching", "keeping")
QUEUES = {
    "mine": queries.your_turn,
    "others": queries.waiting_on_others,
    "scheduled": queries.scheduled,
    "done": queries.done,
}


@extend_schema(request=serializers.SubmitIn, responses=dict)
@endpoint(["POST"])
@on_draft
def submit(request, draft):
    """Into review. A body is optional; so is ``council_id``, as the rules route otherwise."""
    wanted = read(serializers.SubmitIn, request)
    require_match(request, draft)
    services.submit_draft(draft_id=draft.pk, actor=request.actor, **wanted)
    return answer(request, draft.pk)


@extend_schema(request=Nothing, responses=dict)
@endpoint(["POST"])
@on_draft
def withdraw(request, draft):
    read(Nothing, request)
    require_match(request, draft)
    services.withdraw_draft(draft_id=draft.pk, actor=request.actor)
    return answer(request, draft.pk)


@extend_schema(
    summary="Approve a draft, whole or in part",
    request=serializers.ApproveIn,
    responses=dict,
    examples=[
        OpenApiExample(
            "The whole revision", {"revision": 2, "comment": "Good."}, request_only=True
        ),
        OpenApiExample(
            "Without two changes and a group",
            {"revision": 2, "without": [3, 17], "matching": [{"group": "up"}], "keeping": [5]},
            request_only=True,
        ),
    ],
)
@endpoint(["POST"], write="review")
@on_draft
def approve(request, draft):
    """A yes to the revision read; the one that fills the last seat approves the draft.

    With changes left out it is a yes to the rest, as the draft's next revision: verdicts of
    others are void and their seats asked again.
    """
    wanted = read(serializers.ApproveIn, request)
    parts = {name: wanted[name] for name in PARTS if wanted.get(name)}
    if not parts:
        return _decide(request, draft, Decision.APPROVE, wanted)
    require_match(request, draft)
    services.approve_part(
        draft_id=draft.pk,
        revision_number=wanted.get("revision"),
        actor=request.actor,
        comment=wanted.get("comment", ""),
        **parts,
    )
    return answer(request, draft.pk)


@extend_schema(request=serializers.VerdictIn, responses=dict)
@endpoint(["POST"], write="review")
@on_draft
def reject(request, draft):
    """A no, with its reason in ``comment``."""
    return _decide(request, draft, Decision.REJECT)


@extend_schema(request=serializers.VerdictIn, responses=dict)
@endpoint(["POST"], write="review")
@on_draft
def request_changes(request, draft):
    """Back to the author, with what should change in ``comment``."""
    return _decide(request, draft, Decision.REQUEST_CHANGES)


@extend_schema(request=serializers.TakeBackIn, responses=dict)
@endpoint(["POST"], write="review")
@on_draft
def take_back(request, draft):
    """One's own approval, until the draft is converted."""
    wanted = read(serializers.TakeBackIn, request)
    require_match(request, draft)
    services.take_back(draft_id=draft.pk, actor=request.actor, **wanted)
    return answer(request, draft.pk)


@extend_schema(
    parameters=[
        OpenApiParameter("queue", str, enum=list(QUEUES)),
        OpenApiParameter("council_id", str),
        OpenApiParameter("limit", int),
        OpenApiParameter("offset", int),
        OpenApiParameter("cursor", str),
    ],
    responses=serializers.ReviewPage,
)
@endpoint(["GET"])
def reviews(request):
    """The queue: ``mine`` waits for the asker, ``others`` for somebody else; default: all open."""
    rows = _queue(request)
    if request.GET.get("council_id"):
        rows = rows.filter(council_id=request.GET["council_id"])
    shape = partial(entry_document, actor=request.actor)
    return listing(request, rows, key="reviews", shape=shape, order=("opened_at", "id"))


def answer(request, draft_id: str) -> Response:
    """The draft as it is now, and the review it is in."""
    draft = draft_for(request.actor, draft_id)
    round_ = queries.latest_round(draft)
    given = queries.standing_verdicts(round_) if round_ else []
    body = detailed_document(draft, may(draft, actor=request.actor))
    body["review"] = {
        "state": round_.state if round_ else None,
        "council_id": round_.council_id if round_ else None,
        "revision": round_.revision_number if round_ else None,
        "routed_by": round_.routed_by if round_ else "",
        **(round_document(round_) if round_ else {}),
        "verdicts": [verdict_document(verdict) for verdict in given],
    }
    response = Response(body)
    response["ETag"] = etag_of(draft)
    return response


def _decide(request, draft, verdict: str, said: Mapping | None = None) -> Response:
    said = read(serializers.VerdictIn, request) if said is None else said
    require_match(request, draft)
    services.decide(
        draft_id=draft.pk,
        verdict=verdict,
        actor=request.actor,
        comment=said.get("comment", ""),
        revision_number=said.get("revision"),
    )
    return answer(request, draft.pk)


def _queue(request):
    check_acting(request.actor, request.GET.get("tenant_id"), None)
    name = request.GET.get("queue", "")
    if not name:
        return queries.entries_for(request.actor).filter(state="open")
    if name not in QUEUES:
        raise Invalid({"queue": [f"One of: {', '.join(QUEUES)}."]})
    return QUEUES[name](request.actor)
