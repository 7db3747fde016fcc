"""Speaking under a review: comments, replies, settling."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Invalid
from councils.views.changes import address_of
from councils.views.queue import page
from drafts import services
from drafts.queries import opened


@require_POST
def comment(request, draft_id: str) -> HttpResponse:
    said = request.POST
    text = said.get("comment", "")
    problem = None
    with opened(request.actor, draft_id) as draft:
        try:
            made = services.comment(
                draft_id=draft.pk,
                actor=request.actor,
                text=text,
                parent_id=said.get("parent_id") or None,
                mentions=said.getlist("mention"),
                **_about(said.get("about", "")),
            )
        except Invalid as refused:
            texts = [str(one) for some in refused.fields.values() for one in some]
            problem = Invalid({"comment": texts})
    if problem is not None:
        return page(request, draft_id, problem=problem, text=text)
    messages.success(request, _("Your comment is in the thread."))
    return _back(request, draft_id, made.parent_id or made.pk)


@require_POST
def resolve(request, draft_id: str, comment_id: str) -> HttpResponse:
    with opened(request.actor, draft_id) as draft:
        services.resolve_comment(draft_id=draft.pk, comment_id=comment_id, actor=request.actor)
    return _back(request, draft_id, comment_id)


@require_POST
def reopen(request, draft_id: str, comment_id: str) -> HttpResponse:
    with opened(request.actor, draft_id) as draft:
        services.reopen_comment(draft_id=draft.pk, comment_id=comment_id, actor=request.actor)
    return _back(request, draft_id, comment_id)


def _about(wanted: str) -> dict[str, Any]:
    """``field:tone`` or ``change:4711`` as the service takes it."""
    kind, _colon, name = wanted.partition(":")
    if kind == "field":
        return {"field": name}
    if kind == "change" and name.isascii() and name.isdigit() and len(name) < 19:
        return {"planned_change_id": int(name)}
    return {}


def _back(request, draft_id: str, anchor: str) -> HttpResponse:
    return redirect(address_of(draft_id, request.POST.get("place", ""), anchor))
