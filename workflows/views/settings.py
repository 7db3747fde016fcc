"""Settings, Limits and Freezes: what no plan may exceed, and when nothing may start."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Conflict, Invalid, NotAllowed
from core.requests import Request
from workflows import queries, restraints, services
from workflows.forms import FreezeForm, LimitForm, families
from workflows.models import FreezeWindow
from workflows.models.limits import LIMITS

BACK = "/portal/settings/freezes"
AHEAD_DAYS, SHOWN = 400, 8
HISTORY = 10


@require_http_methods(["GET", "POST"])
def limits(request: Request) -> HttpResponse:
    """One form for everything, and one for each family beside it (``?family=pricing``)."""
    _require(request, "workflows.manage_limits")
    family = request.GET.get("family", "")
    if family and family not in dict(families()):
        raise Invalid({"family": [_("There is no such family of workflows.")]})
    form = LimitForm(
        request.POST if request.method == "POST" else None, held=restraints.limit_set(family)
    )
    if request.method == "POST" and form.is_valid() and _saved(request, form, family):
        messages.success(request, _("The limits are saved. They hold from now on."))
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "family": family,
        "family_label": dict(families()).get(family, ""),
        "families": families(),
        "limit_fields": [form[name] for name in LIMITS],
        "in_force": [one for one in restraints.limit_sets() if _holds_any(one)],
        "history": restraints.limit_history()[:HISTORY],
    }
    return render(request, "workflows/limits.html", context, status=422 if form.errors else 200)


def _saved(request: Request, form: LimitForm, family: str) -> bool:
    try:
        services.set_limits(
            tenant_id=str(request.actor.tenant_id),
            limits=form.limits(),
            family=family,
            number=form.cleaned_data["number"],
            actor=request.actor,
        )
    except Conflict as conflict:
        form.add_error(None, str(conflict.detail))
        return False
    return True


def _holds_any(one: Any) -> bool:
    return any(getattr(one, name) is not None for name in LIMITS)


@require_GET
def freezes(request: Request) -> HttpResponse:
    _require(request, "workflows.view_freezes")
    windows = list(restraints.freezes())
    coming = restraints.coming_freezes(request.tenant.pk, windows, AHEAD_DAYS)
    following = {one.window.pk: one for one in reversed(coming)}
    context = {
        "rows": [(window, following.get(window.pk)) for window in windows],
        "coming": coming[:SHOWN],
        "now": queries.database_now(),
        "zone": request.tenant.timezone,
        "manages": request.actor.has_perm("workflows.manage_freezes", request.tenant),
    }
    return render(request, "workflows/freezes.html", context)


@require_http_methods(["GET", "POST"])
def new_freeze(request: Request) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def edit_freeze(request: Request, freeze_id: str) -> HttpResponse:
    return _edit(request, restraints.freeze(freeze_id))


@require_http_methods(["GET", "POST"])
def remove_freeze(request: Request, freeze_id: str) -> HttpResponse:
    _require(request, "workflows.manage_freezes")
    window = restraints.freeze(freeze_id)
    if request.method == "POST":
        services.remove_freeze(freeze_id=freeze_id, actor=request.actor)
        messages.success(request, _("“{name}” is removed.").format(name=window.name))
        return redirect("workflows:freezes")
    question = {
        "title": _("Remove “{name}”?").format(name=window.name),
        "text": _("Runs that wait for its end start within a minute, unless another freeze is on."),
        "yes": _("Remove"),
        "danger": True,
        "action": request.path,
        "back": BACK,
    }
    return render(request, "confirm.html", {"question": question})


def _edit(request: Request, window: FreezeWindow | None) -> HttpResponse:
    """“Preview” shows when it would be on; nothing is kept before “Save”."""
    _require(request, "workflows.manage_freezes")
    form = FreezeForm(request.POST if request.method == "POST" else None, window=window)
    trial = window
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("then") != "preview":
                return _keep(request, form, window)
            trial = services.trial_freeze(request.tenant, **form.cleaned_data)
        except Invalid as refused:
            _say(form, refused)
    context = {
        "form": form,
        "window": window,
        "zone": request.tenant.timezone,
        "coming": _coming(request, trial) if trial and not form.errors else [],
        "tried": trial is not window and trial is not None,
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/freeze.html", context, status=status)


def _keep(request: Request, form: FreezeForm, window: FreezeWindow | None) -> HttpResponse:
    facts = form.cleaned_data
    if window is None:
        services.add_freeze(tenant_id=request.tenant.pk, actor=request.actor, **facts)
    else:
        services.change_freeze(freeze_id=window.pk, actor=request.actor, **facts)
    messages.success(request, _("“{name}” is saved.").format(name=facts["name"]))
    return redirect("workflows:freezes")


def _coming(request: Request, window: FreezeWindow) -> list[Any]:
    return restraints.coming_freezes(request.tenant.pk, [window], AHEAD_DAYS)[:SHOWN]


def _say(form: FreezeForm, refused: Invalid) -> None:
    for name, texts in refused.fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])


def _require(request: Request, perm: str) -> None:
    if request.tenant is None or not request.actor.has_perm(perm, request.tenant):
        raise NotAllowed(perm=perm)
