"""Plans and runs for platform staff: everything to read, runs moved by services alone."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.actors import SystemActor
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from core.routing import on_database
from core.scope import scope
from workflows import services
from workflows.models import Artifact, Plan, Workflow

GRANTS = frozenset(
    {"workflows.start_workflow", "workflows.cancel_workflow", "workflows.undo_workflow"}
)


def _each(modeladmin, request, rows, move: Callable[..., Workflow]) -> None:
    """One run after another, each in its tenant's scope on the app's login."""
    actor = SystemActor(f"staff {request.user.email}", grants=GRANTS)
    for workflow_id, tenant_id, name in rows.values_list("pk", "tenant_id", "name"):
        try:
            with on_database("default"), scope(tenant_id=tenant_id):
                move(workflow_id=workflow_id, actor=actor)
        except DomainError as refused:
            modeladmin.message_user(request, f"{name}: {refused}", messages.WARNING)
        else:
            modeladmin.message_user(request, _("{name}: done.").format(name=name))


@admin.action(description=_l("Start now"), permissions=["view"])
def start_selected(modeladmin, request, queryset):
    _each(modeladmin, request, queryset, services.start_workflow)


@admin.action(description=_l("Stop after the present chunk"), permissions=["view"])
def cancel_selected(modeladmin, request, queryset):
    _each(modeladmin, request, queryset, services.cancel_workflow)


@admin.action(description=_l("Undo"), permissions=["view"])
def undo_selected(modeladmin, request, queryset):
    _each(modeladmin, request, queryset, services.undo_workflow)


@admin.register(Workflow)
class WorkflowAdmin(ReadOnlyAdmin):
    actions = [start_selected, cancel_selected, undo_selected]
    list_display = ["name", "tenant", "workflow_type_id", "status", "done", "total", "created_at"]
    list_filter = ["status", "workflow_type_id", "created_by_agent"]
    list_select_related = ["tenant"]
    search_fields = ["id", "name", "tenant__name", "draft__id", "error_reference"]
    date_hierarchy = "created_at"


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    list_display = ["id", "tenant", "workflow_type_id", "change_count", "computed_at"]
    list_filter = ["workflow_type_id"]
    list_select_related = ["tenant"]
    search_fields = ["id", "tenant__name", "draft__id", "fingerprint"]


@admin.register(Artifact)
class ArtifactAdmin(ReadOnlyAdmin):
    list_display = ["name", "tenant", "plan_id", "media_type", "size", "created_at"]
    list_select_related = ["tenant"]
    search_fields = ["id", "name", "tenant__name", "plan__id"]
