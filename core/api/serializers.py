"""Bodies are read strictly: an unknown key is an error, and who is named must be true."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.errors import Invalid, NotAllowed


class StrictSerializer(serializers.Serializer):
    """Refuses keys it does not know, so that a typing error or a smuggled ``status`` is heard."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({key: [_("Unknown field.")] for key in unknown})
        return super().to_internal_value(data)


class ActingSerializer(StrictSerializer):
    """May name who acts and where; if it does, it has to be so."""

    tenant_id = serializers.CharField(required=False, allow_null=True)
    user_id = serializers.CharField(required=False, allow_null=True)
    created_by_user_id = serializers.CharField(required=False, allow_null=True)

    def validate(self, attrs):
        actor = self.context["actor"]
        check_acting(actor, attrs.pop("tenant_id", None), attrs.pop("user_id", None))
        check_acting(actor, None, attrs.pop("created_by_user_id", None))
        return attrs


class Nothing(ActingSerializer):
    """The body of a move that needs no more than its address."""


def check_acting(actor, tenant_id: str | None, user_id: str | None) -> None:
    if tenant_id is not None and tenant_id != actor.tenant_id:
        raise NotAllowed(_("tenant_id is not the tenant you act in."))
    if user_id is not None and user_id != actor.user_id:
        raise NotAllowed(_("user_id is not who you are."))


def read(serializer: type[serializers.Serializer], request) -> dict:
    """The validated body of a request; ``Invalid`` per field otherwise. No body is an empty one."""
    data = request.data
    if not isinstance(data, dict):
        raise Invalid({"non_field_errors": [_("The body has to be a JSON object.")]})
    parsed = serializer(data=data, context={"actor": request.actor, "request": request})
    parsed.is_valid(raise_exception=True)
    return parsed.validated_data
