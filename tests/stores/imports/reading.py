"""A file read without a database: rows kept and rows refused."""

import io
from datetime import date
from zoneinfo import ZoneInfo

from stores.imports.columns import columns, guessed
from stores.imports.kinds import KINDS, detected
from stores.imports.limits import DEFAULT
from stores.imports.records import Context, OrderChunk, ProductRow, Refused
from stores.imports.table import Table

CONTEXT = Context(ZoneInfo("Europe/London"), date(2026, 11, 23), "GBP", lambda name: "h" * 32)


def read(data: str | bytes, kind: str = "", limits=DEFAULT, context=CONTEXT):
    """(table, records) of a whole file."""
    table = Table(io.BytesIO(data.encode() if isinstance(data, str) else data), limits)
    spec = KINDS[kind or detected(table.headers)]
    places = columns(spec.layout, table.headers, guessed(spec.layout, table.headers))
    return table, list(spec.read(table, places, context))


def accounted(records) -> tuple[int, int]:
    """(rows kept, rows refused)."""
    kept = refused = 0
    for record in records:
        if isinstance(record, OrderChunk):
            kept, refused = kept + len(record.lines), refused + len(record.refused)
        elif isinstance(record, Refused):
            refused += 1
        else:
            kept += record.rows if isinstance(record, ProductRow) else 1
    return kept, refused


def refusals(records) -> dict[int, str]:
    found = {}
    for record in records:
        if isinstance(record, OrderChunk):
            found |= {bad.line: bad.reason for bad in record.refused}
        elif isinstance(record, Refused):
            found[record.line] = record.reason
    return found
