"""The list of drafts."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid
from core.htmx import render_page
from drafts import queries
from drafts.states import DraftState
from workflows.types import registry

SIZE = 25
ORDER = ("-updated_at", "-id")
FILTERS = ("editing", "pending_review", "approved", "rejected", "converted")


@require_GET
def drafts(request):
    """Filters, search and pages are all in the address, so that it can be shared."""
    asked = request.GET
    status = asked.get("status", "")
    if status and status not in DraftState.values:
        raise Invalid({"status": [_("There is no such state.")]})
    rows = queries.listed_for(request.actor, status=status).select_related("plan", "created_by")
    if asked.get("mine"):
        rows = rows.filter(created_by_id=request.actor.user_id)
    if asked.get("type"):
        rows = rows.filter(workflow_type_id=asked["type"])
    rows = queries.searched(rows, asked.get("q", ""))
    page, following = _page(rows, asked.get("cursor", ""))
    context = {
        "drafts": [(draft, registry.find(draft.workflow_type_id)) for draft in page],
        "next": following,
        "previous": "",
        "filters": _filters(request, status),
        "types": sorted(registry.all(), key=lambda kind: str(kind.title)),
        "asked": asked,
        "is_filtered": any(asked.get(name) for name in ("q", "status", "mine", "type")),
        "total": rows.count(),
        "may_create": request.actor.has_perm("drafts.create_draft", None),
    }
    return render_page(request, "drafts/list.html", context, partial="results")


def _page(rows, cursor: str):
    page = after_cursor(rows, ORDER, cursor) if cursor else rows
    found = list(page.order_by(*ORDER)[: SIZE + 1])
    following = cursor_of(found[SIZE - 1], ORDER) if len(found) > SIZE else ""
    return found[:SIZE], following


def _filters(request, status: str) -> list[dict[str, object]]:
    counts = queries.counts_by_status(request.actor)
    kept = {name: request.GET[name] for name in ("q", "mine", "type") if request.GET.get(name)}
    links = [
        {
            "href": f"?{urlencode(kept)}",
            "label": _("All"),
            "count": sum(counts.values()),
            "current": not status,
        }
    ]
    for name in FILTERS:
        links.append(
            {
                "href": f"?{urlencode({**kept, 'status': name})}",
                "label": DraftState(name).label,
                "count": counts.get(name, 0),
                "current": status == name,
            }
        )
    return links
