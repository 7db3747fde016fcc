"""Into review and out of it, asked on a page of its own that says who will review."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, Invalid
from councils import queries, services
from councils.services import Unreviewable
from councils.services.submitting import NOTE_LIMIT
from drafts.queries import draft_for, latest_revision

ASK = ["GET", "POST"]


class SubmitForm(forms.Form):
    note = forms.CharField(
        label=_l("Note for the reviewers"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(ASK)
def submit(request, draft_id: str):
    draft = draft_for(request.actor, draft_id)
    form = SubmitForm(request.POST if request.method == "POST" else None)
    problem: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.submit_draft(
                draft_id=draft_id, actor=request.actor, note=form.cleaned_data["note"]
            )
        except (Invalid, Unreviewable) as refused:
            problem = refused
        else:
            messages.success(request, _("Submitted. The council is told."))
            return redirect("drafts:draft", draft_id)
    context = {
        "draft": draft,
        "form": form,
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
    holders = queries.holders_of(route.seats)
    barred = queries.barred_ids(draft)
    names = queries.names(person for found in holders.values() for person in found)
    seats = [
        {
            "name": seat.name,
            "needed": seat.needed,
            "people": sorted(names[person] for person in holders[seat.pk] - barred),
        }
        for seat in route.seats
    ]
    return {"route": route, "route_seats": seats, "route_problem": ""}
