"""Bodies and answers of notices, wishes and endpoints."""

from rest_framework import serializers

from core.api.schema import page_of
from core.api.serializers import ActingSerializer, StrictSerializer
from notifications.kinds import CHOSEN
from notifications.states import EndpointKind, Group, MailChoice, Sending


class NoticeOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    group = serializers.ChoiceField(choices=Group.choices)
    subject = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    details = serializers.DictField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


NoticePage = page_of("notifications", NoticeOut)


class ReadAllOut(serializers.Serializer):
    read = serializers.IntegerField()


class Wish(StrictSerializer):
    in_app = serializers.BooleanField(required=False)
    mail = serializers.ChoiceField(choices=MailChoice.choices, required=False)


class Digest(StrictSerializer):
    hour = serializers.IntegerField(min_value=0, max_value=23)
    timezone = serializers.CharField(allow_blank=True, max_length=64, required=False, default="")


class PreferencesIn(ActingSerializer):
    groups = serializers.DictField(child=Wish(), required=False)
    digest = Digest(required=False)


class WishOut(serializers.Serializer):
    in_app = serializers.BooleanField()
    mail = serializers.ChoiceField(choices=MailChoice.choices)


class DigestOut(serializers.Serializer):
    hour = serializers.IntegerField()
    timezone = serializers.CharField(allow_blank=True)


class PreferencesOut(serializers.Serializer):
    groups = serializers.DictField(child=WishOut(), help_text=", ".join(CHOSEN))
    digest = DigestOut()


class EndpointIn(ActingSerializer):
    kind = serializers.ChoiceField(choices=EndpointKind.choices)
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=2_000)
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, default=list, max_length=64
    )


class EndpointEdit(ActingSerializer):
    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=2_000, required=False)
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, max_length=64
    )
    is_active = serializers.BooleanField(required=False)


class EndpointOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    kind = serializers.ChoiceField(choices=EndpointKind.choices)
    name = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    kinds = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    why_off = serializers.CharField(allow_blank=True)
    failures = serializers.IntegerField()
    failing_since = serializers.DateTimeField(allow_null=True)
    old_secret_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class EndpointWithSecret(EndpointOut):
    secret = serializers.CharField(
        allow_blank=True, help_text="Shown this once; empty for a chat channel"
    )


EndpointPage = page_of("endpoints", EndpointOut)


class CallOut(serializers.Serializer):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    milliseconds = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    problem = serializers.CharField(allow_blank=True)
    snippet = serializers.CharField(allow_blank=True)


class DeliveryOut(serializers.Serializer):
    id = serializers.CharField()
    endpoint_id = serializers.CharField()
    message_id = serializers.CharField(help_text="The `webhook-id` it was sent with")
    kind = serializers.CharField()
    state = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in (Sending.PENDING, Sending.SENT, Sending.FAILED)]
    )
    attempts = serializers.IntegerField()
    last_status = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    calls = CallOut(many=True)


DeliveryPage = page_of("deliveries", DeliveryOut)
