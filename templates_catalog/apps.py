from django.apps import AppConfig


class TemplatesCatalogConfig(AppConfig):
    name = "templates_catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from drafts import gates
        from drafts.document import describers
        from templates_catalog.document import describe
        from templates_catalog.services.gate import approve_if_standing

        describers["template"] = describe
        gates.register(approve_if_standing)
