"""``manage.py seed_templates``: the shipped templates, however often it is called."""

from django.core.management.base import BaseCommand

from core.routing import on_database
from councils.models import Council
from councils.services import keep_shared_council
from templates_catalog.services.shipping import keep_shipped_templates
from templates_catalog.shipped import CONTENT, MEDIA

NAMES = {MEDIA: "Media council", CONTENT: "Content council"}


class Command(BaseCommand):
    help = "Put the shipped templates into every tenant's catalog. Safe to repeat."

    def handle(self, *args, **options):
        self._make_councils()
        for template in keep_shipped_templates():
            self.stdout.write(f"{template.pk} version {template.version}")

    def _make_councils(self) -> None:
        """Where nobody has made the shared councils yet; their people are the staff's choice."""
        with on_database("staff"):
            present = set(Council.objects.values_list("pk", flat=True))
        for council_id, name in NAMES.items():
            if council_id not in present:
                keep_shared_council(council_id=council_id, name=name, seats={"Review": []})
