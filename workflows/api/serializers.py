"""What clients send and, for the schema, what they get. Bodies are read strictly."""

from rest_framework import serializers

from core.api.serializers import ActingSerializer
from workflows.states import Agent, Repeats, RunState


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
    held_until = serializers.DateTimeField(allow_null=True)
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
    next_free_slot = serializers.DateTimeField(allow_null=True)


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
    fidelity = serializers.DecimalField(max_digits=7, decimal_places=6, allow_null=True)
    runs_counted = serializers.IntegerField()
    instant_run = serializers.BooleanField()
    why_no_instant_run = serializers.CharField(allow_blank=True)
    inputs_schema = serializers.DictField()


def _percent() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=6, decimal_places=2, required=False, allow_null=True, default=None
    )


class LimitFields(serializers.Serializer):
    """Null is a limit that is off."""

    max_items = serializers.IntegerField(required=False, allow_null=True, default=None)
    max_step_percent = _percent()
    max_discount_percent = _percent()
    max_money_at_risk = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True, default=None
    )
    max_revenue_percent = _percent()
    max_recipients = serializers.IntegerField(required=False, allow_null=True, default=None)


class LimitsIn(LimitFields, ActingSerializer):
    """``family`` is empty for the limits of everything; ``number`` the version looked at."""

    family = serializers.CharField(max_length=32, allow_blank=True, default="")
    number = serializers.IntegerField(min_value=0)


class LimitsOut(LimitFields):
    id = serializers.CharField()
    family = serializers.CharField(allow_blank=True)
    number = serializers.IntegerField()
    set_by_user_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class FreezeIn(ActingSerializer):
    """The first time it is on, on the clock of the tenant's time zone, and how it repeats."""

    name = serializers.CharField(max_length=100)
    repeats = serializers.ChoiceField(Repeats.choices, default=Repeats.NEVER.value)
    starts_on = serializers.DateField()
    starts_at = serializers.TimeField()
    ends_on = serializers.DateField()
    ends_at = serializers.TimeField()
    weekdays = serializers.ListField(child=serializers.IntegerField(), required=False)
    until = serializers.DateField(required=False, allow_null=True)
    families = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, max_length=50
    )


class FreezeEdit(ActingSerializer):
    name = serializers.CharField(max_length=100, required=False)
    repeats = serializers.ChoiceField(Repeats.choices, required=False)
    starts_on = serializers.DateField(required=False)
    starts_at = serializers.TimeField(required=False)
    ends_on = serializers.DateField(required=False)
    ends_at = serializers.TimeField(required=False)
    weekdays = serializers.ListField(child=serializers.IntegerField(), required=False)
    until = serializers.DateField(required=False, allow_null=True)
    families = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, max_length=50
    )


class SpanOut(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class FreezeOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    repeats = serializers.ChoiceField(Repeats.choices)
    starts_on = serializers.DateField()
    starts_at = serializers.CharField()
    ends_on = serializers.DateField()
    ends_at = serializers.CharField()
    weekdays = serializers.ListField(child=serializers.IntegerField())
    until = serializers.DateField(allow_null=True)
    families = serializers.ListField(child=serializers.CharField())
    next = SpanOut(many=True)
    created_by_user_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class NamedFreezeOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class FreeSlotOut(serializers.Serializer):
    at = serializers.DateTimeField()
    frozen_until = serializers.DateTimeField(allow_null=True)
    freeze = NamedFreezeOut(allow_null=True)
    next_free_slot = serializers.DateTimeField()


class MomentIn(serializers.Serializer):
    at = serializers.DateTimeField()
