"""What a reviewer does while reading: opening what is red, ticking and unticking rows."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.errors import Conflict, IllegalMove, Invalid
from councils import services
from councils.views.changes import address_of
from councils.views.queue import page
from drafts.queries import opened

AT_MOST = 200


@require_POST
def open_items(request, draft_id: str) -> HttpResponse:
    """Shows the item that was opened, and remembers that it was."""
    items = request.POST.getlist("item")[:AT_MOST]
    with opened(request.actor, draft_id) as draft:
        services.open_items(draft_id=draft.pk, items=items, actor=request.actor)
    return _back(request, draft_id, "red", item=items[-1] if items else "")


@require_POST
def ticks(request, draft_id: str) -> HttpResponse:
    """``do`` is *rows* (those shown, as ticked), *untick* (all a filter finds), or *all* in."""
    said = request.POST
    problem = None
    with opened(request.actor, draft_id) as draft:
        try:
            _choose(draft.pk, said, request.actor)
        except (Invalid, Conflict, IllegalMove) as refused:
            problem = refused
    if problem is not None:
        return page(request, draft_id, problem=problem)
    return _back(request, draft_id, "changes")


def _choose(draft_id: str, said: QueryDict, actor) -> None:
    if said.get("do") == "all":
        services.tick_all(draft_id=draft_id, actor=actor)
    elif said.get("do") == "untick":
        matching = {name: str(said[name]) for name in ("group", "field", "q") if said.get(name)}
        services.untick_all(draft_id=draft_id, actor=actor, matching=matching)
    else:
        services.tick_rows(
            draft_id=draft_id,
            actor=actor,
            shown=_numbers(said.getlist("shown")),
            ticked=_numbers(said.getlist("ticked")),
        )


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _back(request, draft_id: str, part: str, *, item: str = "") -> HttpResponse:
    """To the rows one came from: they are named in the form, as the address of a POST has none."""
    return redirect(address_of(draft_id, request.POST.get("place", ""), part, item=item))
