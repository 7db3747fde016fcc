"""Real processes for tests: Celery workers and single runs, on the test's own database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

from core.scope import scope
from workflows.models import Workflow

ROOT = Path(__file__).resolve().parents[2]
ENDED = {"succeeded", "failed", "cancelled", "stopped_by_drift", "undone", "undo_incomplete"}
LOGINS = {
    "default": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "staff": "DATABASE_STAFF_URL",
    "scan": "DATABASE_SCAN_URL",
}


def environment(**more: str) -> dict[str, str]:
    """Ours, with every login's address pointing at the test database."""
    wanted = dict(os.environ)
    name = connections["default"].settings_dict["NAME"]
    for variable in LOGINS.values():
        address, _, query = os.environ[variable].partition("?")
        base = address.rpartition("/")[0]
        wanted[variable] = f"{base}/{name}" + (f"?{query}" if query else "")
    return wanted | {"CODEX_LEASE_SECONDS": "2", "CODEX_LOG_LEVEL": "WARNING"} | more


def start_worker(log: Path, **more: str) -> subprocess.Popen:
    """A Celery worker with one child, in a process group of its own; ready when this returns."""
    command = [sys.executable, "-m", "celery", "-A", "codex", "worker", "-c", "1", "-l", "INFO"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("ab") as out:
        worker = subprocess.Popen(
            [*command, *quiet],
            cwd=ROOT,
            env=environment(CODEX_LOG_LEVEL="INFO", **more),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    wait_for(lambda: " ready." in log.read_text(), 60, f"worker: {log.read_text()}")
    return worker


def kill(worker: subprocess.Popen) -> None:
    """As a machine that loses power: parent and children at once."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(timeout=10)


def work_in_a_process(run: Workflow, **more: str) -> int:
    """The exit code; -9 when the crash point was reached."""
    command = [sys.executable, "-m", "tests.workflows.one_run", run.tenant_id, run.pk]
    done = subprocess.run(command, cwd=ROOT, env=environment(**more), timeout=120, check=False)
    return done.returncode


def wait_for(condition: Callable[[], object], seconds: float, complaint: str = "") -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s; {complaint}")
        time.sleep(0.1)


def reloaded(run: Workflow) -> Workflow:
    with scope(tenant_id=run.tenant_id):
        return Workflow.objects.get(pk=run.pk)


def has_ended(run: Workflow) -> bool:
    return reloaded(run).status in ENDED


def empty_the_broker() -> None:
    """The broker of the tests is theirs alone."""
    from codex.celery import app

    with app.connection_for_write() as connection:
        connection.default_channel.client.flushdb()


def broker_is_there() -> bool:
    return bool(settings.CELERY_BROKER_URL)
