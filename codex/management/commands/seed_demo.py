"""``manage.py seed_demo``: the demo's people, councils and shops. Safe to run again."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from codex.demo.councils import ensure_councils
from codex.demo.people import ensure_people, ensure_tenants
from codex.demo.shops import SeedingFailed, ensure_shops
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load the demo: two tenants, seven people, two shared councils, a shop with thirteen"
        " months of simulated history that end today. What is there already stays as it is."
    )

    def handle(self, *args, **options):
        started = time.monotonic()
        try:
            users = ensure_people()
            ensure_tenants(users)
            ensure_councils(users)
            self._say(f"{len(users)} people, 2 tenants, 2 shared councils")
            ensure_shops(timezone.now(), self._say)
        except (DomainError, SeedingFailed) as error:
            raise CommandError(str(error)) from error
        self._say(f"Ready after {time.monotonic() - started:.1f} s")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
