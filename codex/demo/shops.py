"""The demo's shops: the catalogue through the importer customers use, the history simulated."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from codex.demo.people import DEMO, OTHER
from core.actors import SystemActor
from core.scope import scope
from stores.demo.catalogue import DEMO_SHOP, OTHER_SHOP, Catalogue, read_items
from stores.demo.loading import load_history
from stores.demo.simulator import simulate
from stores.demo.story import Story
from stores.models import ImportRun, StoreProfile
from stores.services import ensure_profile, import_file
from stores.states import Clock, ImportState
from tenants.models import Tenant

SEEDER = SystemActor("demo", grants=frozenset({"stores.import_data"}))
STORY = Story()
# The other shop is there to be kept apart; nothing is planted in it.
SMALL_STORY = replace(STORY, seed=27, sessions_per_day=60.0, poor_pages=())
SHELVES = {DEMO: (DEMO_SHOP, STORY), OTHER: (OTHER_SHOP, SMALL_STORY)}
UNTIL = "simulated_until"

Say = Callable[[str], None]


class SeedingFailed(Exception):
    """The demo's own catalogue was not taken as it is."""


def ensure_shops(now: datetime, say: Say) -> None:
    for tenant_id, (catalogue, story) in SHELVES.items():
        _ensure_catalogue(tenant_id, catalogue.products, say)
        _ensure_history(tenant_id, catalogue, story, now, say)


def _ensure_catalogue(tenant_id: str, path: Path, say: Say) -> None:
    """A file that was imported before is left alone, with whatever was made of it since."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    known = {"sha256": sha256, "status": ImportState.SUCCEEDED}
    with scope(tenant_id=tenant_id):
        if ImportRun.objects.filter(**known).exists():
            return
    run = import_file(tenant_id=tenant_id, path=path, actor=SEEDER)
    if run.status != ImportState.SUCCEEDED or run.rows_refused:
        raise SeedingFailed(f"{path.name}: {run.rows_refused} rows refused, {run.problem}")
    say(f"{path.name}: {run.rows_read} rows read = {run.rows_kept} kept + 0 refused")


def _ensure_history(
    tenant_id: str, catalogue: Catalogue, story: Story, now: datetime, say: Say
) -> None:
    """Thirteen months that end today; told anew when they end on an earlier day."""
    with scope(tenant_id=tenant_id):
        profile, local = _live_profile(tenant_id), _local(tenant_id, now)
        today = local.date()
        if profile.facts.get(UNTIL) == today.isoformat():
            return
        last_minute = local.hour * 60 + local.minute
        history = simulate(read_items(catalogue), today, story, last_minute=last_minute)
        loaded = load_history(
            history, today=today, currency=profile.currency, country=profile.country
        )
        StoreProfile.objects.update(facts={**profile.facts, UNTIL: today.isoformat()})
    counts = ", ".join(f"{count:,} {what}" for what, count in loaded.items())
    say(f"{profile.name}, simulated up to {today}: {counts}")


def _live_profile(tenant_id: str) -> StoreProfile:
    profile = ensure_profile(tenant_id)
    if profile.clock != Clock.LIVE:
        StoreProfile.objects.update(clock=Clock.LIVE)
    return profile


def _local(tenant_id: str, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(Tenant.objects.get(pk=tenant_id).timezone))
