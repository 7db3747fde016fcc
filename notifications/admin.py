"""Staff see what was to be sent and what became of it; nobody writes it here."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from notifications.models import Attempt, Delivery, Digest, Endpoint, Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "tenant", "user", "state", "attempts", "last_error")
    list_filter = ("state", "group")
    search_fields = ("id", "tenant__id", "user__email", "kind")
    list_select_related = ("tenant", "user")
    exclude = ("text", "details", "subject")  # whose they are is nobody's business here
    ordering = ("-created_at", "-id")


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ("day", "user", "state", "due_at", "attempts", "last_error")
    list_filter = ("state",)
    search_fields = ("user__email",)
    list_select_related = ("user",)
    ordering = ("-day", "-id")


@admin.register(Endpoint)
class EndpointAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "tenant", "is_active", "failures", "failing_since", "why_off")
    list_filter = ("kind", "is_active")
    search_fields = ("id", "name", "tenant__id")
    list_select_related = ("tenant",)
    exclude = ("sealed_url", "sealed_secret", "sealed_old_secret")
    ordering = ("-created_at", "-id")


class AttemptInline(admin.TabularInline):
    model = Attempt
    exclude = ("tenant",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "tenant", "endpoint", "state", "attempts", "last_status")
    list_filter = ("state", "kind")
    search_fields = ("id", "tenant__id", "endpoint__id", "occasion__id")
    list_select_related = ("tenant", "endpoint")
    exclude = ("body",)
    inlines = (AttemptInline,)
    ordering = ("-created_at", "-id")
