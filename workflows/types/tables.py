"""CSV files for people: written row by row, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile

IN_MEMORY = 1_000_000
PART = 256 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe; numbers stay."""
    if isinstance(value, str) and value.startswith(FORMULA) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


class Table:
    """Rows held aside while a plan is made; ``chunks`` gives them once, with a byte order mark."""

    def __init__(self, header: Sequence[object]) -> None:
        self._file = SpooledTemporaryFile(  # noqa: SIM115 -- closed when read
            IN_MEMORY, mode="w+", encoding="utf-8", newline=""
        )
        self._file.write("\ufeff")
        self._writer = csv.writer(self._file)
        self._writer.writerow([str(cell) for cell in header])
        self.rows = 0

    def add(self, *cells: object) -> None:
        self._writer.writerow([safe_cell(cell) for cell in cells])
        self.rows += 1

    def add_all(self, rows: Iterable[Sequence[object]]) -> None:
        """For many rows; texts in them went through ``safe_cell``."""
        self._writer.writerows(rows)

    def chunks(self) -> Iterator[str]:
        with self._file:
            self._file.seek(0)
            while part := self._file.read(PART):
                yield part
