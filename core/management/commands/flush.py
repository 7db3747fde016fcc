"""``flush`` truncates as the owner, whichever login asks; the app's login may not."""

from django.core.management.commands.flush import Command as Flush


class Command(Flush):
    def handle(self, **options):
        options["database"] = "owner"
        return super().handle(**options)
