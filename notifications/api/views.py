"""A person's notices over the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, page_of, refusals
from core.api.views import endpoint
from notifications import queries, services


class NoticeOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


@extend_schema(
    summary="Your notices, newest first",
    parameters=[*PAGING, OpenApiParameter("unread", bool)],
    responses={200: page_of("notifications", NoticeOut), **refusals(422)},
)
@endpoint(["GET"])
def notices(request):
    rows = queries.inbox(request.actor.user_id)
    if request.GET.get("unread") == "true":
        rows = rows.filter(read_at__isnull=True)
    return listing(request, rows, key="notifications", shape=NoticeOut)


@extend_schema(
    summary="Mark a notice as read",
    request=None,
    responses={200: NoticeOut, **refusals(404)},
)
@endpoint(["POST"])
def read(request, notice_id: str):
    notice = services.read_notice(actor=request.actor, notice_id=notice_id)
    return Response(NoticeOut(notice).data)
