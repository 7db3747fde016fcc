from django.apps import AppConfig


class TemplatesCatalogConfig(AppConfig):
    name = "templates_catalog"
    default_auto_field = "django.db.models.BigAutoField"
