"""Drafts for platform staff: everything to read, states moved by services alone."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.actors import SystemActor
from core.errors import DomainError
from core.routing import on_database
from core.scope import scope
from drafts import services
from drafts.models import Approval, Comment, Draft, Revision


def staff_actor(request) -> SystemActor:
    """Named after the person, allowed what staff may do with a tenant's draft and no more."""
    return SystemActor(
        f"staff {request.user.email}",
        grants=frozenset({"drafts.discard_draft", "drafts.reopen_draft"}),
    )


class ReadOnlyAdmin(admin.ModelAdmin):
    """Staff read across tenants; what changes a tenant's rows is a service, with its audit."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _each(modeladmin, request, rows, move, done: str) -> None:
    """One draft after another, each in its tenant's scope on the app's login."""
    actor, moved = staff_actor(request), 0
    for draft_id, tenant_id, name in rows.values_list("pk", "tenant_id", "name"):
        try:
            with on_database("default"), scope(tenant_id=tenant_id):
                move(draft_id=draft_id, actor=actor)
            moved += 1
        except DomainError as refused:
            modeladmin.message_user(request, f"{name}: {refused}", messages.WARNING)
    if moved:
        modeladmin.message_user(request, done.format(n=moved), messages.SUCCESS)


@admin.action(description=_l("Reopen for editing"), permissions=["view"])
def reopen_selected(modeladmin, request, queryset):
    _each(modeladmin, request, queryset, services.reopen_draft, _("{n} reopened."))


@admin.action(description=_l("Discard"), permissions=["view"])
def discard_selected(modeladmin, request, queryset):
    _each(modeladmin, request, queryset, services.discard_draft, _("{n} discarded."))


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    actions = [reopen_selected, discard_selected]
    list_display = ["name", "tenant", "workflow_type_id", "status", "created_by", "updated_at"]
    list_filter = ["status", "workflow_type_id"]
    list_select_related = ["tenant", "created_by"]
    search_fields = ["id", "name", "tenant__name", "created_by__email"]
    date_hierarchy = "created_at"
    show_full_result_count = False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "number", "name", "tenant", "submitted_by", "created_at"]
    list_select_related = ["tenant", "submitted_by"]
    search_fields = ["draft__id", "name", "fingerprint"]


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "kind", "fingerprint", "tenant", "until", "voided_why"]
    list_filter = ["kind"]
    list_select_related = ["tenant"]
    search_fields = ["draft__id", "fingerprint"]


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["draft_id", "author", "about", "tenant", "created_at", "resolved_at"]
    list_select_related = ["tenant", "author"]
    search_fields = ["draft__id", "text"]
