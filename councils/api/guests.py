"""Asking somebody from outside what they think of one draft."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from core.api.serializers import read
from core.api.views import endpoint
from core.errors import NotAllowed
from councils import queries, services
from councils.api import serializers
from councils.document import guest_document
from drafts.opening import on_draft

ASKED: dict[str, object] = {
    "id": "guest_01jd8x0000000000000000",
    "email": "anna@printers.example",
    "invited_by_user_id": "user_demo",
    "created_at": "2026-11-23T09:00:00Z",
    "expires_at": "2026-11-30T09:00:00Z",
    "revoked_at": None,
    "is_open": True,
    "advice": [],
}


@extend_schema(
    methods=["GET"],
    summary="Guests of a draft and what they advised",
    responses=serializers.GuestsOut,
    examples=[OpenApiExample("One guest", value={"guests": [ASKED]}, response_only=True)],
)
@extend_schema(
    methods=["POST"],
    summary="Mail somebody a link to this draft",
    request=serializers.GuestIn,
    responses={201: serializers.GuestOut},
    examples=[
        OpenApiExample(
            "For a week", value={"email": "anna@printers.example", "days": 7}, request_only=True
        ),
        OpenApiExample("Asked", value=ASKED, response_only=True),
    ],
)
@endpoint(["GET", "POST"])
@on_draft
def guests(request, draft):
    """The link is good for this draft alone, ends, and goes to the address and to nobody else."""
    if not request.actor.has_perm("councils.invite_guest", draft):
        raise NotAllowed(perm="councils.invite_guest")
    if request.method == "POST":
        wanted = read(serializers.GuestIn, request)
        made = services.invite_guest(draft_id=draft.pk, actor=request.actor, **wanted)
        made.refresh_from_db()
        return Response(guest_document(made), status=201)
    return Response({"guests": [guest_document(one) for one in queries.guests(draft)]})


@extend_schema(summary="Revoke a guest's link", responses={204: None})
@endpoint(["DELETE"])
@on_draft
def guest(request, draft, guest_id: str):
    services.revoke_guest(draft_id=draft.pk, guest_id=guest_id, actor=request.actor)
    return Response(status=204)
