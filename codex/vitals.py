"""Whether the parts this installation stands on are there, and in plain words how to mend them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from kombu import Connection

from codex.celery import app

# The beat has work every minute, and writes down when it sent it every three.
BEAT_SILENT_AFTER = timedelta(minutes=6)
CLOCKS_APART = 5.0  # seconds
LOGINS = {"default": "web and workers", "staff": "the admin", "scan": "the detectors"}


class Wrong(Exception):
    """What is wrong, and what to do about it."""

    def __init__(self, said: str, mend: str) -> None:
        super().__init__(said)
        self.said, self.mend = said, mend


@dataclass(frozen=True, slots=True)
class Found:
    part: str
    is_well: bool
    said: str = "ok"
    mend: str = ""


def look_at(part: str, check: Callable[[], None]) -> Found:
    try:
        check()
    except Wrong as wrong:
        return Found(part, False, wrong.said, wrong.mend)
    except Exception as error:
        return Found(part, False, type(error).__name__, MEND.get(part, ""))
    return Found(part, True)


# -- what a web process needs to answer at all


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def broker() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as link:
        link.ensure_connection(max_retries=1, timeout=2)


_migrated: set[str] = set()


def migrations() -> None:
    """Not read again once they were all there: a process does not outlive its code."""
    if _migrated:
        return
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Wrong(
            f"{len(missing)} migrations are missing, the first is {missing[0][0]}",
            "Run `python manage.py migrate` with this version of the code.",
        )
    _migrated.add("all")


def beat() -> None:
    last = PeriodicTask.objects.filter(enabled=True).aggregate(last=Max("last_run_at"))["last"]
    if last is None:
        raise Wrong("it never sent anything", START_BEAT)
    silent = timezone.now() - last
    if silent > BEAT_SILENT_AFTER:
        raise Wrong(f"silent for {round(silent.total_seconds() / 60)} minutes", START_BEAT)


# -- what else an installation needs


def logins() -> None:
    for alias, who in LOGINS.items():
        if alias not in connections:
            raise Wrong(f"no login for {who}", "Set the DATABASE_…_URL that docs/deploy.md names.")
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")


def row_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            raise Wrong(
                "the login of web and workers is above the row policies",
                "Make DATABASE_URL a login that is no superuser and has no BYPASSRLS:"
                " as it is, a forgotten filter would show one shop another's rows.",
            )


def worker() -> None:
    answers = app.control.inspect(timeout=2).ping()
    if not answers:
        raise Wrong("none answers", "Start `celery -A codex worker`; without it nothing runs.")


def cached() -> None:
    key = f"doctor:{time.monotonic_ns()}"
    cache.set(key, "here", 10)
    if cache.get(key) != "here":
        raise Wrong("it forgets at once", "Look at CACHE_URL.")
    cache.delete(key)


def clocks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = abs(float(cursor.fetchone()[0]) - time.time())
    if apart > CLOCKS_APART:
        raise Wrong(
            f"this machine and the database are {apart:.0f} seconds apart",
            "Let both follow a time server: leases and approvals are counted in time.",
        )


def secrets() -> None:
    if settings.DEBUG:
        raise Wrong("CODEX_DEBUG is on", "Switch it off wherever strangers can reach this.")


START_BEAT = (
    "Start `celery -A codex beat` with the database scheduler: without it nothing starts by itself."
)
MEND = {
    "database": "Is PostgreSQL running, and is DATABASE_URL right?",
    "broker": "Is the broker running, and is CELERY_BROKER_URL right?",
    "migrations": "Run `python manage.py migrate`.",
    "logins": "Look at DATABASE_STAFF_URL, DATABASE_SCAN_URL and the roles in docs/deploy.md.",
    "cache": "Look at CACHE_URL.",
    "worker": "Start `celery -A codex worker`, on the same broker.",
}
NEEDED = {"database": database, "broker": broker, "migrations": migrations}
EVERYTHING: dict[str, Callable[[], None]] = {
    **NEEDED,
    "logins": logins,
    "row policies": row_policies,
    "cache": cached,
    "worker": worker,
    "beat": beat,
    "clocks": clocks,
    "settings": secrets,
}
