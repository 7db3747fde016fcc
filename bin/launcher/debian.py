"""Packages of the system, where we are root on Debian or Ubuntu."""

import os
import shutil
from pathlib import Path

from launcher.accounts import is_root
from launcher.commands import Command, run
from launcher.terminal import Failure

# dpkg stops when it does not find its tools, and a bare PATH has none of these.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def can_install() -> bool:
    return is_root() and shutil.which("apt-get", path=SYSTEM_PATH) is not None


def install(package: str, log: Path) -> None:
    """Install one package; ask for fresh lists only when the old ones do not know it."""
    try:
        _apt(f"Installing {package}", ["install", "--yes", "--no-install-recommends", package], log)
    except Failure:
        _apt("Reading the package lists", ["update"], log)
        _apt(f"Installing {package}", ["install", "--yes", "--no-install-recommends", package], log)


def _apt(title: str, arguments: list[str], log: Path) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": SYSTEM_PATH}
    run(title, Command(["apt-get", "--quiet", *arguments], env), log)
