from django.apps import AppConfig


def to_look_at(request) -> int | None:
    """For members of councils: templates of theirs that wait for a look."""
    from templates_catalog.queries import count_to_look_at

    mine = request.actor.council_ids
    return count_to_look_at(mine) if mine and request.actor.tenant_id else None


class TemplatesCatalogConfig(AppConfig):
    name = "templates_catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import nav
        from councils.sources import template_sources
        from drafts import gates
        from drafts.document import describers
        from templates_catalog.document import describe
        from templates_catalog.queries import catalog
        from templates_catalog.services.gate import approve_if_standing

        nav.register("templates", to_look_at)
        describers["template"] = describe
        gates.register(approve_if_standing)
        template_sources.append(lambda: list(catalog().order_by("name").values_list("id", "name")))
