"""What clients send and, for the schema, what they get. Bodies are read strictly."""

from rest_framework import serializers

from core.api.serializers import ActingSerializer
from workflows.states import Agent, RunState


class DirectRunIn(ActingSerializer):
    """A run without a draft, where the tenant allows it."""

    workflow_type_id = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    inputs = serializers.DictField(required=False)
    auto_execute = serializers.BooleanField(default=True)
    run_at = serializers.DateTimeField(required=False, allow_null=True)


class ProgressOut(serializers.Serializer):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ResultsOut(serializers.Serializer):
    applied = serializers.IntegerField()
    skipped = serializers.IntegerField()


class UndoOut(serializers.Serializer):
    done = serializers.IntegerField()
    restored = serializers.IntegerField()
    kept = serializers.IntegerField()


class WorkflowOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    workflow_type_id = serializers.CharField()
    draft_id = serializers.CharField(allow_null=True)
    plan_id = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(RunState.choices)
    inputs = serializers.DictField()
    created_by_user_id = serializers.CharField(allow_null=True)
    created_by_agent = serializers.ChoiceField(Agent.choices)
    run_at = serializers.DateTimeField(allow_null=True)
    progress = ProgressOut()
    results = ResultsOut()
    undo = UndoOut()
    fidelity = serializers.FloatField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    error_reference = serializers.CharField(allow_blank=True)
    cancel_requested_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    undo_finished_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RunPlanOut(serializers.Serializer):
    id = serializers.CharField()
    fingerprint = serializers.CharField()
    summary = serializers.DictField()
    computed_at = serializers.DateTimeField()
    change_count = serializers.IntegerField()


class WorkflowDetailOut(WorkflowOut):
    plan = RunPlanOut()


class ChangeResultOut(serializers.Serializer):
    outcome = serializers.CharField()
    why = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    found = serializers.JSONField(allow_null=True)


class RunChangeOut(serializers.Serializer):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(["set", "create"])
    entity = serializers.CharField()
    target_id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    field = serializers.CharField(allow_blank=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    note = serializers.JSONField(allow_null=True)
    result = ChangeResultOut(allow_null=True)
    drift = ChangeResultOut(allow_null=True)
    undo = ChangeResultOut(allow_null=True)


class WorkflowTypeOut(serializers.Serializer):
    id = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    makes = serializers.CharField()
    family = serializers.CharField()
    risk = serializers.ChoiceField(["low", "medium", "high"])
    inputs_schema = serializers.DictField()
