"""A real web server and a real worker on the test database, for the length of a test."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
LOGINS = {
    "default": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "staff": "DATABASE_STAFF_URL",
    "scan": "DATABASE_SCAN_URL",
}
PATIENCE = 60


@contextmanager
def running_codex(logs: Path) -> Iterator[str]:
    """Yields the address of the web server."""
    port = _free_port()
    web = f"granian --interface wsgi --host 127.0.0.1 --port {port} --no-ws --blocking-threads 2"
    worker = "celery -A codex worker --concurrency 1 --without-gossip --without-mingle"
    with ExitStack() as stack:
        for name, command in (("web", f"{web} codex.wsgi:application"), ("worker", worker)):
            stack.enter_context(_program(name, command, logs))
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield url


@contextmanager
def _program(name: str, command: str, logs: Path) -> Iterator[None]:
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command.split()],
            cwd=ROOT,
            env=os.environ | _test_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _test_environment() -> dict[str, str]:
    found = {"CODEX_DEBUG": "1", "CODEX_HOME": str(settings.MEDIA_ROOT)}
    for alias, variable in LOGINS.items():
        name = connections[alias].settings_dict["NAME"]
        found[variable] = urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(f"{url}/api/drafts", timeout=5)  # noqa: S310 -- our own
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no answer at {url}")
