"""One answer for a view that changes one widget: the widget to htmx, the page to everybody else."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def wants_fragment(request: HttpRequest) -> bool:
    """htmx asks for a piece of the page; a boosted link or a restored history wants it whole."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    partial: str = "",
) -> HttpResponse:
    """The page, or its partial of that name when htmx asks."""
    if partial and wants_fragment(request):
        template = f"{template}#{partial}"
    response = render(request, template, dict(context or {}), status=status)
    response["Vary"] = "HX-Request"
    return response


def partial_or_redirect(
    request: HttpRequest, template: str, context: Mapping[str, object], *, to: Any
) -> HttpResponse:
    """After a POST: ``page.html#partial`` to htmx, a redirect to the page otherwise."""
    if wants_fragment(request):
        return render(request, template, dict(context))
    return redirect(to)
