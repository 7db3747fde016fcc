"""The inbox page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core.requests import Request
from notifications import queries, services

SHOWN = 100


@require_GET
def inbox(request: Request) -> HttpResponse:
    notices = queries.inbox(request.actor.user_id)[:SHOWN]
    return render(request, "notifications/inbox.html", {"notices": notices})


@require_POST
def open_notice(request: Request, notice_id: str) -> HttpResponse:
    """Mark it read and go to where it leads."""
    notice = services.read_notice(actor=request.actor, notice_id=notice_id)
    return redirect(notice.url or "notifications:inbox")


@require_POST
def read_all(request: Request) -> HttpResponse:
    services.read_all_notices(actor=request.actor)
    return redirect("notifications:inbox")
