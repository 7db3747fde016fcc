"""What belongs to a draft: its plan and changes, revisions, events, comments, shares."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import Nothing, read
from core.api.views import endpoint
from core.errors import NotAllowed, NotFound
from drafts import queries, services
from drafts.api import serializers
from drafts.document import (
    change_document,
    comment_document,
    event_document,
    plan_document,
    revision_document,
    share_document,
)
from drafts.models import Draft, DraftShare
from drafts.opening import on_draft
from drafts.states import PreviewState


@extend_schema(responses={200: serializers.PlanOut})
@endpoint(["GET"])
@on_draft
def plan(request, found: Draft):
    """The plan; 202 while a worker makes it, 404 when none was asked for."""
    if found.preview_state:
        failed = found.preview_state == PreviewState.FAILED
        body = {"preview_state": found.preview_state, "problem": found.preview_problem}
        response = Response(body, status=200 if failed else 202)
        if not failed:
            response["Retry-After"] = "1"
        return response
    if found.plan is None:
        raise NotFound
    return Response(plan_document(found.plan))


@extend_schema(responses=serializers.ChangePage)
@endpoint(["GET"])
@on_draft
def changes(request, found: Draft):
    rows, total = queries.changes_of(
        found, text=request.GET.get("q", ""), group=request.GET.get("group", "")
    )
    return listing(
        request, rows, key="changes", shape=change_document, order=("position",), total=total
    )


@extend_schema(responses=serializers.RevisionPage)
@endpoint(["GET"])
@on_draft
def revisions(request, found: Draft):
    return listing(
        request,
        queries.revisions(found),
        key="revisions",
        shape=revision_document,
        order=("-number",),
    )


@extend_schema(responses=serializers.EventPage)
@endpoint(["GET"])
@on_draft
def events(request, found: Draft):
    rows = queries.events(found)
    return listing(request, rows, key="events", shape=event_document, order=("-at", "-id"))


@extend_schema(methods=["GET"], summary="What was said", responses=serializers.CommentPage)
@extend_schema(
    methods=["POST"],
    summary="Say something",
    request=serializers.CommentIn,
    responses={201: serializers.CommentOut},
    examples=[
        OpenApiExample(
            "On one planned change, calling somebody",
            value={"text": "@Olivia is this margin wanted?", "planned_change_id": 4711},
            request_only=True,
        ),
        OpenApiExample(
            "A reply",
            value={"text": "Yes, until Sunday.", "parent_id": "comment_01jd8x0000000000000000"},
            request_only=True,
        ),
    ],
)
@endpoint(["GET", "POST"])
@on_draft
def comments(request, found: Draft):
    if request.method == "POST":
        said = read(serializers.CommentIn, request)
        made = services.comment(draft_id=found.pk, actor=request.actor, **said)
        return Response(comment_document(made), status=201)
    rows = queries.comments(found)
    return listing(
        request, rows, key="comments", shape=comment_document, order=("created_at", "id")
    )


@extend_schema(
    summary="Who can be mentioned",
    responses=serializers.PeopleOut,
    examples=[
        OpenApiExample(
            "Two people",
            value={"people": [{"user_id": "user_demo", "name": "Eddie Okafor"}]},
            response_only=True,
        )
    ],
)
@endpoint(["GET"])
@on_draft
def people(request, found: Draft):
    """Those who may see the draft, by name; nobody else can be told of a comment on it."""
    known = queries.mentionable(found, request.actor)
    shown = sorted((str(user), user_id) for user_id, user in known.items())
    return Response({"people": [{"user_id": key, "name": name} for name, key in shown]})


@extend_schema(summary="Resolve a thread", request=Nothing, responses=serializers.CommentOut)
@endpoint(["POST"])
@on_draft
def resolve(request, found: Draft, comment_id: str):
    read(Nothing, request)
    made = services.resolve_comment(draft_id=found.pk, comment_id=comment_id, actor=request.actor)
    return Response(comment_document(made))


@extend_schema(summary="Open a thread again", request=Nothing, responses=serializers.CommentOut)
@endpoint(["POST"])
@on_draft
def reopen_comment(request, found: Draft, comment_id: str):
    read(Nothing, request)
    made = services.reopen_comment(draft_id=found.pk, comment_id=comment_id, actor=request.actor)
    return Response(comment_document(made))


@extend_schema(methods=["GET"], responses=dict)
@extend_schema(methods=["POST"], request=serializers.ShareIn, responses={200: dict})
@endpoint(["GET", "POST"])
@on_draft
def share(request, found: Draft):
    if request.method == "POST":
        wanted = read(serializers.ShareIn, request)
        made = services.share_draft(draft_id=found.pk, actor=request.actor, **wanted)
        return Response(share_document(made))
    if not request.actor.has_perm("drafts.share_draft", found):
        raise NotAllowed(_("Only those who may share a draft see with whom it is shared."))
    rows = DraftShare.objects.filter(draft=found)
    return listing(request, rows, key="shares", shape=share_document, order=("created_at", "id"))


@extend_schema(responses={204: None})
@endpoint(["DELETE"])
@on_draft
def unshare(request, found: Draft, user_id: str):
    services.unshare_draft(draft_id=found.pk, user_id=user_id, actor=request.actor)
    return Response(status=204)
