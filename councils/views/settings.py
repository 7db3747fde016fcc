"""Settings, Councils: who reviews what in this shop."""

from django.contrib import messages
from django.forms import formset_factory
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict, Invalid, NotAllowed
from councils import queries, services
from councils.forms import CouncilForm, RuleForm, SeatForm, what_of
from councils.models import Council
from tenants.queries import members

Seats = formset_factory(SeatForm, extra=1)
Rules = formset_factory(RuleForm, extra=1)


@require_GET
def overview(request):
    _require(request, "councils.view_councils")
    return _overview(request)


@require_POST
def rules(request):
    _require(request, "councils.manage_councils")
    form = Rules(request.POST, form_kwargs={"councils": _active()}, prefix="rules")
    if not form.is_valid():
        return _overview(request, rules_form=form, status=422)
    wanted = [line for line in (one.wanted() for one in form.forms) if line is not None]
    services.set_rules(tenant_id=request.actor.tenant_id, rules=wanted, actor=request.actor)
    messages.success(request, _("The routing is saved."))
    return redirect("councils:settings")


@require_http_methods(["GET", "POST"])
def new(request):
    _require(request, "councils.manage_councils")
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def edit(request, council_id: str):
    _require(request, "councils.manage_councils")
    council = queries.council(council_id)
    if council.tenant_id is None:
        raise NotAllowed(_("Shared councils are kept by the platform."))
    return _edit(request, council)


def _edit(request, council: Council | None):
    data = request.POST if request.method == "POST" else None
    form = CouncilForm(data, initial=_facts(council))
    seats = Seats(
        data,
        initial=_seats(council),
        prefix="seats",
        form_kwargs={"members": list(members(request.actor.tenant_id))},
    )
    if data is not None and form.is_valid() and seats.is_valid():
        wanted = [seat for seat in (one.wanted() for one in seats.forms) if seat is not None]
        try:
            _save(request, council, {**form.cleaned_data, "seats": wanted})
        except (Invalid, Conflict) as refused:
            said = [str(text) for texts in refused.fields.values() for text in texts]
            form.add_error(None, said or [str(refused.detail)])
        else:
            messages.success(request, _("The council is saved."))
            return redirect("councils:settings")
    context = {"form": form, "seats": seats, "council": council}
    status = 422 if form.errors or any(seats.errors) else 200
    return render(request, "councils/edit.html", context, status=status)


def _save(request, council: Council | None, facts: dict) -> None:
    if council is None:
        services.create_council(tenant_id=request.actor.tenant_id, actor=request.actor, **facts)
    else:
        services.update_council(council_id=council.pk, actor=request.actor, **facts)


def _overview(request, *, rules_form=None, status: int = 200):
    found = list(queries.routing_rules())
    own = [
        {"what": what_of(rule), "council_id": rule.council_id} for rule in found if rule.tenant_id
    ]
    context = {
        "councils": list(queries.councils().order_by("tenant_id", "name")),
        "shared_rules": [rule for rule in found if rule.tenant_id is None],
        "rules_form": rules_form
        or Rules(initial=own, form_kwargs={"councils": _active()}, prefix="rules"),
        "manages": request.actor.has_perm("councils.manage_councils", request.tenant),
    }
    return render(request, "councils/settings.html", context, status=status)


def _active() -> list[Council]:
    return list(queries.councils().filter(is_active=True))


def _require(request, perm: str) -> None:
    if not request.actor.tenant_id or not request.actor.has_perm(perm, request.tenant):
        raise NotAllowed(perm=perm)


def _facts(council: Council | None) -> dict[str, object]:
    if council is None:
        return {}
    return {name: getattr(council, name) for name in CouncilForm.base_fields}


def _seats(council: Council | None) -> list[dict[str, object]]:
    if council is None:
        return []
    return [
        {
            "name": seat.name,
            "needed": seat.needed,
            "stage": seat.stage,
            "roles": seat.roles,
            "user_ids": [held.user_id for held in seat.holders.all()],
        }
        for seat in council.seats.all()
    ]
