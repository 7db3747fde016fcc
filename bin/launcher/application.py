"""The application's own programs: web, worker, beat."""

import http.client
import os
import signal
import socket

from launcher.logs import LogFollower
from launcher.processes import Ending, Program
from launcher.project import ROOT
from launcher.stack import Stack
from launcher.terminal import Failure

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8000

# Measured on two cores: two workers of four threads each; see PERFORMANCE in the documents.
WEB_WORKERS = 2
WEB_THREADS = 4

WEB_ENDING: Ending = ((signal.SIGTERM, 6.0),)
# First let running tasks finish; then stop them: each goes on where it stood at the next start.
WORKER_ENDING: Ending = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 3.0))
BEAT_ENDING: Ending = ((signal.SIGTERM, 4.0),)


def chosen_port(*, may_move: bool) -> int:
    """CODEX_PORT, if it is free; with `may_move` any free one when that is taken."""
    text = os.environ.get("CODEX_PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or int(text) > 65535:
        raise Failure(
            f"CODEX_PORT is {text!r}; it has to be a number from 0 to 65535 (0: any free one)."
        )
    port = _bound_port(int(text)) or (_bound_port(0) if may_move else 0)
    if not port:
        raise Failure(
            f"Port {text} is taken by another program.\n"
            "Set CODEX_PORT to a free one: CODEX_PORT=8001 bin/up"
        )
    return port


def _bound_port(port: int) -> int:
    """The port, if a server could listen there now; 0 otherwise."""
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
            probe.listen(1)
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def prepare_application(stack: Stack) -> None:
    stack.manage("Bringing the database up to date", "migrate", "--no-input")
    stack.manage("Filling the template catalog", "seed_templates")
    stack.manage("Collecting static files", "collectstatic", "--no-input", "--verbosity", "0")


def start_application(stack: Stack, port: int) -> str:
    """Start all three; returns the address once it answers."""
    stack.env["CODEX_PORT"] = str(port)
    stack.publish()
    for program in (_worker(stack), _beat(stack), _web(stack, port)):
        stack.supervisor.start(program)
    return f"http://{ADDRESS}:{port}"


def show_logs(stack: Stack) -> None:
    """Copy what the programs log to the terminal, from now on."""
    names = ("postgres", "valkey", "worker", "beat", "web")
    width = max(map(len, names))
    stack.supervisor.followers += [
        LogFollower(stack.home.log / f"{name}.log", width) for name in names
    ]


def _web(stack: Stack, port: int) -> Program:
    size = f"--workers {WEB_WORKERS} --blocking-threads {WEB_THREADS}"
    # A request that does not end must not keep the server from ending.
    ending = "--workers-kill-timeout 3 --respawn-failed-workers"
    where = f"--interface wsgi --host {ADDRESS} --port {port} --no-ws"
    return Program(
        name="web",
        title="Starting the web server",
        argv=stack.python("-m", *f"granian {where} {size} {ending} codex.wsgi:application".split()),
        # Threads share a pool of connections here. Workers must not: it breaks by forking.
        env={**stack.env, "CODEX_POOL": "1"},
        cwd=ROOT,
        ending=WEB_ENDING,
        ready=lambda: _answers(port),
    )


def _worker(stack: Stack) -> Program:
    processes = max(2, min(os.cpu_count() or 2, 4))
    # The only worker has nobody to gossip with.
    options = f"--loglevel INFO --concurrency {processes} --without-gossip --without-mingle"
    return Program(
        name="worker",
        title="Starting the worker",
        argv=stack.python("-m", *f"celery -A codex worker {options}".split()),
        env=stack.env,
        cwd=ROOT,
        ending=WORKER_ENDING,
    )


def _beat(stack: Stack) -> Program:
    options = "--loglevel INFO --scheduler django_celery_beat.schedulers:DatabaseScheduler"
    return Program(
        name="beat",
        title="Starting beat",
        argv=stack.python("-m", *f"celery -A codex beat {options}".split()),
        env=stack.env,
        cwd=ROOT,
        ending=BEAT_ENDING,
    )


def _answers(port: int) -> bool:
    """Any answer will do: it says that the application was loaded."""
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
