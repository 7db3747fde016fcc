"""Tenants, people and tokens for platform staff."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnlyAdmin
from tenants.models import ApiToken, Membership, Tenant, User


class MembershipInline(admin.TabularInline):
    model = Membership
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin):
    list_display = ("name", "id", "country", "currency", "timezone", "created_at")
    search_fields = ("name", "id")
    readonly_fields = ("id", "created_at", "updated_at")
    inlines = (MembershipInline,)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # erasing a tenant is the owner login's work and leaves a tombstone


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name", "id")
    ordering = ("email",)
    readonly_fields = ("id", "last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("id", "email", "name", "password")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),
    )
    filter_horizontal = ("groups",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Staff may see that a token exists and end it; its secret is nowhere."""

    list_display = ("token_key", "name", "user", "tenant", "created", "expiry")
    search_fields = ("token_key", "name", "user__email")
    list_select_related = ("user", "tenant")

    def has_delete_permission(self, request, obj=None) -> bool:
        return request.user.has_perm("tenants.delete_apitoken")
