"""Approving several low-risk drafts: what they do is shown once more, then each is decided."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from councils import queries, services
from councils.services.bulk import AT_MOST
from councils.views.groups import titled

Item = tuple[str, int]


@require_http_methods(["GET", "POST"])
def bulk(request) -> HttpResponse:
    """GET asks once more with every effect in words; POST decides and tells what became of each."""
    items = _items(request)
    if not items:
        return redirect("councils:queue")
    if request.method == "GET":
        return render(request, "councils/bulk.html", {"entries": _entries(request, items)})
    comment = request.POST.get("comment", "")
    results = services.approve_many(items=items, actor=request.actor, comment=comment)
    said = {
        "results": results,
        "approved": sum(one.problem is None for one in results),
        "refused": sum(one.problem is not None for one in results),
    }
    return render(request, "councils/bulk.html", said)


def _entries(request, items: list[Item]) -> list[Any]:
    """Those that still wait for this person, in the order of the queue; the rest is told later."""
    wanted = dict(items)
    rows = queries.your_turn(request.actor).filter(draft_id__in=wanted, risk="low")
    return [
        entry
        for entry in titled(list(rows.order_by("opened_at", "id")))
        if entry.revision_number == wanted[entry.draft_id]
    ]


def _items(request) -> list[Item]:
    """``draft_…:2`` as draft and revision; anything else is nobody's draft."""
    given = request.POST if request.method == "POST" else request.GET
    found = [text.rpartition(":") for text in given.getlist("item")[:AT_MOST]]
    return [
        (draft_id, int(number))
        for draft_id, _colon, number in found
        if draft_id and number.isascii() and number.isdigit() and len(number) < 9
    ]
