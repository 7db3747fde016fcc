"""An import at work: once, alone, whole or not at all, and found again when its worker dies."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from core.scope import scope
from stores import services, tasks
from stores.models import ImportRefusal, ImportRun, Order, OrderLine, Product
from stores.services import running
from stores.states import ImportState
from tests.stores.files import INVOICES
from tests.stores.importing import OPERATOR, bring_in


@pytest.fixture
def sent(monkeypatch):
    """What would have gone to the broker."""
    found = []
    monkeypatch.setattr(tasks.import_file, "send", lambda **ids: found.append(ids))
    return found


def queued(tenant, text=INVOICES, monkeypatch=None) -> ImportRun:
    """A file confirmed and left for a worker."""
    with scope(tenant_id=tenant.pk):
        run = services.receive_upload(
            tenant_id=tenant.pk,
            file=io.BytesIO(text.encode()),
            filename="orders.csv",
            actor=OPERATOR,
        )
        run.mark_queued()
        run.save()
        return run


def reread(run) -> ImportRun:
    with scope(tenant_id=run.tenant_id):
        return ImportRun.objects.get(pk=run.pk)


def test_a_large_file_is_left_to_a_worker(committed_cast, sent, monkeypatch):
    monkeypatch.setattr("stores.services.uploads.AT_ONCE", 10)
    tenant = committed_cast.tenant
    with scope(tenant_id=tenant.pk):
        run = services.receive_upload(
            tenant_id=tenant.pk,
            file=io.BytesIO(INVOICES.encode()),
            filename="orders.csv",
            actor=OPERATOR,
        )
        services.confirm_import(run_id=run.pk, actor=OPERATOR)
        assert sent == []
    assert sent == [{"tenant_id": tenant.pk, "run_id": run.pk}]
    assert reread(run).status == ImportState.QUEUED

    tasks.import_file(**sent[0])
    assert reread(run).status == ImportState.SUCCEEDED


def test_a_message_delivered_twice_imports_once(committed_cast):
    tenant = committed_cast.tenant
    run = queued(tenant)
    for _ in range(2):
        services.run_import(tenant_id=tenant.pk, run_id=run.pk)
    found = reread(run)
    assert (found.status, found.attempts, found.rows_kept) == (ImportState.SUCCEEDED, 1, 7)
    with scope(tenant_id=tenant.pk):
        assert ImportRefusal.objects.count() == 3


def test_ten_workers_at_one_import_load_it_once(committed_cast):
    tenant = committed_cast.tenant
    run = queued(tenant)

    def work():
        try:
            services.run_import(tenant_id=tenant.pk, run_id=run.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = reread(run)
    assert (found.status, found.attempts) == (ImportState.SUCCEEDED, 1)
    with scope(tenant_id=tenant.pk):
        assert OrderLine.objects.count() == 7
        assert ImportRefusal.objects.count() == 3


def test_a_file_that_breaks_off_leaves_nothing_behind(in_tenant, tmp_path):
    more = "".join(f"91{n:04},A1,Paper Star,1,2011-11-01,2.55,,UK\n" for n in range(600))
    bad = INVOICES + more + '900010,A1,"never closed' + "\nx" * 1_100_000
    run = bring_in(tmp_path, in_tenant, bad)

    assert run.status == ImportState.FAILED
    assert run.problem == {
        "line": 612,
        "reason": "A cell is too large, or a quotation mark opened here is never closed.",
    }
    assert (run.rows_read, run.rows_kept, run.rows_refused) == (0, 0, 0)
    for model in (Order, OrderLine, Product, ImportRefusal):
        assert not model.objects.exists()


def test_a_fault_of_ours_gives_a_reference_and_leaves_nothing(in_tenant, tmp_path, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(running.OrderLoader, "load", broken)
    run = bring_in(tmp_path, in_tenant, INVOICES)

    assert run.status == ImportState.FAILED
    assert run.problem["reference"] in run.problem["reason"]
    assert not Order.objects.exists()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, INVOICES, dry_run=True)

    assert (run.rows_read, run.rows_kept, run.rows_refused) == (10, 7, 3)
    assert run.result["dry_run"]
    assert run.result["counts"]["lines_created"] == 7
    assert not Order.objects.exists()
    assert bring_in(tmp_path, in_tenant, INVOICES).result["counts"]["lines_created"] == 7


def test_the_sweep_hands_a_dead_workers_import_to_the_next(committed_cast, sent):
    tenant = committed_cast.tenant
    run = queued(tenant)
    with scope(tenant_id=tenant.pk):
        left = ImportRun.objects.get(pk=run.pk)
        left.mark_running()
        left.save()
    assert services.sweep_imports() == 0
    with scope(tenant_id=tenant.pk):
        earlier = timezone.now() - timedelta(minutes=2)
        ImportRun.objects.filter(pk=run.pk).update(queued_at=earlier, started_at=earlier)

    assert services.sweep_imports() == 1
    tasks.import_file(**sent[0])

    found = reread(run)
    assert (found.status, found.attempts) == (ImportState.SUCCEEDED, 2)
    assert services.sweep_imports() == 0


def test_what_breaks_off_again_and_again_is_given_up(committed_cast):
    tenant = committed_cast.tenant
    run = queued(tenant)
    with scope(tenant_id=tenant.pk):
        ImportRun.objects.filter(pk=run.pk).update(attempts=running.ATTEMPTS)
    services.run_import(tenant_id=tenant.pk, run_id=run.pk)
    assert reread(run).status == ImportState.FAILED


def test_a_second_import_of_a_tenant_waits_for_the_first(committed_cast):
    tenant = committed_cast.tenant
    run = queued(tenant)
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with scope(tenant_id=tenant.pk), connection.cursor() as cursor:
                cursor.execute(running.LOCK, [tenant.pk])
                held.set()
                done.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    services.run_import(tenant_id=tenant.pk, run_id=run.pk)
    assert reread(run).status == ImportState.QUEUED
    done.set()
    holder.join(20)
    services.run_import(tenant_id=tenant.pk, run_id=run.pk)
    assert reread(run).status == ImportState.SUCCEEDED


def test_uploads_nobody_confirmed_are_thrown_away_after_a_day(committed_cast):
    tenant = committed_cast.tenant
    with scope(tenant_id=tenant.pk):
        runs = [
            services.receive_upload(
                tenant_id=tenant.pk,
                file=io.BytesIO(INVOICES.encode()),
                filename="orders.csv",
                actor=OPERATOR,
            )
            for _ in range(2)
        ]
        old = timezone.now() - timedelta(hours=25)
        ImportRun.objects.filter(pk=runs[0].pk).update(created_at=old)

    assert services.expire_uploads() == 1

    assert [reread(run).status for run in runs] == [ImportState.DISCARDED, ImportState.PREVIEWED]
    assert [default_storage.exists(run.path) for run in runs] == [False, True]


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(committed_cast, monkeypatch):
    """It claimed, stood still, and another took over meanwhile: its number is old now."""
    tenant = committed_cast.tenant
    run = queued(tenant)
    slow = running._claim(tenant.pk, run.pk)
    with scope(tenant_id=tenant.pk):
        earlier = timezone.now() - timedelta(minutes=2)
        ImportRun.objects.filter(pk=run.pk).update(started_at=earlier)
    services.run_import(tenant_id=tenant.pk, run_id=run.pk)
    before = reread(run).finished_at
    with scope(tenant_id=tenant.pk):
        running._load(run.pk, slow, None, running.Options(), None)
        assert OrderLine.objects.count() == 7
    assert reread(run).finished_at == before


def test_another_tenant_never_sees_the_finders_rows(cast):
    with scope(tenant_id=cast.other.pk):
        assert not ImportRun.objects.exists()
