"""``manage.py doctor``: what is wrong with this installation, and how to mend it."""

from django.core.management.base import BaseCommand, CommandError

from codex import vitals


class Command(BaseCommand):
    help = "Looks at every part this installation stands on, and says how to mend what is wrong."
    # It has to run where something is broken.
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        found = [vitals.look_at(part, check) for part, check in vitals.EVERYTHING.items()]
        for one in found:
            self._tell(one)
        wrong = sum(not one.is_well for one in found)
        if wrong:
            raise CommandError(f"{wrong} of {len(found)} parts need a hand.")
        self.stdout.write("Everything is in its place.")

    def _tell(self, one: vitals.Found) -> None:
        if one.is_well:
            self.stdout.write(f"  well   {one.part}")
            return
        self.stdout.write(self.style.ERROR(f"  wrong  {one.part}: {one.said}"))
        if one.mend:
            self.stdout.write(f"         {one.mend}")
