"""What the OpenAPI document says of sign-in, lists and problems."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers


class ActorScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.ActorAuthentication"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema):
        token = {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Token codex_…`, from `manage.py issue_token`",
        }
        session = {"type": "apiKey", "in": "cookie", "name": "sessionid"}
        return [token, session]


class Problem(serializers.Serializer):
    """RFC 9457; the same shape for every refusal."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # the name clients expect
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


PAGING = [
    OpenApiParameter("limit", int, description="Rows on a page, 1 to 200 (50)"),
    OpenApiParameter("offset", int, description="Rows to leave out; a cursor is faster"),
    OpenApiParameter("cursor", str, description="`next` of the page before"),
]


def page_of(key: str, item: type[serializers.Serializer]) -> serializers.Serializer:
    """The answer of ``core.api.listing.listing`` for ``@extend_schema``."""
    return inline_serializer(
        f"{item.__name__.removesuffix('Out')}Page",
        {
            key: item(many=True),
            "total": serializers.IntegerField(),
            "limit": serializers.IntegerField(),
            "offset": serializers.IntegerField(),
            "next": serializers.CharField(allow_null=True),
        },
    )


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """Responses for the refusals an operation can give, beside 401 which all can."""
    return dict.fromkeys((401, *statuses), Problem)
