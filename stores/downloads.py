"""Refused rows as a CSV file to mend and send again."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from stores import queries
from stores.imports.export import csv_lines
from stores.models import ImportRun


def refusals_response(run: ImportRun) -> StreamingHttpResponse:
    headers = run.preview.get("headers", [])
    response = StreamingHttpResponse(
        csv_lines([_("Line"), _("Reason"), *headers], _rows(run)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response


def _rows(run: ImportRun) -> Iterator[list[object]]:
    """Read to the end before the first byte leaves: the transaction ends with the view."""
    rows = queries.refusals(run.tenant_id, run.pk).values_list("line_number", "reason", "cells")
    found = list(rows.iterator(chunk_size=2_000))
    return ([line, reason, *cells] for line, reason, cells in found)
