"""Unticking on the decision page: a form of boxes, and filters for a hundred thousand of them."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import Conflict, DomainError, IllegalMove, Invalid
from councils import services
from councils.views.queue import page
from drafts.queries import opened


@require_POST
def approve_part(request, draft_id: str) -> HttpResponse:
    """``without`` and ``keeping`` are positions, each as often as needed; ``without_group``,
    ``without_field`` and ``without_q`` are filters, and ``without_matching`` one that names
    several of these at once, as ``group=up&q=mug``."""
    said = request.POST
    problem: DomainError | None = None
    with opened(request.actor, draft_id) as draft:
        try:
            decided = services.approve_part(
                draft_id=draft.pk,
                revision_number=_number(said.get("revision", "")),
                actor=request.actor,
                comment=said.get("comment", ""),
                **unticked(said),
            )
            part = decided.plan.summary["part"] if decided.plan else {}
        except (Invalid, Conflict, IllegalMove) as refused:
            problem = refused
    if problem is not None:
        return page(request, draft_id, problem=problem, text=said.get("comment", ""))
    messages.success(request, _said(part))
    return redirect("councils:review", draft_id)


def unticked(said: QueryDict) -> dict[str, list]:
    """What the form says, as ``approve_part`` takes it; what is no number is no position."""
    filters = [
        {name: value}
        for name in ("group", "field", "q")
        for value in said.getlist(f"without_{name}")
        if value
    ]
    filters += [dict(parse_qsl(text)) for text in said.getlist("without_matching")]
    return {
        "without": _numbers(said.getlist("without")),
        "keeping": _numbers(said.getlist("keeping")),
        "matching": filters,
    }


def _said(part: dict[str, int]) -> str:
    kept = ngettext("{n} change is approved", "{n} changes are approved", part["kept"])
    gone = ngettext("{n} was left out", "{n} were left out", part["left_out"])
    said = f"{kept.format(n=part['kept'])}, {gone.format(n=part['left_out'])}."
    if part["taken_along"]:
        more = _("{n} of these could not stand without the others.")
        said = f"{said} {more.format(n=part['taken_along'])}"
    return said


def _numbers(texts: list[str]) -> list[int]:
    return [number for text in texts if (number := _number(text)) is not None]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
