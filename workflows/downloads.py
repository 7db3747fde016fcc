"""Files for people: what a plan made, and its changes as a CSV that no spreadsheet will execute.

An answer is streamed after the view has returned and its scope is closed, so that each step opens
the scope of who asked again.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from core.scope import Scope, current_scope, scope
from workflows import queries
from workflows.models import Artifact, ArtifactPart, Plan, PlannedChange

STEP = 2_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def artifact_response(plan: Plan, name: str) -> StreamingHttpResponse:
    """The file as a download: never shown in place, whatever it calls itself."""
    artifact = queries.artifact(plan.pk, name)
    response = _download(_parts(artifact, _asker()), artifact.media_type, artifact.name)
    response["Content-Length"] = str(artifact.size)
    return response


def changes_csv_response(plan: Plan, name: str) -> StreamingHttpResponse:
    return _download(_rows(plan, _asker()), "text/csv; charset=utf-8", f"{name}.csv")


def _download(content: Iterator[bytes], media_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _asker() -> Scope:
    here = current_scope()
    if here is None:
        raise RuntimeError("a download is asked for inside a scope")
    return here


def _within(asker: Scope) -> Any:
    return scope(
        tenant_id=asker.tenant_id,
        user_id=asker.user_id,
        council_ids=asker.council_ids,
        draft_id=asker.draft_id,
    )


def _parts(artifact: Artifact, asker: Scope) -> Iterator[bytes]:
    number = 0
    while True:
        with _within(asker):
            part = ArtifactPart.objects.filter(artifact_id=artifact.pk, number=number).first()
        if part is None:
            return
        yield bytes(part.data)
        number += 1


class _Line:
    """Takes what ``csv.writer`` writes and hands it on."""

    def write(self, text: str) -> str:
        return text


def _rows(plan: Plan, asker: Scope) -> Iterator[bytes]:
    writer, position = csv.writer(_Line()), 0
    head = [_("Position"), _("What"), _("Id"), _("SKU"), _("Field"), _("Before"), _("After")]
    yield b"\xef\xbb\xbf" + writer.writerow(head).encode()
    while True:
        with _within(asker):
            rows = PlannedChange.objects.filter(plan_id=plan.pk, position__gt=position)
            found = list(rows.order_by("position")[:STEP])
        if not found:
            return
        yield "".join(writer.writerow(_cells(change)) for change in found).encode()
        position = found[-1].position


def _cells(change: PlannedChange) -> list[object]:
    note = change.note or {}
    values = [
        change.label,
        change.target_id,
        note.get("sku", ""),
        f"{change.entity}.{change.field}".rstrip("."),
        _text(change.before),
        _text(change.after),
    ]
    return [change.position, *(safe_cell(str(value)) for value in values)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def safe_cell(text: str) -> str:
    """What a spreadsheet would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit() and text.lstrip("+-").isascii()
