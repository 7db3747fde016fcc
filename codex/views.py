"""Pages of no single floor: home, the tenant switcher, and what is shown when something fails."""

import structlog
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from codex import gallery, pages, search
from core.answers import answer, problem_response
from core.api.errors import NotSignedIn
from core.errors import DomainError, NotAllowed, NotFound
from core.requests import Request
from tenants import services


class BadRequest(DomainError):
    status = 400
    code = "bad_request"
    title = _("This request can't be read")


class Broken(DomainError):
    status = 500
    code = "internal"
    title = _("Something broke on our side")


@require_GET
def home(request: Request) -> HttpResponse:
    return render(request, "codex/home.html", pages.home(request))


@require_http_methods(["GET", "POST"])
def switch(request: Request) -> HttpResponse:
    """The list of a person's shops; a POST goes into one of them."""
    if request.method == "GET":
        return render(request, "codex/switch.html")
    services.switch_tenant(request, request.POST.get("tenant_id", ""))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else "home")


@require_GET
def find(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").strip()[: search.LONGEST]
    found = {"text": text, "groups": search.everything(request, text)}
    return render(request, "codex/search.html", found)


@login_required
@require_GET
def show_gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, from the real templates."""
    return render(request, "codex/gallery.html", gallery.context())


@login_required
@require_GET
def gallery_products(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"results": gallery.found(request.GET.get("q", ""))})


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/offline.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, BadRequest())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session: they may be what is broken."""
    if request.path.startswith("/api/"):
        return problem_response(Broken())
    context = {"request_id": structlog.contextvars.get_contextvars().get("request_id", "")}
    return HttpResponse(render_to_string("errors/500.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(NotSignedIn(_("The session's CSRF token is missing or wrong.")))
    return answer(
        request, NotAllowed(_("This form is too old. Go back, reload, and send it again."))
    )
