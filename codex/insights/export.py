"""Figures and rows as CSV; no cell of theirs becomes a formula in a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from codex.insights.asking import Asked
from codex.insights.document import insights_document
from codex.insights.figures import Figures
from codex.insights.goals import Goal
from codex.insights.showing import Line
from stores.imports.export import csv_lines

HEAD = ("at", "what", "id", "who", "council", "type", "state", "counted", "value")


def download(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def figure_rows(asked: Asked, goals: list[Goal], found: Figures) -> list[tuple[object, ...]]:
    """(figure, of what, value), one line each; the goals piece by piece as well."""
    rows: list[tuple[object, ...]] = []
    for goal in goals:
        rows.append((goal.key, _("whole period"), goal.reached.value, goal.goal))
        rows += [(goal.key, p.start.isoformat(), p.reached.value, goal.goal) for p in goal.points]
    whole = insights_document(asked, goals, found)
    for part in ("reviews", "runs", "outcomes", "instant_runs_by_person", "worth_a_look"):
        rows += [(part, name, value, "") for name, value in _flat(whole[part])]
    return rows


def _flat(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}".strip("."))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            key = inner.get("council_id") or inner.get("user_id") or place
            yield from _flat(inner, f"{name}[{key}]")
    else:
        yield name, value


def row_cells(lines: Iterable[Line]) -> list[tuple[object, ...]]:
    return [
        (
            line.row.at.isoformat(),
            line.what,
            line.row.id if line.url or not line.row.draft_id else "",
            line.who,
            line.council,
            line.row.type,
            line.state,
            line.row.hit,
            line.row.value,
        )
        for line in lines
    ]
