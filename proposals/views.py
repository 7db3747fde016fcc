"""The portal's pages of proposals."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Invalid, NotAllowed
from core.htmx import render_page
from core.requests import Request
from core.schema_forms import SchemaForm
from proposals import queries, services, showing
from proposals.charts import reliability_spots
from proposals.detectors import registry
from proposals.forms import DismissForm, SnoozeForm
from proposals.models import Proposal
from proposals.opening import on_proposal, require_member
from proposals.services.chains import chain_of
from proposals.services.starting import template_names
from stores.queries import profile

PAGE = 25
ON_CARD = 5


@require_GET
def dashboard(request: Request) -> HttpResponse:
    """Open proposals, five at most, and below them what is muted."""
    require_member(request)
    known = queries.experience()
    rows = list(queries.open_proposals().select_related("follows")[: queries.AT_ONCE])
    names = template_names(rows)
    context = {
        **_tabs("open"),
        "cards": [showing.card(row, known, names.get(row.template_id or "", "")) for row in rows],
        "run": queries.last_run(),
        **_muted(),
        **_allowed(request),
    }
    return render(request, "proposals/dashboard.html", context)


@require_GET
def muted(request: Request) -> HttpResponse:
    require_member(request)
    context = {**_tabs("muted"), **_muted(), **_allowed(request)}
    return render(request, "proposals/muted.html", context)


@require_GET
def history(request: Request) -> HttpResponse:
    require_member(request)
    page = Paginator(queries.history(), PAGE).get_page(request.GET.get("page"))
    more = page.has_next() and urlencode({"page": page.next_page_number()})
    outcomes = {
        outcome.proposal_id: (outcome, showing.outcome_text(outcome))
        for outcome in queries.outcomes().filter(proposal__in=[row.pk for row in page])
    }
    rows = [(row, outcomes.get(row.pk)) for row in page]
    context = {**_tabs("history"), "rows": rows, "page": page, "next": more or ""}
    return render_page(request, "proposals/history.html", context)


@require_GET
def record(request: Request) -> HttpResponse:
    """How often what was said came true: the reliability chart, the Brier score, each detector."""
    require_member(request)
    told, known = queries.track_record(), queries.experience()
    detectors = [
        {
            "detector": detector,
            "own": known[detector.id].own if detector.id in known else None,
            "pooled": _pooled(known.get(detector.id)),
        }
        for detector in registry.all()
    ]
    recent = [(row, showing.outcome_text(row)) for row in queries.outcomes()[:PAGE]]
    context = {
        **_tabs("record"),
        "told": told,
        "spots": reliability_spots(told.bins),
        "detectors": detectors,
        "outcomes": recent,
    }
    return render(request, "proposals/record.html", context)


def _pooled(known: queries.Experience | None):
    """Of all shops only from five on, so that no shop can be read from it."""
    pooled = known.pooled if known else None
    return pooled if pooled and pooled.tenants >= queries.FEWEST_TENANTS else None


@require_GET
@on_proposal
def detail(request: Request, proposal: Proposal) -> HttpResponse:
    currency = profile(request.tenant.pk).currency
    replayed = None
    if request.GET.get("replay"):
        replayed = services.replay(proposal_id=proposal.pk, actor=request.actor)
    context = {
        "card": showing.card(
            proposal,
            queries.experience(),
            template_names([proposal]).get(proposal.template_id or "", ""),
        ),
        "proposal": proposal,
        "table": showing.evidence(proposal, currency),
        "sample": showing.figure(proposal.based_on["sample_size"], "count"),
        "settings": showing.settings_of(proposal),
        "interval": _interval(proposal),
        "value": showing.figure(proposal.based_on["value"], proposal.based_on["unit"]),
        "threshold": showing.figure(proposal.based_on["threshold"], proposal.based_on["unit"]),
        "chain": chain_of(proposal),
        "outcomes": [(row, showing.outcome_text(row)) for row in proposal.outcomes.all()],
        "mute": queries.open_mutes().filter(proposal=proposal).first(),
        "replayed": replayed,
        "can_replay": registry.find(proposal.detector) is not None,
        **_allowed(request, proposal),
    }
    return render(request, "proposals/detail.html", context)


def _interval(proposal: Proposal) -> str:
    interval, unit = proposal.based_on.get("interval"), proposal.based_on["unit"]
    if not interval or proposal.based_on["metric"] == "days_until":
        return ""
    low, high = (showing.figure(end, unit) for end in interval)
    return "" if low == high else _("{low} to {high}").format(low=low, high=high)


@require_POST
@on_proposal
def accept(request: Request, proposal: Proposal) -> HttpResponse:
    """Make the draft and go into it."""
    _done, draft = services.accept_proposal(proposal_id=proposal.pk, actor=request.actor)
    messages.success(request, _("The draft is made. Nothing happens until it is approved."))
    return redirect("drafts:draft", draft.pk)


@require_http_methods(["GET", "POST"])
@on_proposal
def dismiss(request: Request, proposal: Proposal) -> HttpResponse:
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.dismiss_proposal(
                proposal_id=proposal.pk, actor=request.actor, **form.cleaned_data
            )
        except Invalid as error:
            form.add_error("reason", [str(text) for text in error.fields["reason"]])
        else:
            messages.success(request, _("Dismissed. It comes back only if it gets clearly worse."))
            return redirect("proposals:dashboard")
    return _ask(request, "proposals/dismiss.html", proposal, form)


@require_http_methods(["GET", "POST"])
@on_proposal
def snooze(request: Request, proposal: Proposal) -> HttpResponse:
    form = SnoozeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.snooze_proposal(
                proposal_id=proposal.pk, actor=request.actor, days=form.cleaned_data["days"]
            )
        except Invalid as error:
            form.add_error("days", [str(text) for text in error.fields["until"]])
        else:
            messages.success(request, _("Snoozed. It is under Muted until then."))
            return redirect("proposals:dashboard")
    return _ask(request, "proposals/snooze.html", proposal, form)


def _ask(request: Request, template: str, proposal: Proposal, form) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"proposal": proposal, "form": form}, status=status)


@require_POST
@on_proposal
def restore(request: Request, proposal: Proposal) -> HttpResponse:
    services.restore_proposal(proposal_id=proposal.pk, actor=request.actor)
    messages.success(request, _("It is open again."))
    return redirect("proposals:dashboard")


@require_GET
def detectors(request: Request) -> HttpResponse:
    """Every detector with what this tenant set for it."""
    require_member(request)
    rows = queries.settings_rows()
    listed = [_listed(kind, rows) for kind in registry.all()]
    may = request.actor.has_perm("proposals.change_detectors")
    context = {**_tabs("detectors"), "detectors": listed, "may_change": may}
    return render(request, "proposals/detectors.html", context)


@require_POST
def set_detector(request: Request, detector: str) -> HttpResponse:
    """Save one detector's settings; what cannot be saved is shown beside its field."""
    require_member(request)
    kind, rows = registry.get(detector), queries.settings_rows()
    form = SchemaForm(kind.Settings, data=request.POST, initial={}, prefix=kind.id)
    is_on = bool(request.POST.get("is_on"))
    if form.is_valid():
        services.change_detector(
            detector=kind.id, values=form.to_inputs(), is_on=is_on, actor=request.actor
        )
        messages.success(request, _("Saved. It holds from the next look on."))
        return redirect("proposals:detectors")
    if not request.actor.has_perm("proposals.change_detectors"):
        raise NotAllowed(perm="proposals.change_detectors")
    listed = [_listed(each, rows, form if each is kind else None) for each in registry.all()]
    context = {**_tabs("detectors"), "detectors": listed, "may_change": True}
    return render(request, "proposals/detectors.html", context, status=422)


def _listed(kind, rows, form: SchemaForm | None = None) -> tuple[object, ...]:
    """A detector, its form, whether it is on, and what it is set to."""
    told = showing.told_settings(kind, rows[kind.id].values if kind.id in rows else {})
    return kind, form or _form(kind, rows), _is_on(kind, rows), told


def _form(kind, rows) -> SchemaForm:
    row = rows.get(kind.id)
    return SchemaForm(kind.Settings, initial=row.values if row else {}, prefix=kind.id)


def _is_on(kind, rows) -> bool:
    return kind.id not in rows or rows[kind.id].is_on


def _tabs(current: str) -> dict[str, object]:
    names = {
        "open": (_("Open"), queries.count_open()),
        "muted": (_("Muted"), queries.open_mutes().count() + queries.snoozed_proposals().count()),
        "history": (_("History"), None),
        "record": (_("Track record"), None),
        "detectors": (_("Detectors"), None),
    }
    urls = {"open": "dashboard"}
    tabs = [
        {
            "label": label,
            "count": number,
            "current": name == current,
            "url": reverse(f"proposals:{urls.get(name, name)}"),
        }
        for name, (label, number) in names.items()
    ]
    return {"tabs": tabs}


def _muted() -> dict[str, object]:
    mutes = [(mute, showing.returns_when(mute)) for mute in queries.open_mutes()]
    return {"mutes": mutes, "snoozed": list(queries.snoozed_proposals())}


def _allowed(request: Request, proposal: Proposal | None = None) -> dict[str, bool]:
    is_open = proposal is None or proposal.status == "pending"
    may = request.actor.has_perm("proposals.accept_proposal", proposal)
    return {"may_decide": may and is_open, "may_restore": may}
