"""How a shop comes in: by the importer, every row accounted for, with time and memory."""

import resource
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db.models import Count

from codex.demo.people import EDITOR, OWNER, RITA, RON
from codex.demo.story.shop import moved_tables, shop_state
from codex.demo.story.stage import Stage
from codex.demo.story.teller import StoryBroken
from core.actors import SystemActor
from core.ids import new_id
from core.scope import scope
from stores.demo.catalogue import DEMO_SHOP
from stores.demo.missing import simulate_missing
from stores.models import ImportRefusal, ImportRun, MarketPrice, OrderLine, TrafficDay, Variant
from stores.queries import today
from stores.services import import_file
from stores.services.running import Options
from stores.states import ImportState
from tenants.models import User
from tenants.services import add_member, create_tenant

TELLER = SystemActor("story", grants=frozenset({"stores.import_data", "tenants.manage_members"}))
MOST_MEMORY = 300
MEGABYTE = 1 << 20
REASONS_SHOWN = 3


def new_tenant(users: dict[str, User], files: Sequence[Path]) -> tuple[str, str]:
    """A tenant of its own for these files, so that the story can be played any number of times."""
    tenant_id, now = new_id("tenant"), datetime.now().astimezone()
    name = f"{files[-1].name.split('.')[0]}, {now:%d %b %H:%M:%S}"
    create_tenant(name=name, owner=users[OWNER.email], tenant_id=tenant_id)
    for person in (EDITOR, RITA, RON):
        add_member(tenant_id=tenant_id, user=users[person.email], role=person.role, actor=TELLER)
    return tenant_id, name


def import_again(stage: Stage) -> None:
    """The demo shop is put back to its catalogue, by the same door; a second time does nothing."""
    again = Options(again=True)
    _import(stage, DEMO_SHOP.products, again)
    before = shop_state(stage.tenant_id)
    run = _import(stage, DEMO_SHOP.products, again)
    changed = {key: count for key, count in run.result["counts"].items() if _is_change(key, count)}
    stage.teller.check(
        "the same file a second time changes nothing",
        not changed and shop_state(stage.tenant_id) == before,
        changed or moved_tables(before, shop_state(stage.tenant_id)),
    )


def _is_change(key: str, count: int) -> bool:
    return count > 0 and not key.endswith("_unchanged")


def import_exports(stage: Stage, files: Sequence[Path]) -> None:
    for path in files:
        _import(stage, path, Options())
    peak = peak_megabytes()
    stage.teller.check(f"peak memory {peak:.0f} MB, under {MOST_MEMORY}", peak < MOST_MEMORY)
    with scope(tenant_id=stage.tenant_id):
        lines, clock = OrderLine.objects.count(), today(stage.tenant_id)
    stage.teller.fact("shop", f"{lines:,} order lines; its clock stands at {clock}")


def _import(stage: Stage, path: Path, options: Options) -> ImportRun:
    """Import one file and check that no row of it went missing."""
    started = time.perf_counter()
    run = import_file(tenant_id=stage.tenant_id, path=path, actor=TELLER, options=options)
    seconds = time.perf_counter() - started
    if run.status != ImportState.SUCCEEDED:
        raise StoryBroken(f"{path.name} was not imported: {run.problem}")
    tell = stage.teller
    tell.fact(
        "file", f"{path.name}, {run.size / MEGABYTE:.1f} MB, read as {run.get_kind_display()}"
    )
    tell.fact("took", f"{seconds:.1f} s, {run.rows_read / max(seconds, 0.01):,.0f} rows a second")
    counts = [f"{n:,} {key.replace('_', ' ')}" for key, n in run.result["counts"].items() if n]
    tell.fact("made", ", ".join(counts) or "nothing new")
    _tell_refused(stage, run)
    with scope(tenant_id=stage.tenant_id):
        listed = ImportRefusal.objects.filter(run=run).count()
    tell.check(
        f"{run.rows_read:,} rows read = {run.rows_kept:,} kept + {run.rows_refused:,} refused,"
        " each refused one listed with its line and reason",
        run.rows_read == run.rows_kept + run.rows_refused and listed == run.rows_refused,
        listed,
    )
    return run


def _tell_refused(stage: Stage, run: ImportRun) -> None:
    with scope(tenant_id=stage.tenant_id):
        reasons = (
            ImportRefusal.objects.filter(run=run)
            .values("reason")
            .annotate(times=Count("id"))
            .order_by("-times", "reason")[:REASONS_SHOWN]
        )
        for row in reasons:
            stage.teller.fact("refused", f"{row['times']:,} times: {row['reason']}")


def peak_megabytes() -> float:
    """The most this process has used so far; Linux counts in kilobytes, macOS in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / MEGABYTE if sys.platform == "darwin" else used / 1024


def complete(stage: Stage) -> None:
    """Costs, market prices and visits for a shop whose exports can't hold them."""
    with scope(tenant_id=stage.tenant_id):
        orders = OrderLine.objects.count()
        with stage.teller.timed("simulated", "costs, market prices and visits"):
            made = simulate_missing(tenant_id=stage.tenant_id, actor=TELLER)
        for what, count in made.items():
            stage.teller.fact("", f"{count:,} {what}")
        unlabelled = (
            Variant.objects.filter(cost__isnull=False, cost_simulated=False).count(),
            MarketPrice.objects.filter(simulated=False).count(),
            TrafficDay.objects.filter(simulated=False).count(),
        )
        stage.teller.fact("real ones", "{} costs, {} market prices, {} days".format(*unlabelled))
        stage.teller.check(
            "real orders are untouched, and every made-up row is labelled simulated",
            OrderLine.objects.count() == orders
            and made["costs"] == Variant.objects.filter(cost_simulated=True).count()
            and made["market prices"] == MarketPrice.objects.filter(simulated=True).count(),
        )
