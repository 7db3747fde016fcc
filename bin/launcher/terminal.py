"""What a person sees: steps with the time they take, and failures that say what to do."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SHOWN_AFTER = 1.0
PLAIN_REMINDER = 15.0
REDRAW = 0.2


class Failure(Exception):
    """Ends a command. The text is for the person who typed it."""


def say(text: str = "", end: str = "\n") -> None:
    # The terminal may be gone; what we started has to be ended all the same.
    with suppress(OSError):
        print(text, end=end, flush=True)


def complain(text: str) -> None:
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


class Step:
    """One thing that takes time. `tick` often; it decides what to draw."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.started = time.monotonic()
        self._live = sys.stdout.isatty()
        self._drawn = 0.0
        self._reminded = 0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def tick(self, detail: str = "") -> None:
        if self.elapsed < SHOWN_AFTER:
            return
        if self._live:
            self._draw(detail)
        else:
            self._remind()

    def _draw(self, detail: str) -> None:
        if time.monotonic() - self._drawn < REDRAW:
            return
        self._drawn = time.monotonic()
        line = f"  .. {self.title}, {self.elapsed:.0f} s  {detail}"
        width = shutil.get_terminal_size().columns - 1
        say(f"\r{line[:width]}\x1b[K", end="")

    def _remind(self) -> None:
        """Without a terminal: one line when it takes long, then one every quarter of a minute."""
        due = 1 + int(self.elapsed / PLAIN_REMINDER)
        if due > self._reminded:
            self._reminded = due
            say(f"  .. {self.title}, {self.elapsed:.0f} s")

    def end(self, mark: str) -> None:
        if self._live:
            say("\r\x1b[K", end="")
        say(f"  {mark} {self.title}, {self.elapsed:.1f} s")


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step and how long it took; `--` marks the one that failed."""
    shown = Step(title)
    try:
        yield shown
    except BaseException:
        shown.end("--")
        raise
    shown.end("ok")


def tail(path: Path, lines: int = 30, start: int = 0) -> str:
    """The last lines of a log, from byte `start` on."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(start, size - 64_000))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
