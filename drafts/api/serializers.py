"""What clients send and, for the schema, what they get. Bodies are read strictly."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.serializers import ActingSerializer, StrictSerializer
from drafts.services.content import NAME_LIMIT, TEXT_LIMIT
from drafts.states import DraftState


def percent() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100), required=False
    )


class DraftIn(ActingSerializer):
    workflow_type_id = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=NAME_LIMIT)
    purpose = serializers.CharField(max_length=TEXT_LIMIT, required=False, allow_blank=True)
    inputs = serializers.DictField(required=False)
    preview_data = serializers.JSONField(required=False, allow_null=True)


class DraftEdit(ActingSerializer):
    """``version``, when sent, is the one the writer started from."""

    name = serializers.CharField(max_length=NAME_LIMIT, required=False)
    purpose = serializers.CharField(max_length=TEXT_LIMIT, required=False, allow_blank=True)
    inputs = serializers.DictField(required=False)
    preview_data = serializers.JSONField(required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1, required=False)


class ConvertIn(ActingSerializer):
    auto_execute = serializers.BooleanField(default=True)
    run_at = serializers.DateTimeField(required=False, allow_null=True)


class ShareIn(StrictSerializer):
    user_id = serializers.CharField(max_length=64, help_text=_("Who shall see it."))
    may_edit = serializers.BooleanField(default=False)


class CommentIn(ActingSerializer):
    text = serializers.CharField(max_length=TEXT_LIMIT)
    field = serializers.CharField(max_length=100, required=False, allow_blank=True)
    planned_change_id = serializers.IntegerField(required=False, allow_null=True)
    parent_id = serializers.CharField(max_length=64, required=False, allow_null=True)
    mentions = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        max_length=50,
        help_text=_("Ids of people to tell, beside those called by @name in the text."),
    )


class CommentOut(serializers.Serializer):
    id = serializers.CharField()
    draft_id = serializers.CharField()
    parent_id = serializers.CharField(allow_null=True)
    author_user_id = serializers.CharField()
    author_name = serializers.CharField()
    text = serializers.CharField()
    field = serializers.CharField()
    planned_change_id = serializers.IntegerField(allow_null=True)
    about = serializers.CharField()
    mentions = serializers.ListField(child=serializers.CharField())
    revision = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by_user_id = serializers.CharField(allow_null=True)


class PersonOut(serializers.Serializer):
    user_id = serializers.CharField()
    name = serializers.CharField()


class PeopleOut(serializers.Serializer):
    people = PersonOut(many=True)


class PlanOut(serializers.Serializer):
    id = serializers.CharField()
    fingerprint = serializers.CharField()
    summary = serializers.DictField()
    computed_at = serializers.DateTimeField()
    change_count = serializers.IntegerField()


class DraftOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField()
    created_by_user_id = serializers.CharField()
    workflow_type_id = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    status = serializers.ChoiceField(choices=DraftState.choices)
    version = serializers.IntegerField()
    inputs = serializers.DictField()
    preview_data = serializers.JSONField(allow_null=True)
    preview_state = serializers.CharField()
    assigned_council_id = serializers.CharField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    reviewed_by_user_id = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    review_comment = serializers.CharField()
    created_from_template_id = serializers.CharField(allow_null=True)
    created_from_proposal_id = serializers.CharField(allow_null=True)
    replanned_from_workflow_id = serializers.CharField(allow_null=True)
    converted_to_workflow_id = serializers.CharField(allow_null=True)
    plan = PlanOut(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class DraftDetail(DraftOut):
    template = serializers.DictField(allow_null=True)
    proposal = serializers.DictField(allow_null=True)
    approval = serializers.DictField(allow_null=True)
    moves = serializers.ListField(child=serializers.CharField())


class Page(serializers.Serializer):
    total = serializers.IntegerField()
    limit = serializers.IntegerField()
    offset = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)


class DraftPage(Page):
    drafts = DraftOut(many=True)


class ChangePage(Page):
    changes = serializers.ListField(child=serializers.DictField())


class RevisionPage(Page):
    revisions = serializers.ListField(child=serializers.DictField())


class EventPage(Page):
    events = serializers.ListField(child=serializers.DictField())


class CommentPage(Page):
    comments = CommentOut(many=True)


class DeltaPage(Page):
    earlier_plan_id = serializers.CharField()
    plan_id = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())
    totals = serializers.DictField()
    computed_at = serializers.DateTimeField()
    carry_over = serializers.DictField(allow_null=True)
    changes = serializers.ListField(child=serializers.DictField())


class ForesightOut(serializers.Serializer):
    draft_id = serializers.CharField()
    asked_at = serializers.DateTimeField()
    is_computing = serializers.BooleanField()
    problem = serializers.CharField()
    hidden = serializers.IntegerField()
    steps = serializers.ListField(child=serializers.DictField())
    plan = serializers.DictField(allow_null=True)


class Conflicts(serializers.Serializer):
    total = serializers.IntegerField()
    conflicts = serializers.ListField(child=serializers.DictField())


class ToleranceEdit(ActingSerializer):
    """What is left out stays as it is."""

    is_on = serializers.BooleanField(required=False)
    is_automatic = serializers.BooleanField(required=False)
    items_percent = percent()
    value_percent = percent()
    money_percent = percent()


class ToleranceOut(serializers.Serializer):
    is_on = serializers.BooleanField()
    is_automatic = serializers.BooleanField()
    items_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    value_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    money_percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class Converted(serializers.Serializer):
    draft = DraftOut()
    workflow = serializers.DictField()
