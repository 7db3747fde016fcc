"""Who is asking, as the API sees them."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.schema import refusals
from core.api.views import endpoint


class Me(serializers.Serializer):
    user_id = serializers.CharField()
    name = serializers.CharField()
    email = serializers.EmailField()
    tenant_id = serializers.CharField(allow_null=True)
    tenant_name = serializers.CharField(allow_null=True)
    role = serializers.CharField(allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField())


@extend_schema(summary="Who this token or session is", responses={200: Me, **refusals()})
@endpoint(["GET"])
def me(request):
    actor, tenant = request.actor, request._request.tenant
    return Response(
        {
            "user_id": actor.user_id,
            "name": actor.user.name,
            "email": actor.user.email,
            "tenant_id": tenant.pk if tenant else None,
            "tenant_name": tenant.name if tenant else None,
            "role": actor.role or None,
            "scopes": sorted(actor.scopes),
        }
    )
