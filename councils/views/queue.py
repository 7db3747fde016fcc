"""The review queue and the page a decision is made on."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict, DomainError, IllegalMove, Invalid
from councils import queries, services
from councils.seating import one_look
from councils.states import Decision
from councils.views.decision import decision_page
from councils.views.groups import Asked, filter_choices, groups, nothing_here, one_group
from drafts.queries import opened

SAID = {
    Decision.APPROVE: _l("Your approval is recorded."),
    Decision.REJECT: _l("The draft was rejected; its author is told."),
    Decision.REQUEST_CHANGES: _l("The draft went back to its author with what you wrote."),
}


@require_GET
def queue(request):
    asked = Asked.of(request)
    if asked.show:
        group = one_group(request, asked)
        return render(request, "councils/group.html", {"group": group, "asked": asked})
    return render(request, "councils/queue.html", queue_page(request, asked))


@require_GET
def review(request, draft_id: str):
    return page(request, draft_id)


@require_POST
def approve(request, draft_id: str):
    return _decide(request, draft_id, Decision.APPROVE)


@require_POST
def reject(request, draft_id: str):
    return _decide(request, draft_id, Decision.REJECT)


@require_POST
def request_changes(request, draft_id: str):
    return _decide(request, draft_id, Decision.REQUEST_CHANGES)


@require_POST
def take_back(request, draft_id: str):
    with opened(request.actor, draft_id) as draft:
        services.take_back(
            draft_id=draft.pk, actor=request.actor, reason=request.POST.get("comment", "")
        )
    messages.success(request, _("Your approval is taken back."))
    return redirect("councils:review", draft_id)


def _decide(request, draft_id: str, verdict: str) -> HttpResponse:
    """Refusals a person can mend come back with the page and what they wrote."""
    said = request.POST
    revision = said.get("revision", "")
    problem: DomainError | None = None
    with opened(request.actor, draft_id) as draft:
        try:
            services.decide(
                draft_id=draft.pk,
                verdict=verdict,
                actor=request.actor,
                comment=said.get("comment", ""),
                revision_number=int(revision) if revision.isdigit() else None,
            )
        except (Invalid, Conflict, IllegalMove) as refused:
            problem = refused
    if problem is not None:
        return page(request, draft_id, problem=problem, text=said.get("comment", ""))
    messages.success(request, SAID[Decision(verdict)])
    return after_deciding(request, draft_id)


def after_deciding(request, draft_id: str) -> HttpResponse:
    """Back to the review, or to the meeting it was decided in."""
    session_id = request.POST.get("session", "")
    if session_id:
        return redirect("councils:session", session_id)
    return redirect("councils:review", draft_id)


def page(
    request, draft_id: str, *, problem: DomainError | None = None, text: str = ""
) -> HttpResponse:
    """The decision is rendered where the draft is seen, the page around it where the reader is:
    a guest of another tenant sees that draft and otherwise their own place."""
    found = queue_page(request, Asked.of(request))
    following = next_entry(found["groups"][0]["entries"], draft_id)
    session_id = request.POST.get("session", "")
    meeting = queries.session(session_id) if session_id else None
    with opened(request.actor, draft_id) as draft, one_look():
        context = decision_page(request, draft, problem=problem, text=text)
        context["session"] = meeting
        if following is not None:
            url = reverse("councils:review", args=[following.draft_id])
            context["next_url"] = f"{url}{found['asked'].carried}"
        decision = render_to_string("councils/decision.html", context, request=request)
        found |= {"decision": decision, "draft_id": draft_id, "draft_name": draft.name}
    status = problem.status if problem else 200
    return render(request, "councils/queue.html", found, status=status)


def queue_page(request, asked: Asked) -> dict[str, Any]:
    found = groups(request, asked)
    return {
        "groups": found,
        "asked": asked,
        "choices": filter_choices(request),
        "low": sum(entry.risk == "low" for entry in found[0]["entries"]),
        "nothing": nothing_here(request, found, asked),
        "decision": "",
    }


def next_entry(mine: list, draft_id: str):
    """What to read after this one: the next that waits for this person, round to the first."""
    ids = [entry.draft_id for entry in mine]
    here = ids.index(draft_id) + 1 if draft_id in ids else 0
    others = [entry for entry in mine[here:] + mine[:here] if entry.draft_id != draft_id]
    return others[0] if others else None
