"""The trail as files. An answer is streamed after its view has returned, so that each step opens
the scope anew; CSV cells cannot become formulas."""

import json
from collections.abc import Iterator

from django.http import StreamingHttpResponse

from codex.trail.asking import NEWEST, Asked, events
from core.api.listing import after_cursor, cursor_of
from core.audit import bundle
from core.audit.documents import FIELDS, event_document
from core.models import Event
from core.scope import scope
from stores.imports.export import csv_lines

STEP = 2_000
HEAD = ("at", *FIELDS)
FORMATS = ("csv", "jsonl")


def csv_response(asked: Asked) -> StreamingHttpResponse:
    rows = (_cells(event) for event in _stream(asked))
    return _download(csv_lines(HEAD, rows), "text/csv; charset=utf-8", "audit.csv")


def jsonl_response(asked: Asked) -> StreamingHttpResponse:
    lines = (_json(event_document(event)) for event in _stream(asked))
    return _download(lines, "application/x-ndjson; charset=utf-8", "audit.jsonl")


def bundle_response(tenant_id: str) -> StreamingHttpResponse:
    """Everything with its seals, for ``core/audit/checking.py``."""
    lines = (_json(line) for line in bundle.lines(tenant_id))
    return _download(lines, "application/x-ndjson; charset=utf-8", "audit-bundle.jsonl")


def _stream(asked: Asked) -> Iterator[Event]:
    cursor = ""
    while True:
        with scope(tenant_id=asked.tenant_id):
            rows = events(asked)
            page = after_cursor(rows, NEWEST, cursor) if cursor else rows
            found = list(page.order_by(*NEWEST)[:STEP])
        yield from found
        if len(found) < STEP:
            return
        cursor = cursor_of(found[-1], NEWEST)


def _cells(event: Event) -> list[object]:
    told = event_document(event)
    told["data"] = json.dumps(event.data, ensure_ascii=False, sort_keys=True) if event.data else ""
    return [told[name] for name in HEAD]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _download(content: Iterator[str], media_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
