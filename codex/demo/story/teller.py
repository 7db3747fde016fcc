"""What the story looks like in a terminal: chapters, facts, tables, and checks that can fail."""

import shutil
import textwrap
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

INDENT = "    "
WIDEST = 96
LABEL = 12


class StoryBroken(Exception):
    """A step did not do what the story says it does."""


class Teller:
    """Writes to one stream; plain text when that is not a terminal or not Unicode."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._chapters = 0
        self.checks = 0
        self._is_terminal = out.isatty() if hasattr(out, "isatty") else False
        self._encoding = getattr(out, "encoding", None) or "utf-8"
        unicode = self._encoding.lower().startswith("utf")
        self._yes, self._no, self._rule = ("✓", "✗", "─") if unicode else ("ok", "NO", "-")
        self._width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)

    def title(self, text: str) -> None:
        self._write(self._strong(text))
        self._write(self._rule * len(text))

    def chapter(self, title: str) -> None:
        self._chapters += 1
        self._write("")
        self._write(self._strong(f"{self._chapters:2}  {title}"))

    def say(self, text: str) -> None:
        """A paragraph under the chapter."""
        for line in textwrap.wrap(text, self._width - len(INDENT)):
            self._write(INDENT + line)

    def fact(self, label: str, text: object) -> None:
        """One labelled line; a long one goes on beneath itself."""
        room = self._width - len(INDENT) - LABEL
        lines = textwrap.wrap(str(text), room) or [""]
        self._write(f"{INDENT}{label:<{LABEL}}{lines[0]}")
        for line in lines[1:]:
            self._write(f"{INDENT}{'':<{LABEL}}{line}")

    def table(self, rows: Sequence[Sequence[object]], *, head: Sequence[str] = ()) -> None:
        """Columns as wide as they need; the widest gives way when the line is too long."""
        cells = [[str(cell) for cell in row] for row in ([head, *rows] if head else rows)]
        widths = self._fitting([max(map(len, column)) for column in zip(*cells, strict=True)])
        for number, row in enumerate(cells):
            line = "  ".join(
                f"{shorten(cell, width):<{width}}" for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            self._write(INDENT + (self._quiet(line) if head and number == 0 else line))

    def check(self, claim: str, holds: bool, detail: object = "") -> None:
        """State what should be so. When it is not, the story ends here."""
        if not holds:
            self._write(f"{INDENT}{self._no} {claim}")
            raise StoryBroken(f"{claim}: {detail}" if detail != "" else claim)
        self.checks += 1
        first, *rest = textwrap.wrap(claim, self._width - len(INDENT) - 2)
        self._write(f"{INDENT}{self._good(self._yes)} {first}")
        for line in rest:
            self._write(f"{INDENT}  {line}")

    @contextmanager
    def timed(self, label: str, what: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.fact(label, f"{what}, {time.perf_counter() - started:.1f} s")

    def _fitting(self, widths: list[int]) -> list[int]:
        room = self._width - len(INDENT) - 2 * (len(widths) - 1)
        while sum(widths) > room and max(widths) > 8:
            widths[widths.index(max(widths))] -= 1
        return widths

    def _write(self, line: str) -> None:
        shown = line.encode(self._encoding, "replace").decode(self._encoding)
        self._out.write(shown + "\n")
        self._out.flush()

    def _strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._is_terminal else text

    def _quiet(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self._is_terminal else text

    def _good(self, text: str) -> str:
        return f"\x1b[32m{text}\x1b[0m" if self._is_terminal else text


def shorten(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
