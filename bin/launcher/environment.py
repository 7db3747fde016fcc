"""The virtual environment: pinned packages, installed once, repaired when that was cut short."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from launcher import debian, signals
from launcher.commands import Command, run
from launcher.home import Home, read_json
from launcher.project import ROOT
from launcher.terminal import Failure, say

RUNTIME = ("requirements.txt",)
DEVELOPMENT = ("requirements.txt", "requirements-dev.txt")


@dataclass(frozen=True)
class Environment:
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Which requirements are completely installed."""
        return self.folder / "codex-installed.json"

    @property
    def unfinished(self) -> Path:
        """Stands from before the first package until after the last."""
        return self.folder / "codex-installing"

    def packages(self) -> Path:
        """The folder packages lie in."""
        return next(self.folder.glob("lib/python3.*/site-packages"))


def prepared_environment(home: Home, base: Path, requirements: tuple[str, ...]) -> Environment:
    """An environment with these requirement files installed; fast when nothing changed."""
    environment = Environment(_folder(base, requirements))
    if not _is_current(environment, requirements):
        with _alone(environment.folder):
            # Somebody else may have finished it while we waited.
            if not _is_current(environment, requirements):
                _build(environment, requirements, home.log / "setup.log")
    return environment


def _folder(base: Path, requirements: tuple[str, ...]) -> Path:
    """`.venv` in the project; under CODEX_HOME where the project may only be read."""
    inside = ROOT / ".venv"
    writable = os.access(ROOT, os.W_OK) and (not inside.exists() or os.access(inside, os.W_OK))
    if writable or _is_current(Environment(inside), requirements):
        return inside
    return base.resolve() / "venv"


def _digest(requirements: tuple[str, ...]) -> str:
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in requirements)).hexdigest()


def _is_current(environment: Environment, requirements: tuple[str, ...]) -> bool:
    """Installed completely, for this place, and for the Python that is still there."""
    known = read_json(environment.stamp)
    if not isinstance(known, dict) or known.get("folder") != str(environment.folder):
        return False
    if known.get(requirements[-1]) != _digest(requirements):
        return False
    return bool(known.get("python") == _version(environment))


def _version(environment: Environment) -> str:
    """Of the environment's own Python; empty when it does not start."""
    program = "import platform; print(platform.python_version())"
    try:
        answer = subprocess.run(
            [environment.python, "-I", "-c", program], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two starts at once would install into each other's half-made environment."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as file:
        if _is_taken(file.fileno()):
            say("  .. Another start is installing the same packages; waiting for it")
        while _is_taken(file.fileno()):
            signals.pause(0.5)
        yield


def _is_taken(file: int) -> bool:
    """Take the lock if it is free. The kernel frees it when its holder dies."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _build(environment: Environment, requirements: tuple[str, ...], log: Path) -> None:
    known = read_json(environment.stamp) or {}
    _clear_what_cannot_be_used(environment)
    if not _version(environment):
        known = {}
        _create(environment, log)
    environment.unfinished.touch()
    environment.stamp.unlink(missing_ok=True)
    _install(environment, requirements, log)
    _put_stamp(environment, requirements, known)
    environment.unfinished.unlink()


def _clear_what_cannot_be_used(environment: Environment) -> None:
    """A folder that somebody filled with something else is not ours to delete."""
    folder = environment.folder
    if not folder.exists() or not any(folder.iterdir()):
        return
    ours = environment.unfinished.exists() or (folder / "pyvenv.cfg").exists()
    if not ours:
        raise Failure(
            f"{folder} exists and is not a virtual environment. Move it away and start again."
        )
    if environment.unfinished.exists() or _is_displaced(environment) or not _version(environment):
        shutil.rmtree(folder)


def _is_displaced(environment: Environment) -> bool:
    """The folder was moved (its scripts name the old place), or its Python became another one."""
    known = read_json(environment.stamp)
    if not isinstance(known, dict):
        return False
    minor = str(known.get("python")).rpartition(".")[0]
    return known.get("folder") != str(environment.folder) or not _version(environment).startswith(
        f"{minor}."
    )


def _create(environment: Environment, log: Path) -> None:
    environment.folder.mkdir(exist_ok=True)
    environment.unfinished.touch()
    if not _has_ensurepip() and not _has_pip():
        _install_venv_package(log)
    with_pip = _has_ensurepip()
    options = [] if with_pip else ["--without-pip"]
    venv = [sys.executable, "-m", "venv", *options, str(environment.folder)]
    run("Making a Python environment", Command(venv, _pip_environ()), log)
    if not with_pip:
        # Debian ships pip and ensurepip apart; where only pip is there, it brings itself along.
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(environment.python),
            "install",
            "--no-input",
            "pip",
        ]
        run("Putting pip into the environment", Command(pip, _pip_environ()), log)


def _has_ensurepip() -> bool:
    """Asked anew each time: installing the package changes the answer."""
    answer = subprocess.run(
        [sys.executable, "-I", "-c", "import ensurepip"], capture_output=True, check=False
    )
    return answer.returncode == 0


def _has_pip() -> bool:
    """A pip that can install into another environment (22.3 and later)."""
    if find_spec("pip") is None:
        return False
    program = "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < (22, 3))"
    return (
        subprocess.run(
            [sys.executable, "-I", "-c", program], capture_output=True, check=False
        ).returncode
        == 0
    )


def _install_venv_package(log: Path) -> None:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    of_the_system = sys.base_prefix == "/usr"
    if of_the_system and debian.can_install():
        debian.install(package, log)
    if _has_ensurepip():
        return
    remedy = (
        f"apt-get install {package}" if of_the_system else "a Python that was built with ensurepip"
    )
    raise Failure(
        f"{sys.executable} cannot make virtual environments: it lacks the module `ensurepip`.\n"
        f"It needs: {remedy}"
    )


def _pip_environ() -> dict[str, str]:
    """The person's own, with its index and certificates; only what breaks is overruled."""
    return {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}


def _install(environment: Environment, requirements: tuple[str, ...], log: Path) -> None:
    # The development file includes the other one.
    files = ["--requirement", str(ROOT / requirements[-1])]
    pip = [
        str(environment.python),
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
    ]
    run(
        "Installing Python packages",
        Command([*pip, "--progress-bar", "off", *files], _pip_environ()),
        log,
    )


def _put_stamp(
    environment: Environment, requirements: tuple[str, ...], known: dict[str, str]
) -> None:
    """Remember this set. Another, installed earlier, stays valid while its pins are the same."""
    sets = {names[-1]: _digest(names) for names in (RUNTIME, DEVELOPMENT)}
    kept = {name: digest for name, digest in sets.items() if known.get(name) == digest}
    # The development set contains the other.
    done = {name: sets[name] for name in requirements}
    stamp = {"folder": str(environment.folder), "python": _version(environment), **kept, **done}
    new = environment.stamp.with_suffix(".new")
    new.write_text(json.dumps(stamp, indent=1) + "\n")
    new.replace(environment.stamp)
