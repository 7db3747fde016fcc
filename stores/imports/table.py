"""Lines as rows of cells, each with the line it begins on."""

import csv
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from stores.imports.errors import Unreadable
from stores.imports.limits import DEFAULT, Limits
from stores.imports.stream import Lines

csv.field_size_limit(DEFAULT.cell)
DELIMITERS = ",;\t|"
MARKS = "\ufeff \t\r\n\"'"


class Table:
    """The header and the rows of a CSV file. ``rows_read`` counts rows, not lines."""

    def __init__(self, file: BinaryIO, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.lines = Lines(file, limits)
        self.watched = self.lines.watched
        self.rows_read = 0
        stream = iter(self.lines)
        first = next((line for line in stream if line.strip(MARKS)), "")
        if not first:
            raise Unreadable(_("The file has no header."), 1)
        self.delimiter = sniffed(first)
        self._reader = csv.reader(_chained(first, stream), delimiter=self.delimiter)
        self._before = self.lines.number - 1
        self.headers = [cell.strip(MARKS) for cell in self._first_row()]
        self._start = self._reader.line_num
        if len(self.headers) > limits.columns:
            most = limits.columns
            raise Unreadable(_("More than {most} columns.").format(most=most), 1)

    def _first_row(self) -> list[str]:
        try:
            return next(self._reader)
        except csv.Error as error:
            raise Unreadable(_("The header can't be read."), 1) from error

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """(line number, cells); blank lines are no rows."""
        reader, offset, start = self._reader, self._before, self._start
        most, count = self.limits.rows, 0
        while True:
            try:
                for cells in reader:
                    line, start = start + offset + 1, reader.line_num
                    if not cells:
                        continue
                    count += 1
                    if count > most:
                        raise Unreadable(_("More than {most} rows.").format(most=most), line)
                    self.rows_read = count
                    yield line, cells
                return
            except csv.Error as error:
                raise Unreadable(_explained(error), start + offset + 1) from error


def sniffed(header: str) -> str:
    """The delimiter that splits the header most often, outside quotes."""
    counts: Counter[str] = Counter()
    for index, part in enumerate(header.split('"')):
        if index % 2 == 0:
            counts.update({mark: part.count(mark) for mark in DELIMITERS})
    best, times = counts.most_common(1)[0]
    return best if times else ","


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _explained(error: csv.Error) -> str:
    if "field limit" in str(error):
        return _("A cell is too large, or a quotation mark opened here is never closed.")
    return _("This line can't be read as a row.")


def oddity(cells: list[str]) -> str:
    """Why a row that may hold NULs or foreign bytes can't be kept; empty when it can."""
    text = "".join(cells)
    if "\0" in text:
        return _("The row holds a NUL byte.")
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        return _("The row is not UTF-8 text. Save the file as UTF-8 and send it again.")
    return ""
