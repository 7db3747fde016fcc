"""Settings, Councils: who reviews what in this shop."""

from django.contrib import messages
from django.forms import formset_factory
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Conflict, Invalid, NotAllowed
from councils import queries, services
from councils.forms import CouncilForm, CouncilTimesForm, SeatForm
from councils.matching import Facts, checks_of
from councils.models import Council
from councils.policy import rule_story, what_it_says
from councils.states import AfterReviewState
from tenants.queries import members

Seats = formset_factory(SeatForm, extra=1)
NO_FACTS = Facts(workflow_type_id="")


@require_GET
def overview(request):
    require(request, "councils.view_councils")
    return _overview(request)


@require_http_methods(["GET", "POST"])
def new(request):
    require(request, "councils.manage_councils")
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def edit(request, council_id: str):
    require(request, "councils.manage_councils")
    council = queries.council(council_id)
    if council.tenant_id is None:
        raise NotAllowed(_("Shared councils are kept by the platform."))
    return _edit(request, council)


def _edit(request, council: Council | None):
    data = request.POST if request.method == "POST" else None
    form = CouncilForm(data, initial=_facts(council))
    times = CouncilTimesForm(data, initial=_facts(council), councils=_own(council))
    seats = Seats(
        data,
        initial=_seats(council),
        prefix="seats",
        form_kwargs={"members": list(members(request.actor.tenant_id))},
    )
    if data is not None and form.is_valid() and times.is_valid() and seats.is_valid():
        wanted = [seat for seat in (one.wanted() for one in seats.forms) if seat is not None]
        try:
            _save(request, council, {**form.cleaned_data, **times.filled(), "seats": wanted})
        except (Invalid, Conflict) as refused:
            said = [str(text) for texts in refused.fields.values() for text in texts]
            form.add_error(None, said or [str(refused.detail)])
        else:
            messages.success(request, _("The council is saved."))
            return redirect("councils:settings")
    context = {"form": form, "times": times, "seats": seats, "council": council}
    wrong = form.errors or times.errors or any(seats.errors)
    return render(request, "councils/edit.html", context, status=422 if wrong else 200)


def _save(request, council: Council | None, facts: dict) -> None:
    if council is None:
        services.create_council(tenant_id=request.actor.tenant_id, actor=request.actor, **facts)
    else:
        services.update_council(council_id=council.pk, actor=request.actor, **facts)


def _overview(request):
    found = list(queries.routing_rules())
    own = [rule for rule in found if rule.tenant_id]
    shared = [rule for rule in found if rule.tenant_id is None]
    councils = list(queries.councils().order_by("tenant_id", "name"))
    names = {council.pk: council.name for council in councils}
    context = {
        "councils": councils,
        "names": names,
        "own_rules": _lines(own, names),
        "shared_rules": _lines(shared, names, first=len(own) + 1),
        "has_default": any(not checks_of(rule, NO_FACTS) for rule in found),
        "policy": queries.latest_policy(),
        "delegation_count": queries.delegations().count(),
        "after_count": queries.after_reviews().filter(state=AfterReviewState.OPEN).count(),
        "manages": request.actor.has_perm("councils.manage_councils", request.tenant),
    }
    return render(request, "councils/settings.html", context)


def _lines(rules, names: dict[str, str], first: int = 1) -> list[dict[str, object]]:
    return [
        {"number": number, "rule": rule, "text": capfirst(what_it_says(rule_story(rule), names))}
        for number, rule in enumerate(rules, start=first)
    ]


def _own(council: Council | None) -> list[Council]:
    """The councils this one may escalate to: the tenant's others."""
    own = queries.councils().filter(tenant_id__isnull=False, is_active=True)
    return list(own.exclude(pk=council.pk) if council else own)


def require(request, perm: str) -> None:
    if not request.actor.tenant_id or not request.actor.has_perm(perm, request.tenant):
        raise NotAllowed(perm=perm)


def _facts(council: Council | None) -> dict[str, object]:
    if council is None:
        return {}
    names = (*CouncilForm.base_fields, *CouncilTimesForm.base_fields)
    facts = {name: getattr(council, name) for name in names if name != "escalates_to"}
    return facts | {"escalates_to": council.escalates_to_id or ""}


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
