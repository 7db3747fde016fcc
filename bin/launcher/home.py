"""CODEX_HOME: one folder with everything a running Codex keeps, and the lock that says it runs."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.accounts import is_root
from launcher.project import ROOT
from launcher.terminal import Failure


@dataclass(frozen=True)
class Home:
    path: Path

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def environment_file(self) -> Path:
        """The environment of the running Codex, for `bin/manage`."""
        return self.path / "environment.json"

    @property
    def processes_file(self) -> Path:
        return self.path / "processes.json"


def base_path(environ: Mapping[str, str]) -> Path:
    """CODEX_HOME as an absolute path; a relative one counts from where the person stands."""
    chosen = environ.get("CODEX_HOME")
    return Path(chosen).expanduser().absolute() if chosen else ROOT / "var"


def open_home(path: Path) -> Home:
    """Make the folder, private to its owner: secrets and shop data lie in it."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        home = Home(path.resolve())
        home.log.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Failure(
            f"{path} cannot be used ({error.strerror}).\nSet CODEX_HOME to a folder you can write."
        ) from error
    _check_owner(home.path)
    if not os.access(home.path, os.W_OK | os.X_OK):
        raise Failure(f"{path} is not writable.\nSet CODEX_HOME to a folder you can write.")
    return home


def _check_owner(path: Path) -> None:
    """Root in somebody's home would leave files there that its owner cannot use any more."""
    owner = path.stat().st_uid
    used = (path / "lock").exists()
    if is_root() and owner != 0 and used:
        raise Failure(
            f"{path} belongs to another account (number {owner}).\n"
            "Run the command as that account, or set CODEX_HOME to a folder of root's own."
        )


def write_private(path: Path, text: str) -> None:
    """Replace a file in one go, readable by its owner alone."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def read_json(path: Path) -> Any:
    """What a file of ours says; `None` when it is missing or torn."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def secret_key(home: Home) -> str:
    """Made once per home: sessions and signatures outlive a restart."""
    path = home.path / "secrets.json"
    known = read_json(path)
    if isinstance(known, dict) and known.get("secret_key"):
        return str(known["secret_key"])
    key = secrets.token_urlsafe(50)
    write_private(path, json.dumps({"secret_key": key}) + "\n")
    return key


class Lock:
    """Held as long as the command lives. The kernel lets go of it, also after `kill -9`."""

    def __init__(self, home: Home) -> None:
        self._path = home.path / "lock"
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        self._command = ""

    def take(self, command: str) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._command = command
        self.announce("")
        return True

    def release(self) -> None:
        os.close(self._file)

    def announce(self, url: str) -> None:
        """Who holds the lock and where it answers, for the one who meets it."""
        text = json.dumps({"command": self._command, "pid": os.getpid(), "url": url})
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def holder(self) -> str:
        """In words: "bin/demo (process 12) at http://127.0.0.1:8000"."""
        known = read_json(self._path) or {}
        place = f" at {known['url']}" if known.get("url") else ", still starting"
        return f"{known.get('command', 'Codex')} (process {known.get('pid', 'unknown')}){place}"


@contextmanager
def locked_home(command: str, path: Path) -> Iterator[tuple[Home, Lock]]:
    """The home, for this command alone."""
    home = open_home(path)
    lock = Lock(home)
    if not lock.take(command):
        raise Failure(
            f"Already running in {home.path}: {lock.holder()}.\n"
            "Use that one, stop it with Ctrl-C in its terminal,"
            " or set CODEX_HOME (and CODEX_PORT) for a second one."
        )
    try:
        yield home, lock
    finally:
        lock.release()
