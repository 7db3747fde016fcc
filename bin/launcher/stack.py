"""One home at work: its lock, its packages, its servers, and the environment that leads to them."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

from launcher import signals
from launcher.commands import Command, end_group, run, start
from launcher.environment import Environment, prepared_environment
from launcher.home import (
    Home,
    base_path,
    read_json,
    secret_key,
    write_private,
)
from launcher.postgres import private_postgres
from launcher.processes import Supervisor, end_leftovers
from launcher.project import ROOT
from launcher.sockets import socket_folder
from launcher.terminal import say
from launcher.valkey import private_valkey

# They would send our Python or its database elsewhere than where the launcher put them.
MISLEADING = ("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH")
FIRST = ("beat", "worker", "web")
LAST = ("valkey", "postgres")


@dataclass
class Stack:
    home: Home
    environment: Environment
    supervisor: Supervisor
    env: dict[str, str]

    def publish(self) -> None:
        """Tell `bin/manage` how to reach what runs here."""
        write_private(self.home.environment_file, json.dumps(self.env) + "\n")

    def python(self, *arguments: str) -> list[str]:
        return [str(self.environment.python), *arguments]

    def manage(self, title: str, *arguments: str) -> None:
        """Run a management command as a step of the set-up."""
        run(
            title,
            Command(self.python("manage.py", *arguments), self.env),
            self.home.log / "setup.log",
        )

    def foreground(self, *arguments: str, cwd: Path = ROOT, interactive: bool = False) -> int:
        """Run our Python with the terminal as its output, tending the servers; its exit status."""
        command = Command(
            self.python(*arguments),
            self.env,
            cwd,
            stdin=sys.stdin.fileno() if interactive else DEVNULL,
        )
        process = start(command, own_session=not interactive)
        # One that talks to a person gets Ctrl-C itself, and knows best what to do with it.
        ignoring = (signal.SIGINT,) if interactive else ()
        try:
            while process.poll() is None:
                signals.pause(0.1, ignoring=ignoring)
                self.supervisor.tend()
        except BaseException:
            end_group(process)
            raise
        return process.returncode


@contextmanager
def running_stack(
    home: Home, requirements: tuple[str, ...], *, durable: bool = True
) -> Iterator[Stack]:
    """Everything below the application; whatever happens inside, nothing is left running."""
    if ended := end_leftovers(home):
        say(f"  ok Ended {ended} programs that a killed start had left")
    environment = prepared_environment(home, base_path(os.environ), requirements)
    stack = Stack(home, environment, Supervisor(home), _own_environ(home, environment))
    try:
        _start_servers(stack, durable=durable)
        stack.publish()
        yield stack
    finally:
        stack.supervisor.end(*FIRST)
        for server in LAST:
            stack.supervisor.end(server)
        home.environment_file.unlink(missing_ok=True)


def running_environ(home: Home) -> dict[str, str] | None:
    """The environment of the Codex that runs in this home, for a command beside it."""
    known = read_json(home.environment_file)
    return known if isinstance(known, dict) else None


def _own_environ(home: Home, environment: Environment) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    env.setdefault("CODEX_SECRET_KEY", secret_key(home))
    return env | {
        "CODEX_HOME": str(home.path),
        # One person's machine: no TLS in front of us, and readable logs.
        "CODEX_LOCAL": "1",
        "DJANGO_SETTINGS_MODULE": "codex.settings",
        "PATH": f"{environment.folder / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": str(environment.folder),
    }


def _start_servers(stack: Stack, *, durable: bool) -> None:
    """Private ones for what the person did not name."""
    sockets = None
    if not stack.env.get("DATABASE_URL"):
        sockets = _start_postgres(stack, durable=durable)
    if not stack.env.get("CELERY_BROKER_URL"):
        _start_valkey(stack, sockets or socket_folder(stack.home), durable=durable)


def _start_postgres(stack: Stack, *, durable: bool) -> Path:
    postgres = private_postgres(stack.home, stack.environment, durable=durable)
    stack.supervisor.start(postgres.program())
    postgres.provide()
    for name in [name for name in stack.env if name.startswith("PG")]:
        del stack.env[name]
    stack.env.update(postgres.urls())
    return postgres.folder.sockets


def _start_valkey(stack: Stack, sockets: Path, *, durable: bool) -> None:
    valkey = private_valkey(stack.home, sockets, stack.environment, durable=durable)
    stack.supervisor.start(valkey.program())
    urls = valkey.urls()
    stack.env["CELERY_BROKER_URL"] = urls["CELERY_BROKER_URL"]
    if not stack.env.get("CACHE_URL"):
        stack.env["CACHE_URL"] = urls["CACHE_URL"]
