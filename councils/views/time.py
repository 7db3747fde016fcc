"""Who is looking at a review, who it was given to, and who decides for whom for some days."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict, Invalid, NotAllowed
from councils import queries, services
from councils.forms import offer
from councils.seating import sittings
from drafts.queries import opened
from tenants.queries import members

ASK = ["GET", "POST"]


@require_POST
def claim(request, draft_id: str):
    with opened(request.actor, draft_id) as draft:
        services.claim_review(draft_id=draft.pk, actor=request.actor)
    messages.success(request, _("Others see that you are looking at it."))
    return redirect("councils:review", draft_id)


@require_POST
def release(request, draft_id: str):
    with opened(request.actor, draft_id) as draft:
        services.release_review(draft_id=draft.pk, actor=request.actor)
    messages.success(request, _("It is free again."))
    return redirect("councils:review", draft_id)


@require_http_methods(ASK)
def assign(request, draft_id: str):
    """Ticks for everyone who could decide; all of them together have to fill every seat."""
    problems: list[str] = []
    with opened(request.actor, draft_id) as draft:
        if not request.actor.has_perm("councils.assign_review", draft):
            raise NotAllowed(perm="councils.assign_review")
        round_ = queries.open_round(draft)
        wanted = request.POST.getlist("user_ids")
        if request.method == "POST":
            try:
                services.assign_review(draft_id=draft.pk, user_ids=wanted, actor=request.actor)
            except Invalid as refused:
                problems = [str(text) for texts in refused.fields.values() for text in texts]
        context = {
            "draft": draft,
            "round": round_,
            "people": _who_could(draft, round_),
            "chosen": wanted if problems else (round_.assignee_ids if round_ else []),
            "problems": problems,
        }
    if request.method == "POST" and not problems:
        messages.success(request, _("It is given to them."))
        return redirect("councils:review", draft_id)
    return render(request, "councils/assign.html", context, status=422 if problems else 200)


def _who_could(draft, round_) -> list[dict[str, str]]:
    if round_ is None:
        return []
    seats: dict[str, list[str]] = {}
    barred = queries.barred_ids(draft)
    round_.assignee_ids = []
    for one in sittings(round_):
        for person in one.people.keys() - barred:
            seats.setdefault(person, []).append(one.seat.name)
    names = queries.names(seats)
    found = [{"id": pk, "name": names[pk], "seats": ", ".join(seats[pk])} for pk in seats]
    return sorted(found, key=lambda person: person["name"])


class DelegationForm(forms.Form):
    from_user_id = forms.ChoiceField(label=_l("Whose say"))
    to_user_id = forms.ChoiceField(label=_l("Who decides for them"))
    starts_on = forms.DateField(
        label=_l("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_l("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_l("Why"), max_length=300, required=False)

    def __init__(self, *args, actor, people, manages: bool, **kwargs):
        super().__init__(*args, **kwargs)
        everyone = [(place.user_id, str(place.user)) for place in people]
        own = everyone if manages else [pair for pair in everyone if pair[0] == actor.user_id]
        offer(self, "from_user_id", own)
        offer(self, "to_user_id", [("", _l("choose")), *everyone])
        self.fields["from_user_id"].initial = actor.user_id


@require_GET
def delegations(request):
    return _delegations(request, None)


@require_POST
def delegate(request):
    return _delegations(request, request.POST)


@require_POST
def end_delegation(request, delegation_id: str):
    services.end_delegation(delegation_id=delegation_id, actor=request.actor)
    messages.success(request, _("The delegation is ended."))
    return redirect("councils:delegations")


def _delegations(request, data):
    actor = request.actor
    if not actor.tenant_id or not actor.has_perm("councils.view_councils", request.tenant):
        raise NotAllowed(perm="councils.view_councils")
    manages = actor.has_perm("councils.manage_councils", request.tenant)
    form = DelegationForm(data, actor=actor, people=list(members(actor.tenant_id)), manages=manages)
    if data is not None and form.is_valid():
        try:
            services.delegate(tenant_id=actor.tenant_id, actor=actor, **form.cleaned_data)
        except Invalid as refused:
            for name, texts in refused.fields.items():
                form.add_error(name if name in form.fields else None, [str(t) for t in texts])
        except Conflict as refused:
            form.add_error(None, str(refused.detail))
        else:
            messages.success(request, _("Both are told."))
            return redirect("councils:delegations")
    rows = [
        {"row": row, "may_end": manages or row.from_user_id == actor.user_id}
        for row in queries.delegations()
    ]
    context = {"form": form, "rows": rows}
    return render(request, "councils/delegations.html", context, status=422 if form.errors else 200)
