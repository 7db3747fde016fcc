"""Templates for platform staff: everything to read; the library is kept by services alone."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.actors import SystemActor
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from templates_catalog import services
from templates_catalog.models import InstantBlock, StandingApproval, Template, TemplateVersion


def staff_actor(request) -> SystemActor:
    """Named after the person; staff keep the library, and approve nothing."""
    return SystemActor(
        f"staff {request.user.email}", grants=frozenset({"templates.publish_template"})
    )


def _each(modeladmin, request, rows, move, done: str) -> None:
    moved = 0
    for template in rows:
        try:
            move(template)
            moved += 1
        except DomainError as refused:
            modeladmin.message_user(request, f"{template}: {refused}", messages.WARNING)
    if moved:
        modeladmin.message_user(request, done.format(n=moved), messages.SUCCESS)


@admin.action(description=_l("Publish what is offered in the library"), permissions=["view"])
def publish_selected(modeladmin, request, queryset):
    def publish(template):
        services.publish_offered(
            tenant_id=template.tenant_id or "",
            template_id=template.pk,
            actor=staff_actor(request),
        )

    _each(modeladmin, request, queryset, publish, _("{n} published."))


@admin.action(description=_l("Take out of the library"), permissions=["view"])
def unpublish_selected(modeladmin, request, queryset):
    def take_out(template):
        services.unpublish(
            entry_id=template.pk, reason=_("by the platform"), actor=staff_actor(request)
        )

    _each(modeladmin, request, queryset, take_out, _("{n} taken out."))


class OfferedFilter(admin.SimpleListFilter):
    title = _l("library")
    parameter_name = "library"

    def lookups(self, request, model_admin):
        return [("offered", _("Offered")), ("published", _("Published"))]

    def queryset(self, request, queryset):
        if self.value() == "offered":
            return queryset.filter(offered_at__isnull=False)
        return queryset.filter(in_library=True) if self.value() == "published" else queryset


@admin.register(Template)
class TemplateAdmin(ReadOnlyAdmin):
    actions = [publish_selected, unpublish_selected]
    list_display = ["name", "tenant", "category", "version", "offered_version", "in_library"]
    list_filter = [OfferedFilter, "category", "is_verified"]
    list_select_related = ["tenant"]
    search_fields = ["id", "name", "tenant__name"]


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnlyAdmin):
    list_display = ["template_id", "number", "name", "tenant", "created_by_user_id", "created_at"]
    list_select_related = ["tenant"]
    search_fields = ["template__id", "name"]


@admin.register(StandingApproval)
class StandingApprovalAdmin(ReadOnlyAdmin):
    list_display = ["template", "council_id", "given_by_label", "until", "revoked_at", "tenant"]
    list_select_related = ["template", "tenant"]
    search_fields = ["template__id", "template__name"]


@admin.register(InstantBlock)
class InstantBlockAdmin(ReadOnlyAdmin):
    list_display = ["user", "why", "tenant", "created_at", "lifted_at", "lifted_by_label"]
    list_select_related = ["user", "tenant"]
