"""What the first rows of a file show: its kind, which column is which, what will be refused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from stores.imports import values
from stores.imports.columns import Columns, Layout, columns, guessed
from stores.imports.errors import Unreadable
from stores.imports.kinds import KINDS, detected
from stores.imports.limits import DEFAULT, Limits
from stores.imports.records import Context, OrderChunk, Refused
from stores.imports.table import Table

ROWS, SHOWN, PROBLEMS = 500, 5, 20


@dataclass(frozen=True, slots=True)
class Sample:
    """``rows`` and ``problems`` never hold cells of personal columns."""

    kind: str
    detected: str
    headers: list[str]
    mapping: dict[str, str]
    comma: bool
    delimiter: str
    encoding: str
    unmapped: list[str]
    personal: list[str]
    rows: list[list[str]] = field(default_factory=list)
    problems: list[dict[str, object]] = field(default_factory=list)
    read: int = 0
    refused: int = 0

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def taken(
    file: BinaryIO,
    context: Context,
    *,
    kind: str = "",
    mapping: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
) -> Sample:
    """Look at the beginning of a file. ``mapping`` (field → header) overrules what is guessed."""
    table = Table(file, limits)
    found = detected(table.headers)
    kind = kind or found
    if kind not in KINDS:
        raise Unreadable(
            _(
                "None of the kinds of file we know has these columns. The first ones are: {names}."
            ).format(names=", ".join(values.shown(header) for header in table.headers[:6])),
            1,
        )
    layout = KINDS[kind].layout
    chosen = guessed(layout, table.headers)
    if mapping is not None:
        chosen = {n: mapping[n] for n in layout.aliases if mapping.get(n)}
    places = columns(layout, table.headers, chosen)
    rows = list(islice(table, ROWS))
    comma = _uses_comma(layout, places, [cells for _line, cells in rows])
    refused = _refusals(kind, table, rows, places, replace(context, comma=comma))
    return Sample(
        kind=kind,
        detected=found,
        headers=table.headers,
        mapping=chosen,
        comma=comma,
        delimiter=table.delimiter,
        encoding=table.lines.encoding,
        unmapped=[table.headers[number] for number in places.extra],
        personal=[table.headers[number] for number in places.personal],
        rows=[_clean(places.public(cells)) for _line, cells in rows[:SHOWN]],
        problems=[{"line": bad.line, "reason": bad.reason} for bad in refused[:PROBLEMS]],
        read=len(rows),
        refused=len(refused),
    )


def _uses_comma(layout: Layout, places: Columns, rows: list[list[str]]) -> bool:
    cells = [
        places.get(row, name)
        for row in rows
        if len(row) == places.width
        for name in layout.amounts
        if name in places.index
    ]
    return values.uses_decimal_comma(cells)


class _Begun(Table):
    """Rows already read, as a table."""

    def __init__(self, table: Table, rows: list[tuple[int, list[str]]]) -> None:
        self.headers, self.watched, self._rows = table.headers, table.watched, rows

    def __iter__(self):
        return iter(self._rows)


def _refusals(kind, table, rows, places: Columns, context: Context) -> list[Refused]:
    refused: list[Refused] = []
    for record in KINDS[kind].read(_Begun(table, rows), places, context):
        if isinstance(record, OrderChunk):
            refused += record.refused
        elif isinstance(record, Refused):
            refused.append(record)
    return refused


def _clean(cells: list[str]) -> list[str]:
    return [values.shown(cell) for cell in cells]
