"""An import runs: claimed in the database, loaded in one transaction, accounted for.

All that can be kept of a file is kept, or, when the file breaks off or a worker dies, nothing:
the rows, the refusals and the run's end are one transaction. A worker that dies leaves a run that
is running with nobody at work; the lock shows it, and the sweep hands it to the next.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO

import structlog
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import SystemActor
from core.errors import DomainError
from core.lifecycle import record
from core.scope import scope
from stores import queries, tasks
from stores.imports.columns import columns
from stores.imports.errors import Unreadable
from stores.imports.kinds import KINDS
from stores.imports.table import Table
from stores.loading.catalogue import CatalogueLoader
from stores.loading.orders import OrderLoader
from stores.loading.planner import gather_statistics
from stores.loading.tally import Tally
from stores.models import ImportRun
from stores.services import files
from stores.services.profile import ensure_profile, reading_context
from stores.states import ImportKind, ImportState

log = structlog.get_logger(__name__)
IMPORTER = SystemActor("importer", grants=frozenset({"stores.import_data"}))
ATTEMPTS = 3
SURELY_DEAD = timedelta(seconds=30)
UNCONFIRMED = timedelta(hours=24)
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('stores.import ' || %s, 0))"
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """``again`` loads a file although it was imported before; ``dry_run`` takes it all back;
    ``after`` runs in the same transaction once the rows are in."""

    again: bool = False
    dry_run: bool = False
    after: Callable[[str], dict[str, Any]] | None = None


@dataclass(slots=True)
class Rehearsal(Exception):
    """Thrown to take back a dry run; carries what it would have done."""

    tally: Tally
    result: dict[str, Any] = field(default_factory=dict)


def run_import(
    *,
    tenant_id: str,
    run_id: str,
    file: BinaryIO | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Load a queued file. Safe to call twice: the second finds nothing to do."""
    options = options or Options()
    fence = _claim(tenant_id, run_id)
    if fence:
        try:
            # Inside a request the scope is open already; what fails here is taken back here.
            with scope(tenant_id=tenant_id), transaction.atomic():
                _load(run_id, fence, file, options, progress)
        except Rehearsal as rehearsal:
            _finish(tenant_id, run_id, rehearsal.tally, rehearsal.result)
        except Unreadable as error:
            _fail(tenant_id, run_id, {"line": error.line, "reason": error.reason})
        except DomainError as error:
            _fail(tenant_id, run_id, {"line": 0, "reason": str(error)})
        except Exception:
            _fail(tenant_id, run_id, _fault(run_id))
    with scope(tenant_id=tenant_id):
        return ImportRun.objects.get(pk=run_id)


def _claim(tenant_id: str, run_id: str) -> int:
    """The number of this attempt, committed before any row is read; 0 when it is not ours.

    A run that is at work is taken over only when nobody holds the lock and it began a while ago:
    between a claim and its lock there is a moment in which a living worker looks dead.
    """
    with scope(tenant_id=tenant_id):
        run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
        if run is None or not _is_free(run) or not _has_lock(tenant_id):
            return 0
        before = run.status
        if run.attempts >= ATTEMPTS:
            run.mark_failed({"line": 0, "reason": _("It was tried several times and broke off.")})
            run.save()
            record("import.failed", run, actor=IMPORTER, before=before, after=run.status)
            return 0
        if before == ImportState.RUNNING:
            run.mark_queued()
        run.mark_running()
        run.save()
        record("import.started", run, actor=IMPORTER, before=before, after=run.status)
        return run.attempts


def _is_free(run: ImportRun) -> bool:
    if run.status == ImportState.RUNNING:
        return run.started_at is not None and run.started_at < timezone.now() - SURELY_DEAD
    return run.status == ImportState.QUEUED


def _load(
    run_id: str, fence: int, file: BinaryIO | None, options: Options, progress: Progress | None
) -> None:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if (run.status, run.attempts) != (ImportState.RUNNING, fence) or not _has_lock(run.tenant_id):
        return
    same = None if options.again else _imported_before(run)
    tally, result = Tally(run.tenant_id, run.pk), {}
    if same is not None:
        _repeat(tally, same)
        result = {"same_as": same.pk, "counts": {}, "seconds": 0}
    else:
        started = time.monotonic()
        with nullcontext(file) if file is not None else files.opened(run.path) as opened:
            _read_all(run, opened, tally, progress or _shown_progress(run, opened))
        result = {"counts": dict(tally.counts), "seconds": round(time.monotonic() - started, 1)}
    result |= {"warnings": tally.warnings, "warned": tally.warned}
    if options.after is not None:
        result["after"] = options.after(run.tenant_id)
    gather_statistics()
    if options.dry_run:
        raise Rehearsal(tally, result | {"dry_run": True})
    _succeed(run, tally, result)


def _read_all(run: ImportRun, file: BinaryIO, tally: Tally, progress: Progress) -> None:
    kind = KINDS[run.kind]
    table = Table(file)
    places = columns(kind.layout, table.headers, run.mapping)
    context = reading_context(ensure_profile(run.tenant_id), comma=bool(run.preview.get("comma")))
    rows = kind.read(table, places, context)
    if kind.brings == "orders":
        tells_orders = run.kind == ImportKind.SHOPIFY_ORDERS
        OrderLoader(tally, tells_orders=tells_orders).load(rows, progress)
    else:
        CatalogueLoader(tally, told=places.index.keys()).load(rows, progress)
    if tally.read != table.rows_read:
        raise RuntimeError(f"{table.rows_read} rows were read and {tally.read} accounted for")


def _imported_before(run: ImportRun) -> ImportRun | None:
    """The newest run that brought in this very file, read the same way."""
    return (
        ImportRun.objects.filter(
            tenant_id=run.tenant_id,
            sha256=run.sha256,
            kind=run.kind,
            mapping=run.mapping,
            status=ImportState.SUCCEEDED,
        )
        .exclude(result__has_key="dry_run")
        .order_by("-finished_at")
        .first()
    )


def _repeat(tally: Tally, same: ImportRun) -> None:
    tally.read, tally.refused = same.rows_read, same.rows_refused


def _succeed(run: ImportRun, tally: Tally, result: dict[str, Any]) -> None:
    run.mark_succeeded(read=tally.read, kept=tally.kept, refused=tally.refused, result=result)
    path, run.path = run.path, ""
    run.save()
    data = {"read": tally.read, "kept": tally.kept, "refused": tally.refused, **result}
    data.pop("warnings", None)
    record(
        "import.finished",
        run,
        actor=IMPORTER,
        before=ImportState.RUNNING,
        after=run.status,
        data=data,
    )
    transaction.on_commit(partial(files.forget, path))


def _finish(tenant_id: str, run_id: str, tally: Tally, result: dict[str, Any]) -> None:
    with scope(tenant_id=tenant_id):
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        _succeed(run, tally, result)


def _fail(tenant_id: str, run_id: str, problem: dict[str, Any]) -> None:
    with scope(tenant_id=tenant_id):
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        run.mark_failed(problem)
        path, run.path = run.path, ""
        run.save()
        record(
            "import.failed",
            run,
            actor=IMPORTER,
            before=ImportState.RUNNING,
            after=run.status,
            data=problem,
        )
        transaction.on_commit(partial(files.forget, path))


def _fault(run_id: str) -> dict[str, Any]:
    reference = secrets.token_hex(4)
    log.exception("import_failed", run_id=run_id, reference=reference)
    reason = _("Something broke on our side. Nothing was imported. Reference: {reference}.")
    return {"line": 0, "reason": reason.format(reference=reference), "reference": reference}


def _has_lock(tenant_id: str) -> bool:
    """One import at a time per tenant; the lock ends with its transaction, and so with its
    worker."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [tenant_id])
        return bool(cursor.fetchone()[0])


def _shown_progress(run: ImportRun, file: BinaryIO) -> Progress:
    """How far a run is, for its page; the run's own row is written only at the end."""

    def shown(rows: int) -> None:
        percent = min(99, 100 * file.tell() // max(run.size, 1))
        cache.set(queries.progress_key(run.pk), {"rows": rows, "percent": percent}, timeout=3600)

    return shown


def sweep_imports() -> int:
    """Publish again what was queued and never started, or whose worker died; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, run_id FROM codex_imports_to_publish()")
        found = cursor.fetchall()
    for tenant_id, run_id in found:
        tasks.import_file.send(tenant_id=tenant_id, run_id=run_id)
    return len(found)


def expire_uploads() -> int:
    """Throw away uploads nobody confirmed within a day; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, run_id FROM codex_uploads_to_expire()")
        found = cursor.fetchall()
    return sum(_expire(tenant_id, run_id) for tenant_id, run_id in found)


def _expire(tenant_id: str, run_id: str) -> bool:
    with scope(tenant_id=tenant_id):
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        old = run.created_at < timezone.now() - UNCONFIRMED
        if run.status != ImportState.PREVIEWED or not old:
            return False
        run.mark_discarded()
        path, run.path = run.path, ""
        run.save()
        record(
            "import.expired",
            run,
            actor=IMPORTER,
            before=ImportState.PREVIEWED,
            after=run.status,
        )
        transaction.on_commit(partial(files.forget, path))
    return True
