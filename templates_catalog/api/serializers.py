"""Bodies of the catalog's API, read strictly, and the shapes it answers."""

from rest_framework import serializers

from core.api.serializers import ActingSerializer
from templates_catalog.states import Category


class TemplateIn(ActingSerializer):
    name = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    category = serializers.ChoiceField(choices=Category.choices)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    workflow_type_id = serializers.CharField(max_length=100)
    default_inputs = serializers.DictField(required=False)
    required_fields = serializers.ListField(child=serializers.CharField(), required=False)
    optional_fields = serializers.ListField(child=serializers.CharField(), required=False)
    approved_copy_blocks = serializers.ListField(child=serializers.CharField(), required=False)
    council_id = serializers.CharField(required=False, allow_null=True)


class TemplateEdit(TemplateIn):
    """Any of them; the workflow type stays what it is."""

    workflow_type_id = None  # type: ignore[assignment]  # takes the field away
    name = serializers.CharField(max_length=200, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False)


class UseIn(ActingSerializer):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    purpose = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    inputs = serializers.DictField(required=False)
    custom_inputs = serializers.DictField(required=False, help_text="Another name for inputs")


class InstantIn(ActingSerializer):
    inputs = serializers.DictField(required=False)
    custom_inputs = serializers.DictField(required=False, help_text="Another name for inputs")
    confirmed = serializers.BooleanField(
        default=True, help_text="false only plans: look at the draft, then confirm it"
    )


class ConfirmRunIn(ActingSerializer):
    seen = serializers.CharField(
        max_length=64,
        required=False,
        help_text="Fingerprint of the plan that was shown; another one is answered, not run",
    )


class PreApproveIn(ActingSerializer):
    bounds = serializers.DictField(required=False)
    until = serializers.DateTimeField()
    version = serializers.IntegerField(
        required=False, help_text="The version that was looked at; another one is a conflict"
    )


class SaveAsIn(ActingSerializer):
    """From a draft, or from a run that succeeded."""

    draft_id = serializers.CharField(required=False)
    workflow_id = serializers.CharField(required=False)
    name = serializers.CharField(max_length=200)
    required_fields = serializers.ListField(child=serializers.CharField(), required=False)
    optional_fields = serializers.ListField(child=serializers.CharField(), required=False)
    description = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    category = serializers.ChoiceField(choices=Category.choices, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    approved_copy_blocks = serializers.ListField(child=serializers.CharField(), required=False)
    council_id = serializers.CharField(required=False, allow_null=True)


class SwitchesIn(ActingSerializer):
    asks_to_confirm = serializers.BooleanField(required=False)
    clean_runs_needed = serializers.IntegerField(required=False)


class SwitchesOut(serializers.Serializer):
    asks_to_confirm = serializers.BooleanField()
    clean_runs_needed = serializers.IntegerField()


class ReasonIn(ActingSerializer):
    reason = serializers.CharField(max_length=500)


class TemplateOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField()
    workflow_type_id = serializers.CharField()
    category = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    default_inputs = serializers.DictField()
    required_fields = serializers.ListField(child=serializers.CharField())
    optional_fields = serializers.ListField(child=serializers.CharField())
    approved_copy_blocks = serializers.ListField(child=serializers.CharField())
    is_pre_approved = serializers.BooleanField()
    is_suspended = serializers.BooleanField()
    is_active = serializers.BooleanField()
    usage_count = serializers.IntegerField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    created_by_user_id = serializers.CharField()
    approved_by_council_id = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    is_verified = serializers.BooleanField()
    origin_id = serializers.CharField(allow_null=True)
    origin_version = serializers.IntegerField(allow_null=True)
    offered_version = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TemplateDetail(TemplateOut):
    standing_approval = serializers.DictField(allow_null=True)


class DifferenceOut(serializers.Serializer):
    field = serializers.CharField()
    title = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    words = serializers.CharField()


class VersionOut(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    workflow_type_id = serializers.CharField()
    default_inputs = serializers.DictField()
    required_fields = serializers.ListField(child=serializers.CharField())
    optional_fields = serializers.ListField(child=serializers.CharField())
    approved_copy_blocks = serializers.ListField(child=serializers.CharField())
    created_by_user_id = serializers.CharField()
    created_at = serializers.DateTimeField()


class VersionDiff(VersionOut):
    against = serializers.IntegerField(allow_null=True)
    differences = DifferenceOut(many=True)


class StandingOut(serializers.Serializer):
    id = serializers.CharField()
    template_id = serializers.CharField()
    template_name = serializers.CharField()
    version = serializers.IntegerField()
    council_id = serializers.CharField()
    bounds = serializers.DictField()
    until = serializers.DateTimeField()
    given_by = serializers.CharField()
    given_at = serializers.DateTimeField()


class SampleOut(serializers.Serializer):
    plan = serializers.DictField(allow_null=True)
    made_up = serializers.DictField()
    why_not = serializers.CharField()


class TookOut(serializers.Serializer):
    runs = serializers.IntegerField()
    median_seconds = serializers.FloatField(allow_null=True)
    most_seconds = serializers.FloatField(allow_null=True)


class SpeedOut(serializers.Serializer):
    instant = TookOut()
    reviewed = TookOut()
    saved = serializers.FloatField(allow_null=True)
    reaches_goal = serializers.BooleanField()


class UpdateIn(ActingSerializer):
    to_version = serializers.IntegerField(help_text="The version that was looked at")


class OverallResultsOut(serializers.Serializer):
    shops = serializers.IntegerField()
    runs = serializers.IntegerField()
    success = serializers.FloatField()
    broken = serializers.IntegerField()
    fidelity = serializers.FloatField()
    fidelity_quartiles = serializers.ListField(child=serializers.FloatField())


class LibraryOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    category = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    workflow_type_id = serializers.CharField()
    version = serializers.IntegerField()
    required_fields = serializers.ListField(child=serializers.CharField())
    optional_fields = serializers.ListField(child=serializers.CharField())
    installed_id = serializers.CharField(allow_null=True)
    installed_version = serializers.IntegerField(allow_null=True)
    results = OverallResultsOut(allow_null=True, help_text="Over all shops, from five on")


class FileOut(serializers.Serializer):
    format = serializers.CharField()
    format_version = serializers.IntegerField()
    template = serializers.DictField()
    signed_at = serializers.CharField()
    signer = serializers.CharField(help_text="Ed25519 public key, base64")
    signature = serializers.CharField(help_text="Over the canonical JSON of all the rest, base64")


class Used(serializers.Serializer):
    draft = serializers.DictField()
    template = TemplateDetail()


class Ran(serializers.Serializer):
    draft = serializers.DictField()
    workflow = serializers.DictField(allow_null=True)
    outside_bounds = serializers.ListField(child=serializers.CharField())
    moved = serializers.BooleanField()
