"""Settings, Audit: who did what when, object by object, and files to take away."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Max, Min
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from codex.trail import export
from codex.trail.asking import NEWEST, asked_by, events, require_auditor, story
from core.api.listing import after_cursor, cursor_of
from core.audit.keys import public_key
from core.audit.sealing import last_seal
from core.errors import NotFound
from core.htmx import render_page
from core.models import Event
from core.requests import Request
from tenants.queries import members

SIZE = 50
FAMILIES = (
    "draft", "review", "workflow", "template", "proposal", "council", "tenant", "member",
    "token", "endpoint", "import",
)  # fmt: skip
PAGES = {
    "drafts.draft": "/portal/workflows/drafts/",
    "workflows.workflow": "/portal/workflows/",
    "templates_catalog.template": "/portal/workflows/templates/",
    "proposals.proposal": "/portal/workflows/proposals/",
}


@require_GET
def trail(request: Request) -> HttpResponse:
    require_auditor(request)
    rows, cursor = events(asked_by(request)), request.GET.get("cursor", "")
    page = after_cursor(rows, NEWEST, cursor) if cursor else rows
    found = list(page.order_by(*NEWEST)[: SIZE + 1])
    kept = {name: text for name, text in request.GET.items() if text and name != "cursor"}
    context = {
        "lines": list(_lines(found[:SIZE])),
        "next": cursor_of(found[SIZE - 1], NEWEST) if len(found) > SIZE else "",
        "total": rows.count(),
        "asked": request.GET,
        "query": urlencode(kept),
        "filtered": bool(kept),
        "families": FAMILIES,
        "people": members(request.actor.tenant_id),
        "seal": last_seal(request.actor.tenant_id),
        "key": public_key(),
    }
    return render_page(request, "codex/trail/page.html", context, partial="results")


@require_GET
def timeline(request: Request, subject_id: str) -> HttpResponse:
    """Everything that happened to one object, newest first."""
    require_auditor(request)
    rows, cursor = story(request.actor.tenant_id, subject_id[:64]), request.GET.get("cursor", "")
    span = rows.aggregate(first=Min("at"), last=Max("at"))
    if span["first"] is None:
        raise NotFound
    page = after_cursor(rows, NEWEST, cursor) if cursor else rows
    found = list(page.order_by(*NEWEST)[: SIZE + 1])
    context = {
        "subject_id": subject_id,
        "lines": list(_lines(found[:SIZE])),
        "next": cursor_of(found[SIZE - 1], NEWEST) if len(found) > SIZE else "",
        "total": rows.count(),
        "url": next((url for line, url in _lines(found[:1]) if line.subject_id == subject_id), ""),
        **span,
    }
    return render(request, "codex/trail/timeline.html", context)


@require_GET
def as_csv(request: Request) -> StreamingHttpResponse:
    require_auditor(request)
    return export.csv_response(asked_by(request))


@require_GET
def as_jsonl(request: Request) -> StreamingHttpResponse:
    require_auditor(request)
    return export.jsonl_response(asked_by(request))


@require_GET
def bundle(request: Request) -> StreamingHttpResponse:
    require_auditor(request)
    return export.bundle_response(request.actor.tenant_id)


def _lines(found: list[Event]) -> Iterator[tuple[Event, str]]:
    """Each event with the page of what it is about, where there is one."""
    for event in found:
        base = PAGES.get(event.subject_type, "")
        yield event, f"{base}{event.subject_id}" if base else ""
