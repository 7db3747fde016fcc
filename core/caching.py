"""The shared cache is Valkey where ``CACHE_URL`` names one, otherwise a table of the database."""

from django.conf import settings
from django.core.management import call_command

DATABASE_CACHE = "django.core.cache.backends.db.DatabaseCache"


def make_cache_table(using: str) -> None:
    if settings.CACHES["default"]["BACKEND"] == DATABASE_CACHE:
        call_command("createcachetable", database=using, verbosity=0)
