"""Real Celery workers on the real broker: killed in the middle, doubled, and without a broker."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from core.scope import scope
from stores.models import Variant
from tests.workflows.conftest import make_shop, prices
from tests.workflows.processes import (
    ROOT,
    broker_is_there,
    empty_the_broker,
    environment,
    has_ended,
    kill,
    reloaded,
    start_worker,
    wait_for,
)
from tests.workflows.test_crashes import kinds, make_run, results
from workflows import queries, services, tasks
from workflows.models import Workflow

pytestmark = [pytest.mark.slow, pytest.mark.worker]
TEN_THOUSAND = 10_000


@pytest.fixture(autouse=True)
def _clean_broker():
    if not broker_is_there():
        pytest.skip("CELERY_BROKER_URL names no broker; bin/test starts one")
    empty_the_broker()
    yield
    empty_the_broker()


@pytest.fixture
def workers(tmp_path) -> Iterator[list[subprocess.Popen]]:
    started: list[subprocess.Popen] = []
    yield started
    for worker in started:
        kill(worker)


@pytest.fixture
def big_run(committed_cast) -> Workflow:
    with scope(tenant_id=committed_cast.tenant.pk):
        make_shop(committed_cast.tenant.pk, TEN_THOUSAND)
        return make_run(committed_cast)


def swept(run: Workflow) -> bool:
    """What beat does every few seconds, until the run has ended."""
    if not has_ended(run):
        with scope(tenant_id=run.tenant_id):
            Workflow.objects.update(nudged_at=None)
        services.sweep()
        time.sleep(0.5)
    return has_ended(run)


def test_a_worker_killed_in_the_middle_of_ten_thousand_changes(big_run, workers, tmp_path):
    workers.append(start_worker(tmp_path / "first.log", CODEX_CHUNK_SIZE="200"))
    assert tasks.run_workflow.send(tenant_id=big_run.tenant_id, workflow_id=big_run.pk)
    wait_for(lambda: reloaded(big_run).done >= 1_000, 60, "it never got going")
    kill(workers[0])
    left_at = reloaded(big_run)
    assert left_at.status == "running"
    assert 1_000 <= left_at.done < TEN_THOUSAND

    workers.append(start_worker(tmp_path / "second.log", CODEX_CHUNK_SIZE="200"))
    wait_for(lambda: swept(big_run), 90, "nobody took over")

    run = reloaded(big_run)
    assert (run.status, run.applied, run.skipped) == ("succeeded", TEN_THOUSAND, 0)
    with scope(tenant_id=run.tenant_id):
        assert prices() == [f"{11 + number % 90}.00" for number in range(TEN_THOUSAND)]
        assert results(run, "apply") == [(n + 1, "applied") for n in range(TEN_THOUSAND)]
    assert kinds(run).count("workflow.started") == 1
    assert kinds(run).count("workflow.succeeded") == 1


def test_two_workers_and_every_message_five_times(committed_cast, workers, tmp_path):
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk, 500)
        run = make_run(cast)
    for name in ("one", "two"):
        workers.append(start_worker(tmp_path / f"{name}.log", CODEX_CHUNK_SIZE="50"))

    for _ in range(5):
        assert tasks.run_workflow.send(tenant_id=run.tenant_id, workflow_id=run.pk)
    wait_for(lambda: has_ended(run), 60)
    time.sleep(1)

    run = reloaded(run)
    assert (run.status, run.applied, run.fence) == ("succeeded", 500, 1)
    with scope(tenant_id=run.tenant_id):
        assert prices() == [f"{11 + number % 90}.00" for number in range(500)]
    assert kinds(run) == [
        "workflow.created",
        "workflow.started",
        "workflow.checked",
        "workflow.succeeded",
    ]


CREATE = """
import django, time; django.setup()
from core.scope import scope
from tenants.actors import Person
from tenants.models import User
from workflows import services
from workflows.models import Plan
with scope(tenant_id="tenant_tenant"):
    plan = Plan.objects.get()
    actor = Person(user=User.objects.get(pk="user_eddie"), tenant_id=plan.tenant_id, role="editor")
    run = services.create_workflow(plan=plan, name="x", inputs={}, draft_id=None, actor=actor)
    began = time.monotonic()
print(time.monotonic() - began)
"""


@pytest.fixture
def committed_plan(committed_cast):
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        return services.make_plan(
            tenant_id=cast.tenant.pk,
            workflow_type_id="test.raise_prices",
            inputs={},
            draft_id=None,
            seed="x",
            actor=cast.actor("eddie"),
        )


def create_in_a_process(**more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", CREATE],
        cwd=ROOT,
        env=environment(DJANGO_SETTINGS_MODULE="codex.settings", **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "broker", ["redis+socket:///tmp/no-such-broker.sock", "redis://127.0.0.1:1/0"]
)
def test_with_the_broker_down_the_commit_stands_and_the_sweep_starts_the_run(
    committed_plan, workers, tmp_path, broker
):
    made = create_in_a_process(CELERY_BROKER_URL=broker)
    assert (made.returncode, made.stderr.count("Traceback")) == (0, 0), made.stderr
    assert float(made.stdout) < 5
    with scope(tenant_id=committed_plan.tenant_id):
        run = Workflow.objects.get()
    assert run.status == "pending"

    workers.append(start_worker(tmp_path / "worker.log"))
    assert services.sweep() == 1
    wait_for(lambda: has_ended(run), 30)

    assert reloaded(run).status == "succeeded"


def test_killed_between_commit_and_publish_the_sweep_starts_the_run(
    committed_plan, workers, tmp_path
):
    mark = tmp_path / "crashed"
    made = create_in_a_process(
        CODEX_CRASH_AT="after_commit_before_publish", CODEX_CRASH_MARK=str(mark)
    )
    assert (made.returncode, mark.exists()) == (-9, True)
    with scope(tenant_id=committed_plan.tenant_id):
        run = Workflow.objects.get()

    workers.append(start_worker(tmp_path / "worker.log"))
    assert services.sweep() == 1
    wait_for(lambda: has_ended(run), 30)

    assert reloaded(run).status == "succeeded"


def test_the_sweep_finds_what_is_due_and_leaves_the_rest(committed_plan, committed_cast):
    tenant_id = committed_plan.tenant_id
    with scope(tenant_id=tenant_id):
        run = services.create_workflow(
            plan=committed_plan,
            name="x",
            inputs={},
            draft_id=None,
            actor=committed_cast.actor("eddie"),
            auto_execute=False,
        )
    assert queries.due_run_ids() == []
    with scope(tenant_id=tenant_id):
        services.start_workflow(workflow_id=run.pk, actor=committed_cast.actor("eddie"))
    assert queries.due_run_ids() == [(tenant_id, run.pk)]
    services.sweep()
    assert queries.due_run_ids() == []  # told just now; again when nobody has taken it up


def test_a_hundred_at_once_make_one_run(committed_plan, committed_cast):
    barrier = threading.Barrier(20)

    def create(_: int) -> list[str]:
        barrier.wait()
        try:
            made = []
            for _again in range(5):
                with scope(tenant_id=committed_plan.tenant_id):
                    run = services.create_workflow(
                        plan=committed_plan,
                        name="x",
                        inputs={},
                        draft_id=None,
                        actor=committed_cast.actor("eddie"),
                        run_at=committed_plan.computed_at,
                    )
                made.append(run.pk)
            return made
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        ids = [one for found in pool.map(create, range(20)) for one in found]

    assert len(ids) == 100
    assert len(set(ids)) == 1
    with scope(tenant_id=committed_plan.tenant_id):
        assert Workflow.objects.count() == 1


def test_several_workers_in_threads_apply_each_change_once(
    committed_plan, committed_cast, settings
):
    """Twenty runs of the engine at once on one run: one of them works, the others let it be."""
    settings.CODEX_CHUNK_SIZE = 2
    with scope(tenant_id=committed_plan.tenant_id):
        run = services.create_workflow(
            plan=committed_plan,
            name="x",
            inputs={},
            draft_id=None,
            actor=committed_cast.actor("eddie"),
            run_at=committed_plan.computed_at,
        )

    def work(_: int) -> None:
        try:
            services.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(20)))

    run = reloaded(run)
    assert (run.status, run.fence, run.applied) == ("succeeded", 1, 5)
    with scope(tenant_id=run.tenant_id):
        total = sum(Variant.objects.values_list("price", flat=True))
    assert total == Decimal(65)
