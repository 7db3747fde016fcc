"""Into review and out of it, asked on a page of its own that says who will review."""

from typing import Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, Invalid
from councils import queries, services
from councils.forms import offer
from councils.services import Unreviewable
from councils.services.submitting import NOTE_LIMIT
from councils.states import Priority
from drafts.queries import draft_for, latest_revision

ASK = ["GET", "POST"]


class SubmitForm(forms.Form):
    note = forms.CharField(
        label=_l("Note for the reviewers"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    priority = forms.ChoiceField(
        label=_l("How soon"), choices=Priority.choices, initial=Priority.NORMAL, required=False
    )
    council_id = forms.ChoiceField(label=_l("Council"), required=False)

    def __init__(self, *args, councils=(), **kwargs):
        super().__init__(*args, **kwargs)
        by_rules = ("", _l("by the rules of this shop"))
        offer(self, "council_id", [by_rules, *((c.pk, c.name) for c in councils)])

    def wanted(self) -> dict[str, Any]:
        facts = self.cleaned_data
        return {
            "note": facts["note"],
            "priority": facts["priority"] or Priority.NORMAL,
            "council_id": facts["council_id"] or None,
        }


@require_http_methods(ASK)
def submit(request, draft_id: str):
    draft = draft_for(request.actor, draft_id)
    councils = services.choosable(draft)
    form = SubmitForm(request.POST if request.method == "POST" else None, councils=councils)
    problem: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.submit_draft(draft_id=draft_id, actor=request.actor, **form.wanted())
        except (Invalid, Unreviewable) as refused:
            problem = refused
        else:
            messages.success(request, _("Submitted. The council is told."))
            return redirect("drafts:draft", draft_id)
    context = {
        "draft": draft,
        "form": form,
        "may_choose": len(councils) > 1,
        "problem": problem,
        "problem_texts": [str(t) for ts in problem.fields.values() for t in ts] if problem else [],
        "again": latest_revision(draft) is not None,
        **route_panel(draft),
    }
    status = problem.status if problem else (422 if form.errors else 200)
    return render(request, "councils/submit.html", context, status=status)


@require_http_methods(ASK)
def withdraw(request, draft_id: str):
    draft = draft_for(request.actor, draft_id)
    if request.method == "POST":
        services.withdraw_draft(draft_id=draft_id, actor=request.actor)
        messages.success(request, _("Withdrawn. You can edit it again."))
        return redirect("drafts:draft", draft_id)
    question = {
        "action": request.path,
        "back": reverse("drafts:draft", args=[draft_id]),
        "title": _("Withdraw “{name}” from review?").format(name=draft.name),
        "text": _("It goes back to editing. Verdicts given so far do not count for a new round."),
        "yes": _("Withdraw"),
    }
    return render(request, "confirm.html", {"question": question, "draft": draft})


def route_panel(draft) -> dict[str, object]:
    """Who would review this draft, or why nobody could."""
    try:
        route = services.route_of(draft)
    except Unreviewable as refused:
        return {"route": None, "route_problem": str(refused.detail)}
    return {"route": route, "route_seats": asked_seats(draft, route), "route_problem": ""}


def asked_seats(draft, route: services.Route) -> list[dict[str, object]]:
    places = {place.id: place for place in services.places_of(route, queries.barred_ids(draft))}
    names = queries.names(person for place in places.values() for person in place.holders)
    return [
        {
            "name": one.seat.name,
            "council": one.council.name if len(route.councils) > 1 else "",
            "needed": one.seat.needed,
            "stage": one.stage,
            "people": sorted(names[person] for person in places[one.seat.pk].holders),
        }
        for one in sorted(route.seats, key=lambda one: one.stage)
    ]
