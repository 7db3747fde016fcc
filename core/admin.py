"""Staff admin: across tenants, on the staff's own login; what services move is read-only here."""

from django.contrib import admin

from core.models import Event


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shown, searched, never edited: rows that only services (or nobody) may write."""

    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "subject_type", "subject_id", "actor_label", "before", "after")
    list_filter = ("kind",)
    search_fields = ("tenant_id", "subject_id", "draft_id", "actor_id")
    ordering = ("-at", "-id")
