"""Starts the private servers of a home and keeps them up until it is told to stop.

Run as a program of its own, also as another account: standard library and the launcher alone.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

LAUNCHER, PACKAGES, HOME = (Path(argument) for argument in sys.argv[1:4])
sys.path.insert(0, str(LAUNCHER.parent))

from launcher import signals  # noqa: E402
from launcher.environment import Environment  # noqa: E402
from launcher.home import locked_home  # noqa: E402
from launcher.postgres import private_postgres  # noqa: E402
from launcher.processes import Supervisor, end_leftovers  # noqa: E402
from launcher.terminal import Failure, complain  # noqa: E402
from launcher.valkey import private_valkey  # noqa: E402


@dataclass(frozen=True)
class GivenPackages(Environment):
    """Packages of the environment the tests run in, copied to where every account can read them."""

    def packages(self) -> Path:
        return PACKAGES


def main() -> None:
    signals.listen()
    with locked_home("the driver", HOME) as (home, lock):
        ended = end_leftovers(home)
        supervisor = Supervisor(home)
        try:
            found = start(home, supervisor) | {"ended": ended}
            lock.announce("http://somewhere")
            print(f"\nready {json.dumps(found)}", flush=True)
            while True:
                supervisor.pause(0.2)
        finally:
            supervisor.end("valkey")
            supervisor.end("postgres")


def start(home, supervisor) -> dict[str, object]:
    packages = GivenPackages(HOME)
    postgres = private_postgres(home, packages, durable=True)
    supervisor.start(postgres.program())
    postgres.provide()
    valkey = private_valkey(home, postgres.folder.sockets, packages, durable=True)
    supervisor.start(valkey.program())
    processes = json.loads(home.processes_file.read_text())["processes"]
    return {
        "urls": postgres.urls() | valkey.urls(),
        "data": str(postgres.folder.data),
        "sockets": str(postgres.folder.sockets),
        "binaries": str(postgres.folder.binaries),
        "pids": {entry["name"]: entry["pid"] for entry in processes},
        "supervisor": os.getpid(),
    }


try:
    main()
except Failure as failure:
    complain(str(failure))
    sys.exit(1)
except signals.Stopped:
    print("stopped", flush=True)
