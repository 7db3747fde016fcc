"""A person's notices and what they want of them, over the API."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, refusals
from core.api.serializers import Nothing
from core.api.serializers import read as body_of
from core.api.views import endpoint
from core.errors import Invalid
from notifications import queries, services
from notifications.api import examples, serializers
from notifications.document import preferences_document
from notifications.states import Group


@extend_schema(
    summary="Your notices, newest first",
    parameters=[
        *PAGING,
        OpenApiParameter("unread", bool, description="Only those not read yet"),
        OpenApiParameter("group", str, enum=Group.values),
    ],
    responses={200: serializers.NoticePage, **refusals(422)},
    examples=[examples.NOTICES],
)
@endpoint(["GET"])
def notices(request):
    rows = queries.inbox(request.actor.user_id)
    group = request.GET.get("group", "")
    if group and group not in Group.values:
        raise Invalid({"group": [f"One of {', '.join(Group.values)}."]})
    if group:
        rows = rows.filter(group=group)
    if request.GET.get("unread") == "true":
        rows = rows.filter(read_at__isnull=True)
    return listing(request, rows, key="notifications", shape=serializers.NoticeOut)


@extend_schema(
    summary="Mark a notice as read",
    request=None,
    responses={200: serializers.NoticeOut, **refusals(404)},
)
@endpoint(["POST"])
def read(request, notice_id: str):
    notice = services.read_notice(actor=request.actor, notice_id=notice_id)
    return Response(serializers.NoticeOut(notice).data)


@extend_schema(
    operation_id="notifications_read_all",
    summary="Mark all your notices as read",
    request=Nothing,
    responses={200: serializers.ReadAllOut, **refusals(422)},
    examples=[OpenApiExample("Three were new", value={"read": 3}, response_only=True)],
)
@endpoint(["POST"])
def read_all(request):
    body_of(Nothing, request)
    return Response({"read": services.read_all_notices(actor=request.actor)})


@extend_schema(
    methods=["GET"],
    summary="What comes to your inbox and what by mail",
    responses={200: serializers.PreferencesOut, **refusals()},
    examples=[examples.WISHES_OUT],
)
@extend_schema(
    methods=["PATCH"],
    summary="Choose what comes to your inbox and what by mail",
    request=serializers.PreferencesIn,
    responses={200: serializers.PreferencesOut, **refusals(403, 422)},
    examples=[examples.WISHES_IN, examples.WISHES_OUT],
)
@endpoint(["GET", "PATCH"])
def preferences(request):
    user_id = request.actor.user_id
    if request.method == "PATCH":
        said = body_of(serializers.PreferencesIn, request)
        services.set_preferences(actor=request.actor, wishes=said.get("groups", {}))
        if "digest" in said:
            services.set_digest_time(actor=request.actor, **said["digest"])
    return Response(
        preferences_document(queries.preferences(user_id), queries.digest_time(user_id))
    )
