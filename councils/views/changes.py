"""The rows of the plan under review: a page of them, with what this reader may do to each."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from core.api.listing import after_cursor, cursor_of
from councils import queries, services
from councils.services.selection import Choice, unticked_rows
from drafts import queries as drafts
from drafts.models import Draft
from tenants.queries import tenant
from workflows import presentation

SIZE = 50
COLUMNS = 3
COUNTED = 1_000
PLACE = ("group", "q", "since", "cursor", "session", "risk", "council", "find")


def changes_panel(request, draft: Draft, round_, earlier, *, choosing: bool) -> dict[str, Any]:
    """One page of the changes; filters and place are in the address."""
    asked = request.GET
    group, text, since = asked.get("group", ""), asked.get("q", "").strip(), asked.get("since", "")
    rows, total = drafts.changes_of(draft, group=group, text=text)
    if earlier is not None and since and draft.plan is not None:
        rows, total = queries.changes_since(draft.plan, earlier.plan_id), None
    cursor = asked.get("cursor", "")
    page = after_cursor(rows, ("position",), cursor) if cursor else rows
    found = list(page.order_by("position")[: SIZE + 1])
    columns = presentation.columns_of(found[:SIZE])[:COLUMNS]
    currency = tenant(draft.tenant_id).currency
    choice = services.choice_of(draft, actor=request.actor) if choosing else Choice(0, 0)
    return {
        "changes": [presentation.shown(row, currency, columns) for row in found[:SIZE]],
        "columns": columns,
        "group": group,
        "q": text,
        "since": since,
        "total": total() if total else _group_total(draft, group, text) or counted(rows),
        "at_first": not cursor,
        "next": cursor_of(found[SIZE - 1], ("position",)) if len(found) > SIZE else "",
        "choosing": choosing,
        "choice": choice,
        "out": _out(draft, choice, found[:SIZE]),
        "place": place_of(asked),
    }


def counted(rows) -> str:
    """How many rows differ: exactly, or that there are more than anybody counts."""
    number = rows.order_by()[: COUNTED + 1].count()
    return str(number) if number <= COUNTED else f"{COUNTED}+"


def place_of(asked: QueryDict) -> str:
    """The part of the address that says which rows are looked at, for coming back to them."""
    kept = QueryDict(mutable=True)
    for name in PLACE:
        if asked.get(name):
            kept[name] = str(asked[name])
    return kept.urlencode()


def placed_in(place: str, session_id: str) -> str:
    """The same place, seen from a meeting: one comes back to the meeting."""
    kept = QueryDict(place, mutable=True)
    kept["session"] = session_id
    return kept.urlencode()


def address_of(draft_id: str, place: str, anchor: str, *, item: str = "") -> str:
    """Where a POST leads back to: these rows of the review, or of the meeting it was read in."""
    kept = QueryDict(place_of(QueryDict(place)), mutable=True)
    session_id = kept.pop("session", [""])[-1]
    if item:
        kept["item"] = item
    url = reverse("councils:review", args=[draft_id])
    if session_id:
        url = reverse("councils:session", args=[session_id])
    query = f"?{kept.urlencode()}" if kept else ""
    return f"{url}{query}#{anchor}"


def _group_total(draft: Draft, group: str, text: str) -> int | None:
    """The plan counted its groups when it was made."""
    if text or not group or draft.plan is None:
        return None
    groups = draft.plan.summary.get("counts", {}).get("groups", [])
    return next((one["count"] for one in groups if one["key"] == group), None)


def _out(draft: Draft, choice: Choice, found: list) -> set[int]:
    if not choice.is_part or draft.plan is None:
        return set()
    rows = unticked_rows(draft.plan, choice).filter(position__in=[row.position for row in found])
    return set(rows.values_list("position", flat=True))
