"""A folder for Unix sockets whose path is short enough."""

import hashlib
import os
import re
import shutil
import stat
import sys
from pathlib import Path

from launcher.home import Home
from launcher.terminal import Failure

# What fits into `sockaddr_un`, with its closing zero byte.
LIMIT = 107 if sys.platform.startswith("linux") else 103
LONGEST_NAME = ".s.PGSQL.5432"

# The path travels inside URLs, which several libraries take apart, each in its own way.
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def usable(folder: Path) -> bool:
    path = str(folder / LONGEST_NAME)
    return len(os.fsencode(path)) <= LIMIT and bool(PLAIN.fullmatch(path))


def socket_folder(home: Home) -> Path:
    """`run` in the home, or a short private folder elsewhere with a link to it from the home."""
    inside = home.path / "run"
    if usable(inside):
        if inside.is_symlink():
            inside.unlink()
        inside.mkdir(mode=0o700, exist_ok=True)
        inside.chmod(0o700)
        return inside
    short = _private(_short_parent() / f"codex-{os.geteuid()}-{_digest(home.path)}")
    point_to(inside, short)
    return short


def point_to(link: Path, target: Path) -> None:
    """Make `link` lead to `target`, whatever link or folder of old sockets stood there before."""
    if link.is_symlink():
        link.unlink()
    elif link.exists():
        shutil.rmtree(link)
    link.symlink_to(target)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _short_parent() -> Path:
    """The account's own runtime folder where there is one; others cannot even look into it."""
    own = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
    if (
        own.is_dir()
        and own.stat().st_uid == os.geteuid()
        and usable(own / "codex-0123456789-0123456789")
    ):
        return own
    return Path("/tmp")  # noqa: S108 -- the folder made in it is checked below


def _private(folder: Path) -> Path:
    """Make it, or take it if it is ours: anybody may put something into a shared folder."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise Failure(
                f"{folder} exists and is not ours. Remove it, or set CODEX_HOME to a shorter path."
            ) from None
        folder.chmod(0o700)
    return folder
