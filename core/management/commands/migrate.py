"""``migrate`` runs as the owner of the tables; the app's login may not change them."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate

from core.migrating import rendering_one_by_one


class Command(Migrate):
    def handle(self, *args, **options):
        if options["database"] == "default":
            options["database"] = "owner"
        with rendering_one_by_one(_own_apps()):
            return super().handle(*args, **options)


def _own_apps() -> frozenset[str]:
    here = Path(settings.BASE_DIR)
    return frozenset(
        config.label for config in apps.get_app_configs() if Path(config.path).parent == here
    )
