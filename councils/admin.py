"""Councils for platform staff: shared ones are kept here, tenants' own and reviews are read."""

from django.contrib import admin

from councils.models import (
    Council,
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
    list_display = ["name", "tenant", "is_active", "approval_days"]
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


@admin.register(RoutingRule)
class RoutingRuleAdmin(SharedAdmin):
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
    list_display = ["draft_id", "cycle", "council", "state", "tenant", "opened_at", "closed_at"]
    list_filter = ["state"]
    list_select_related = ["council", "tenant"]
    search_fields = ["draft__id", "fingerprint"]


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "user", "decision", "revision_number", "tenant", "created_at"]
    list_filter = ["decision"]
    list_select_related = ["user", "tenant"]
    search_fields = ["draft__id", "user__email"]


@admin.register(ReviewEntry)
class ReviewEntryAdmin(ReadOnlyAdmin):
    list_display = ["name", "tenant_name", "council_name", "state", "risk", "opened_at"]
    list_filter = ["state", "risk"]
    search_fields = ["name", "draft__id", "tenant_name"]
