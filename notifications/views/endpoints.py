"""Settings, Webhooks and chat: the shop's endpoints, their keys and the log of what went out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.api.listing import after_cursor, cursor_of
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.htmx import render_page
from core.requests import Request
from notifications import queries, services
from notifications.document import address_of
from notifications.forms import EndpointForm
from notifications.models import Endpoint
from notifications.states import Sending

SIZE = 25
ORDER = ("-created_at", "-id")
STATES = (Sending.PENDING, Sending.SENT, Sending.FAILED)


@never_cache
@require_http_methods(["GET", "POST"])
def endpoints(request: Request) -> HttpResponse:
    """A new signing key is shown on the answer to its POST and never again: no redirect there."""
    _require(request)
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.create_endpoint(actor=request.actor, **form.cleaned_data)
        except (Invalid, Conflict) as refused:
            _tell(form, refused)
        else:
            return _one(request, made.endpoint, secret=made.secret)
    context = {"endpoints": [_line(one) for one in queries.endpoints()], "form": form}
    status = 422 if form.errors else 200
    return render(request, "notifications/endpoints.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def endpoint(request: Request, endpoint_id: str) -> HttpResponse:
    _require(request)
    found = queries.endpoint(endpoint_id)
    if request.method == "GET":
        return _one(request, found)
    form = EndpointForm(request.POST, endpoint=found)
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.update_endpoint(
                endpoint_id=endpoint_id,
                actor=request.actor,
                name=said["name"],
                kinds=said["kinds"],
                url=said["url"] or None,
            )
        except Invalid as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("notifications:endpoint", endpoint_id)
    return _one(request, found, form=form, status=422)


@require_POST
def switch(request: Request, endpoint_id: str) -> HttpResponse:
    _require(request)
    on = request.POST.get("on") == "1"
    services.update_endpoint(endpoint_id=endpoint_id, actor=request.actor, is_active=on)
    messages.success(request, _("It is on.") if on else _("It is off."))
    return redirect("notifications:endpoint", endpoint_id)


@never_cache
@require_POST
def rotate(request: Request, endpoint_id: str) -> HttpResponse:
    _require(request)
    made = services.rotate_secret(endpoint_id=endpoint_id, actor=request.actor)
    return _one(request, made.endpoint, secret=made.secret)


@require_POST
def ping(request: Request, endpoint_id: str) -> HttpResponse:
    _require(request)
    services.ping(endpoint_id=endpoint_id, actor=request.actor)
    messages.success(request, _("A test message is on its way. Its answer stands in the log."))
    return redirect("notifications:endpoint", endpoint_id)


@require_http_methods(["GET", "POST"])
def remove(request: Request, endpoint_id: str) -> HttpResponse:
    _require(request)
    found = queries.endpoint(endpoint_id)
    if request.method == "POST":
        services.remove_endpoint(endpoint_id=endpoint_id, actor=request.actor)
        messages.success(request, _("Removed. Nothing is sent there any more."))
        return redirect("notifications:endpoints")
    question = {
        "title": _("Remove “{name}”?").format(name=found.name),
        "text": _("Nothing is sent there any more. Its address and its signing key are forgotten."),
        "yes": _("Remove"),
        "danger": True,
        "action": request.path,
        "back": f"/portal/settings/endpoints/{endpoint_id}",
    }
    return render(request, "confirm.html", {"question": question})


@require_POST
def replay(request: Request, delivery_id: str) -> HttpResponse:
    _require(request)
    delivery = services.replay(delivery_id=delivery_id, actor=request.actor)
    messages.success(request, _("It is sent once more."))
    return redirect("notifications:endpoint", delivery.endpoint_id)


@require_GET
def delivery(request: Request, delivery_id: str) -> HttpResponse:
    _require(request)
    found = queries.delivery(delivery_id)
    context = {"delivery": found, "calls": found.calls.order_by("-number")}
    return render(request, "notifications/delivery.html", context)


def _one(request: Request, found: Endpoint, *, status: int = 200, **more: object) -> HttpResponse:
    context = {
        "endpoint": _line(found),
        "form": EndpointForm(endpoint=found),
        **_log(request, found),
    }
    template = "notifications/endpoint.html"
    return render_page(request, template, {**context, **more}, status=status, partial="log")


def _log(request: Request, found: Endpoint) -> dict[str, object]:
    state, cursor = request.GET.get("state", ""), request.GET.get("cursor", "")
    if state and state not in STATES:
        raise Invalid({"state": [_("There is no such state.")]})
    rows = queries.deliveries(found.pk, state=state)
    page = after_cursor(rows, ORDER, cursor) if cursor else rows
    shown = list(queries.with_calls(page)[: SIZE + 1])
    here = f"/portal/settings/endpoints/{found.pk}"
    filters = [{"href": here, "label": _("All"), "current": not state}]
    filters += [
        {"href": f"{here}?state={one}", "label": one.label, "current": state == one}
        for one in STATES
    ]
    return {
        "deliveries": shown[:SIZE],
        "next": cursor_of(shown[SIZE - 1], ORDER) if len(shown) > SIZE else "",
        "total": rows.count(),
        "filters": filters,
    }


def _line(endpoint: Endpoint) -> Endpoint:
    endpoint.shown_address = address_of(endpoint)  # type: ignore[attr-defined]
    return endpoint


def _tell(form: EndpointForm, refused: Invalid | Conflict) -> None:
    for name, texts in refused.fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])
    if not refused.fields:
        form.add_error(None, str(refused.detail))


def _require(request: Request) -> None:
    if request.tenant is None:
        raise NotFound
    if not request.actor.has_perm("notifications.manage_endpoints", request.tenant):
        raise NotAllowed(perm="notifications.manage_endpoints")
