"""The insights page, and the rows behind each of its figures."""

from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from codex.insights import export, showing
from codex.insights.asking import HITS, Asked, count_of, rows_of
from codex.insights.figures import figures
from codex.insights.goals import goals
from codex.insights.opening import asked_by, on_source, only_by, require_member
from codex.insights.period import PERIODS
from codex.insights.sources import Source
from core.errors import Invalid
from core.requests import Request
from councils.models import Council
from workflows.types import registry

PAGE = 50


@require_GET
def insights(request: Request) -> HttpResponse:
    require_member(request)
    asked = asked_by(request)
    found = figures(asked)
    keys = [row.key for row in found.by_reviewer] + [row.user_id for row in found.instant]
    context = {
        **_asked(asked),
        "tiles": [showing.tile(goal) for goal in goals(asked)],
        "found": found,
        "words": showing.quality_words(found.quality),
        "names": showing.names_of(keys),
        "councils_by_id": showing.councils_of(row.key for row in found.by_council),
        "watch": [(name, showing.state(name), n) for name, n in found.watch.items()],
        "ended": [(name, showing.state(name), n) for name, n in found.ended_approvals.items()],
    }
    return render(request, "codex/insights/page.html", context)


@require_GET
def figures_csv(request: Request) -> StreamingHttpResponse:
    require_member(request)
    asked = asked_by(request)
    rows = export.figure_rows(asked, goals(asked), figures(asked))
    return export.download("insights", ("figure", "of", "value", "goal"), rows)


@require_GET
@on_source
def rows(request: Request, source: Source) -> HttpResponse:
    asked, only = asked_by(request), only_by(request)
    total, offset = count_of(source, asked, only), _offset(request)
    found = rows_of(source, asked, only, limit=PAGE, offset=offset)
    query = {key: str(value) for key, value in request.GET.items() if key != "offset"}
    context = {
        **_asked(asked),
        "source": source,
        "only": only,
        "who": showing.names_of([only.who]).get(only.who, only.who) if only.who else "",
        "lines": showing.lines_of(source, found, request.actor),
        "total": total,
        "shown": _shown(offset, len(found), total),
        "earlier": _page(query, offset - PAGE) if offset else "",
        "later": _page(query, offset + PAGE) if offset + PAGE < total else "",
        "filters": _filters(source, query, only.hit),
    }
    return render(request, "codex/insights/rows.html", context)


@require_GET
@on_source
def rows_csv(request: Request, source: Source) -> StreamingHttpResponse:
    found = rows_of(source, asked_by(request), only_by(request))
    lines = showing.lines_of(source, found, request.actor)
    return export.download(f"insights-{source.key}", export.HEAD, export.row_cells(lines))


def _asked(asked: Asked) -> dict[str, object]:
    query = asked.period.query
    if asked.type:
        query |= {"workflow_type_id": asked.type}
    if asked.council:
        query |= {"council_id": asked.council}
    return {
        "asked": asked,
        "period": asked.period,
        "periods": PERIODS.items(),
        "types": registry.all(),
        "councils": list(Council.objects.order_by("name", "id")),
        "query": urlencode(query),
    }


def _offset(request: Request) -> int:
    text = request.GET.get("offset", "0")
    if not text.isdecimal() or len(text) > 7:
        raise Invalid({"offset": [_("A whole number, please.")]})
    return int(text)


def _page(query: dict[str, str], offset: int) -> str:
    return urlencode({**query, "offset": max(offset, 0)})


def _shown(offset: int, number: int, total: int) -> str:
    if not number:
        return ""
    return _("{first} to {last} of {total}").format(
        first=offset + 1, last=offset + number, total=total
    )


def _filters(source: Source, query: dict[str, str], chosen: str) -> list[dict[str, object]]:
    """All rows, those counted, those not."""
    labels = {"": _("All"), "yes": source.counted, "no": _("The others")}
    here = reverse("insights_rows", args=[source.key])
    return [
        {
            "label": labels[name],
            "current": name == chosen,
            "url": f"{here}?{urlencode({**query, 'counted': name})}",
        }
        for name in HITS
    ]
