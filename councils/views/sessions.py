"""A council's meeting on the screen: start, one item at a time, close, minutes."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import IllegalMove, Invalid, NotFound
from councils import queries, services
from councils.minutes import markdown
from councils.models import Session, SessionItem
from councils.views.changes import placed_in
from councils.views.decision import decision_page
from drafts.queries import opened


@require_http_methods(["GET", "POST"])
def sessions(request) -> HttpResponse:
    """The councils one can meet in, with what waits there, and the meetings so far."""
    problem = ""
    if request.method == "POST":
        minutes = request.POST.get("minutes_each", "5")
        try:
            made = services.start_session(
                council_id=request.POST.get("council_id", ""),
                actor=request.actor,
                minutes_each=int(minutes) if minutes.isascii() and minutes.isdigit() else 0,
            )
        except (Invalid, IllegalMove) as refused:
            said = [str(text) for texts in refused.fields.values() for text in texts]
            problem = " ".join(said) or str(refused.detail)
        else:
            return redirect("councils:session", made.pk)
    context = {
        "choices": queries.councils_to_meet(request.actor),
        "sessions": list(queries.sessions()[:20]),
        "problem": problem,
    }
    return render(request, "councils/sessions.html", context, status=422 if problem else 200)


@require_GET
def session(request, session_id: str) -> HttpResponse:
    found = queries.session(session_id)
    if found.closed_at is not None:
        return redirect("councils:minutes", session_id)
    items = list(found.items.all())
    at = next(item for item in items if item.position == found.at_item)
    context = {
        "session": found,
        "items": items,
        "at": at,
        "following": next((one for one in items if one.position == at.position + 1), None),
        "until": _until(found, at),
        "decision": _decision(request, found, at),
    }
    return render(request, "councils/session.html", context)


@require_POST
def go(request, session_id: str) -> HttpResponse:
    position = request.POST.get("position", "")
    services.go_to_item(
        session_id=session_id,
        position=int(position) if position.isascii() and position.isdigit() else 0,
        actor=request.actor,
    )
    return redirect("councils:session", session_id)


@require_POST
def close(request, session_id: str) -> HttpResponse:
    services.close_session(session_id=session_id, actor=request.actor)
    messages.success(request, _("The meeting is closed and its minutes are written."))
    return redirect("councils:minutes", session_id)


@require_GET
def minutes(request, session_id: str) -> HttpResponse:
    found = queries.session(session_id)
    context = {"session": found, "items": list(found.items.all())}
    return render(request, "councils/minutes.html", context)


@require_GET
def minutes_file(request, session_id: str) -> HttpResponse:
    found = queries.session(session_id)
    text = markdown(found, list(found.items.all()))
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    day = timezone.localtime(found.started_at).strftime("%Y-%m-%d")
    response["Content-Disposition"] = f'attachment; filename="minutes-{day}.md"'
    return response


def _decision(request, found: Session, at: SessionItem) -> str:
    """The same page as in the queue; "" when the draft was taken back meanwhile."""
    try:
        with opened(request.actor, at.draft_id) as draft:
            context: dict[str, Any] = decision_page(request, draft, problem=None, text="")
            context |= {"session": found, "place": placed_in(context["place"], found.pk)}
            return render_to_string("councils/decision.html", context, request=request)
    except NotFound:
        return ""


def _until(found: Session, at: SessionItem) -> str:
    """When the time of this item is over, for the clock on the page."""
    if at.reached_at is None:
        return ""
    return (at.reached_at + timedelta(minutes=found.minutes_each)).isoformat()
