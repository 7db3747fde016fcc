"""Councils for platform staff: shared ones are kept here, tenants' own and reviews are read."""

from django.contrib import admin

from councils.models import (
    AfterReview,
    Council,
    Delegation,
    FurtherCouncil,
    PolicyVersion,
    ReviewEntry,
    ReviewRound,
    RoutingRule,
    Seat,
    SeatHolder,
    Verdict,
)


class SharedAdmin(admin.ModelAdmin):
    """What belongs to no tenant may be changed; a tenant's own is its owners' affair."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not obj.tenant_id)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.tenant_id)

    def get_exclude(self, request, obj=None):
        return ["tenant"] if obj is None else []

    def get_readonly_fields(self, request, obj=None):
        return ["tenant"] if obj else []


class SeatInline(admin.TabularInline):
    model = Seat
    extra = 0
    exclude = ["tenant", "roles"]


class HolderInline(admin.TabularInline):
    model = SeatHolder
    extra = 1
    exclude = ["tenant"]
    autocomplete_fields = ["user"]


@admin.register(Council)
class CouncilAdmin(SharedAdmin):
    list_display = ["name", "tenant", "is_active", "is_choosable", "approval_days"]
    list_filter = ["is_active"]
    list_select_related = ["tenant"]
    search_fields = ["name", "id", "tenant__name"]
    inlines = [SeatInline]


@admin.register(Seat)
class SeatAdmin(SharedAdmin):
    list_display = ["name", "council", "tenant", "needed", "stage", "is_active"]
    list_select_related = ["council", "tenant"]
    search_fields = ["name", "council__name"]
    inlines = [HolderInline]


class FurtherInline(admin.TabularInline):
    model = FurtherCouncil
    extra = 0
    exclude = ["tenant"]


@admin.register(RoutingRule)
class RoutingRuleAdmin(SharedAdmin):
    inlines = [FurtherInline]
    list_display = ["name", "position", "family", "workflow_type_id", "council", "tenant"]
    list_select_related = ["council", "tenant"]
    ordering = ["tenant_id", "position"]


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "cycle", "council", "state", "tenant", "due_at", "closed_at"]
    list_filter = ["state"]
    list_select_related = ["council", "tenant"]
    search_fields = ["draft__id", "fingerprint"]


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "user", "on_behalf_of", "decision", "revision_number", "tenant"]
    list_filter = ["decision"]
    list_select_related = ["user", "on_behalf_of", "tenant"]
    search_fields = ["draft__id", "user__email"]


@admin.register(ReviewEntry)
class ReviewEntryAdmin(ReadOnlyAdmin):
    list_display = ["name", "tenant_name", "council_name", "state", "risk", "opened_at"]
    list_filter = ["state", "risk"]
    search_fields = ["name", "draft__id", "tenant_name"]


@admin.register(Delegation)
class DelegationAdmin(SharedAdmin):
    """Staff lend the say of a shared council's people; a tenant's own are its members' affair."""

    list_display = ["from_user", "to_user", "starts_at", "ends_at", "ended_at", "tenant"]
    list_select_related = ["from_user", "to_user", "tenant"]
    search_fields = ["from_user__email", "to_user__email"]
    autocomplete_fields = ["from_user", "to_user"]

    def get_exclude(self, request, obj=None):
        return [*super().get_exclude(request, obj), "made_by", "begun_at", "over_at"]


@admin.register(AfterReview)
class AfterReviewAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "broken_by", "state", "due_at", "escalated_at", "tenant"]
    list_filter = ["state"]
    list_select_related = ["broken_by", "tenant"]
    search_fields = ["draft__id", "broken_by__email", "reason"]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    list_display = ["number", "tenant", "made_by_label", "at"]
    list_select_related = ["tenant"]
    search_fields = ["tenant__name", "made_by_label"]
