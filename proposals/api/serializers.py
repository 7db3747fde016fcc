"""What clients send and, for the schema, what they get."""

from rest_framework import serializers

from core.api.serializers import ActingSerializer
from drafts.api.serializers import DraftOut
from proposals.states import Priority, ProposalState, Reason


class DismissIn(ActingSerializer):
    """``reason`` in words, ``reason_code`` from the list, or both."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    reason_code = serializers.ChoiceField(choices=Reason.choices, required=False)


class SnoozeIn(ActingSerializer):
    days = serializers.IntegerField(min_value=1, max_value=180, required=False)
    until = serializers.DateTimeField(required=False)


class ProposalOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    workflow_type_id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    reasoning = serializers.CharField()
    confidence_score = serializers.FloatField()
    based_on = serializers.DictField()
    expected_impact = serializers.DictField()
    suggested_inputs = serializers.DictField()
    priority = serializers.ChoiceField(choices=Priority.choices)
    status = serializers.ChoiceField(choices=ProposalState.choices)
    expires_at = serializers.DateTimeField()
    snoozed_until = serializers.DateTimeField(allow_null=True)
    created_draft_id = serializers.CharField(allow_null=True)
    detector = serializers.CharField()
    detector_version = serializers.IntegerField()
    suppression_key = serializers.CharField()
    rank = serializers.FloatField()
    follows_proposal_id = serializers.CharField(allow_null=True)
    template_id = serializers.CharField(allow_null=True)
    decided_by_user_id = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AcceptedOut(serializers.Serializer):
    draft = DraftOut()
    proposal = ProposalOut()
