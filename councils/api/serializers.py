from rest_framework import serializers

from core.api.serializers import ActingSerializer, StrictSerializer
from councils.models.council import LONGEST_HOURS
from councils.services.after import TEXT_LIMIT
from councils.services.deciding import COMMENT_LIMIT
from councils.services.submitting import NOTE_LIMIT
from councils.states import Origin, Priority
from tenants.models import Role

MOST_POSITIONS = 200_000


class SubmitIn(ActingSerializer):
    """Without a council the routing rules choose one."""

    council_id = serializers.CharField(max_length=64, required=False, allow_null=True)
    note = serializers.CharField(max_length=NOTE_LIMIT, required=False, allow_blank=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)


class VerdictIn(ActingSerializer):
    """``revision`` is the one that was read; a stale one is refused with 409."""

    comment = serializers.CharField(max_length=COMMENT_LIMIT, required=False, allow_blank=True)
    revision = serializers.IntegerField(min_value=1, required=False, allow_null=True)


class MatchingIn(StrictSerializer):
    """A filter over the changes, as ``GET /api/drafts/{id}/changes`` takes it."""

    group = serializers.CharField(max_length=100, required=False)
    field = serializers.CharField(max_length=100, required=False)
    q = serializers.CharField(max_length=200, required=False)


class ApproveIn(VerdictIn):
    """Without more, a yes to the whole revision. ``without`` names positions of changes to leave
    out, ``matching`` leaves out all that a filter finds, except the positions in ``keeping``;
    then ``revision`` is needed, and what is left is approved under a fingerprint of its own."""

    without = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=MOST_POSITIONS
    )
    matching = MatchingIn(many=True, required=False)
    keeping = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=MOST_POSITIONS
    )


class TakeBackIn(ActingSerializer):
    reason = serializers.CharField(max_length=COMMENT_LIMIT, required=False, allow_blank=True)


class OpenedIn(ActingSerializer):
    """Keys of red items, as the list of them names them."""

    items = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=200
    )


class ReadIn(StrictSerializer):
    draft_id = serializers.CharField(max_length=64)
    revision = serializers.IntegerField(min_value=1)


class ApproveManyIn(ActingSerializer):
    """Each draft with the revision that was read."""

    items = serializers.ListField(child=ReadIn(), min_length=1, max_length=50)
    comment = serializers.CharField(max_length=COMMENT_LIMIT, required=False, allow_blank=True)


class OutcomeOut(serializers.Serializer):
    draft_id = serializers.CharField()
    status = serializers.CharField(allow_null=True)
    problem = serializers.DictField(allow_null=True)


class OutcomesOut(serializers.Serializer):
    results = OutcomeOut(many=True)
    approved = serializers.IntegerField()
    refused = serializers.IntegerField()


class GuestIn(ActingSerializer):
    email = serializers.EmailField(max_length=254)
    days = serializers.IntegerField(min_value=1, max_value=30, default=7)


class AdviceOut(serializers.Serializer):
    stance = serializers.CharField()
    text = serializers.CharField()
    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class GuestOut(serializers.Serializer):
    id = serializers.CharField()
    email = serializers.CharField()
    invited_by_user_id = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    is_open = serializers.BooleanField()
    advice = AdviceOut(many=True)


class GuestsOut(serializers.Serializer):
    guests = GuestOut(many=True)


class RedItemOut(serializers.Serializer):
    item = serializers.CharField()
    title = serializers.CharField()
    rows = serializers.IntegerField()
    opened_at = serializers.DateTimeField(allow_null=True)


class RedItemsOut(serializers.Serializer):
    items = RedItemOut(many=True)
    total = serializers.IntegerField()
    opened = serializers.IntegerField()


class AssignIn(ActingSerializer):
    user_ids = serializers.ListField(child=serializers.CharField(max_length=64), max_length=50)


class BreakGlassIn(ActingSerializer):
    reason = serializers.CharField(max_length=TEXT_LIMIT)
    typed_name = serializers.CharField(max_length=200)


class AfterIn(ActingSerializer):
    right = serializers.BooleanField()
    text = serializers.CharField(max_length=TEXT_LIMIT)


class AfterOut(serializers.Serializer):
    id = serializers.CharField()
    draft_id = serializers.CharField()
    state = serializers.CharField()
    broken_by_user_id = serializers.CharField()
    reason = serializers.CharField()
    reviewer_ids = serializers.ListField(child=serializers.CharField())
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    closed_by_user_id = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    policy = serializers.IntegerField(allow_null=True)


class DelegationIn(ActingSerializer):
    """Whole days by the shop's clock, the last one included."""

    from_user_id = serializers.CharField(max_length=64)
    to_user_id = serializers.CharField(max_length=64)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DelegationOut(serializers.Serializer):
    id = serializers.CharField()
    from_user_id = serializers.CharField()
    to_user_id = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    made_by_user_id = serializers.CharField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class SeatIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    needed = serializers.IntegerField(min_value=1, max_value=20, default=1)
    stage = serializers.IntegerField(min_value=1, max_value=20, default=1)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), default=list)
    user_ids = serializers.ListField(child=serializers.CharField(max_length=64), default=list)


def _hours() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LONGEST_HOURS, required=False)


class CouncilEdit(ActingSerializer):
    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    approval_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    is_choosable = serializers.BooleanField(required=False)
    assignee_only = serializers.BooleanField(required=False)
    hours_urgent = _hours()
    hours_high = _hours()
    hours_normal = _hours()
    hours_low = _hours()
    after_review_hours = _hours()
    claim_minutes = serializers.IntegerField(min_value=5, max_value=1440, required=False)
    escalates_to = serializers.CharField(max_length=64, required=False, allow_null=True)
    seats = SeatIn(many=True, required=False)


class CouncilIn(CouncilEdit):
    name = serializers.CharField(max_length=120)


class RuleIn(StrictSerializer):
    """What is left out fits every draft. All of ``council_ids`` have to say yes."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    family = serializers.CharField(max_length=64, required=False, allow_blank=True)
    workflow_type_id = serializers.CharField(max_length=100, required=False, allow_blank=True)
    template_id = serializers.CharField(max_length=64, required=False, allow_blank=True)
    author_role = serializers.ChoiceField(choices=Role.choices, required=False, allow_blank=True)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False, allow_blank=True)
    risk_at_least = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True
    )
    money_at_least = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    items_at_least = serializers.IntegerField(
        min_value=0, max_value=10_000_000, required=False, allow_null=True
    )
    when_unknown = serializers.BooleanField(required=False)
    in_turn = serializers.BooleanField(required=False)
    council_id = serializers.CharField(max_length=64, required=False)
    council_ids = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, max_length=5
    )


class BenchIn(ActingSerializer):
    """A draft, or facts; a figure that is left out is not known."""

    draft_id = serializers.CharField(max_length=64, required=False)
    workflow_type_id = serializers.CharField(max_length=100, required=False)
    template_id = serializers.CharField(max_length=64, required=False, allow_blank=True)
    author_role = serializers.ChoiceField(choices=Role.choices, required=False, allow_blank=True)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)
    risk = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    money = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    items = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class CheckOut(serializers.Serializer):
    text = serializers.CharField()
    fits = serializers.BooleanField(allow_null=True)


class TrialOut(serializers.Serializer):
    number = serializers.IntegerField()
    rule_id = serializers.CharField()
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["fires", "passed", "not_tried"])
    checks = CheckOut(many=True)
    council_ids = serializers.ListField(child=serializers.CharField())


class BenchOut(serializers.Serializer):
    facts = serializers.DictField()
    rules = TrialOut(many=True)
    problem = serializers.CharField(allow_blank=True)
    seats = serializers.ListField(child=serializers.DictField())


class PolicyOut(serializers.Serializer):
    number = serializers.IntegerField()
    made_by = serializers.CharField()
    at = serializers.DateTimeField()
    changes = serializers.ListField(child=serializers.CharField())


class RulesIn(ActingSerializer):
    rules = RuleIn(many=True)


class SeatOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    needed = serializers.IntegerField()
    stage = serializers.IntegerField()


class CouncilOut(serializers.Serializer):
    id = serializers.CharField()
    tenant_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField()
    is_active = serializers.BooleanField()
    approval_days = serializers.IntegerField()
    seats = SeatOut(many=True)


class ReviewOut(serializers.Serializer):
    id = serializers.CharField()
    draft_id = serializers.CharField()
    tenant_id = serializers.CharField()
    council_id = serializers.CharField()
    state = serializers.CharField()
    name = serializers.CharField()
    workflow_type_id = serializers.CharField()
    revision = serializers.IntegerField()
    effect = serializers.CharField()
    risk = serializers.CharField()
    seats = serializers.ListField(child=serializers.DictField())
    your_turn = serializers.BooleanField()
    opened_at = serializers.DateTimeField()


class ReviewsPage(serializers.Serializer):
    total = serializers.IntegerField()
    limit = serializers.IntegerField()
    offset = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)


class ReviewPage(ReviewsPage):
    reviews = ReviewOut(many=True)


class PolicyPage(ReviewsPage):
    policies = PolicyOut(many=True)


class DelegationPage(ReviewsPage):
    delegations = DelegationOut(many=True)


class AfterPage(ReviewsPage):
    after_reviews = AfterOut(many=True)


class CouncilPage(ReviewsPage):
    councils = CouncilOut(many=True)
