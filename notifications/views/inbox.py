"""The inbox page: filters and pages in the address; opening a notice marks it as read."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid
from core.htmx import render_page, wants_fragment
from core.requests import Request
from notifications import queries, services
from notifications.states import Group

SIZE = 30
ORDER = ("-created_at", "-id")


@require_GET
def inbox(request: Request) -> HttpResponse:
    return render_page(request, "notifications/inbox.html", _page(request), partial="results")


@require_POST
def open_notice(request: Request, notice_id: str) -> HttpResponse:
    """Mark it read and go to where it leads."""
    notice = services.read_notice(actor=request.actor, notice_id=notice_id)
    return redirect(notice.url or "notifications:inbox")


@require_POST
def read_all(request: Request) -> HttpResponse:
    services.read_all_notices(actor=request.actor)
    if wants_fragment(request):
        context = {**_page(request), "swap_badge": True}
        return render_page(request, "notifications/inbox.html", context, partial="results")
    return redirect("notifications:inbox")


def _page(request: Request) -> dict[str, object]:
    show, group = request.GET.get("show", ""), request.GET.get("group", "")
    if show not in ("", "unread") or (group and group not in Group.values):
        raise Invalid({"show": [_("There is no such list.")]})
    everything = queries.inbox(request.actor.user_id)
    unread = queries.unread_count(request.actor.user_id)
    rows = everything.filter(read_at__isnull=True) if show else everything
    rows = rows.filter(group=group) if group else rows
    cursor = request.GET.get("cursor", "")
    page = after_cursor(rows, ORDER, cursor) if cursor else rows
    found = list(page.select_related("tenant")[: SIZE + 1])
    return {
        "notices": found[:SIZE],
        "next": cursor_of(found[SIZE - 1], ORDER) if len(found) > SIZE else "",
        "total": rows.count(),
        "unread": unread,
        "filters": _filters(show, group, unread),
        "filtered": bool(show or group),
    }


def _filters(show: str, group: str, unread: int) -> list[dict[str, object]]:
    base = reverse("notifications:inbox")
    kept = {"group": group} if group else {}
    shown = {"show": show} if show else {}
    lists = [
        {"href": _to(base, kept), "label": _("All"), "current": not show, "count": ""},
        {
            "href": _to(base, {**kept, "show": "unread"}),
            "label": _("Unread"),
            "current": bool(show),
            "count": unread,
        },
    ]
    groups = [
        {
            "href": _to(base, shown if one == group else {**shown, "group": str(one)}),
            "label": one.label,
            "current": one == group,
            "count": "",
        }
        for one in Group
    ]
    return lists + groups


def _to(base: str, asked: dict[str, str]) -> str:
    return f"{base}?{urlencode(asked)}" if asked else base
