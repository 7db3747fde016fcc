from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.api import schema  # noqa: F401 -- registers itself with the schema generator

        post_migrate.connect(after_migrate, sender=self)


def after_migrate(using: str, **_: object) -> None:
    """All apps' tables are there when the first signal comes: migrations ran before it."""
    from core import caching, rls

    if connections[using].vendor == "postgresql":
        caching.make_cache_table(using)
        rls.sync(connections[using])
