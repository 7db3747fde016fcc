"""``migrate`` runs as the owner of the tables; the app's login may not change them."""

from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    def handle(self, *args, **options):
        if options["database"] == "default":
            options["database"] = "owner"
        return super().handle(*args, **options)
