"""Logs of the programs: one file each, kept small, shown in the terminal on request."""

from pathlib import Path
from typing import BinaryIO

from launcher.terminal import say

LARGEST = 20_000_000


def open_log(path: Path) -> BinaryIO:
    """Open for appending; a large one is put aside once, so that two generations are kept."""
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


class LogFollower:
    """Prints what a program adds to its log, each line behind the program's name."""

    def __init__(self, path: Path, width: int) -> None:
        self._path = path
        self._prefix = f"{path.stem:<{width}} | "
        self._at = path.stat().st_size if path.exists() else 0
        self._rest = b""

    def show(self) -> None:
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(self._at if self._at <= size else 0)
                fresh = file.read()
                self._at = file.tell()
        except FileNotFoundError:
            return
        *lines, self._rest = (self._rest + fresh).split(b"\n")
        for line in lines:
            say(self._prefix + line.decode(errors="replace"))
