"""The review queue and the page a decision is made on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict, DomainError, IllegalMove, Invalid
from councils import queries, services
from councils.states import Decision
from councils.views.decision import decision_page
from drafts import services as drafts
from drafts.queries import opened

SHOWN = 50
SAID = {
    Decision.APPROVE: _("Your approval is recorded."),
    Decision.REJECT: _("The draft was rejected; its author is told."),
    Decision.REQUEST_CHANGES: _("The draft went back to its author with what you wrote."),
}


@require_GET
def queue(request):
    return render(request, "councils/queue.html", {"groups": groups(request), "decision": ""})


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
def comment(request, draft_id: str):
    text = request.POST.get("comment", "")
    with opened(request.actor, draft_id) as draft:
        try:
            drafts.comment(
                draft_id=draft.pk,
                actor=request.actor,
                text=text,
                parent_id=request.POST.get("parent_id") or None,
            )
        except Invalid as refused:
            problem: DomainError | None = Invalid({"comment": refused.fields.get("text", [])})
        else:
            problem = None
    if problem is not None:
        return page(request, draft_id, problem=problem, text=text)
    messages.success(request, _("Your comment is in the thread."))
    return redirect("councils:review", draft_id)


@require_POST
def take_back(request, draft_id: str):
    with opened(request.actor, draft_id) as draft:
        services.take_back(
            draft_id=draft.pk, actor=request.actor, reason=request.POST.get("comment", "")
        )
    messages.success(request, _("Your approval is taken back."))
    return redirect("councils:review", draft_id)


def groups(request) -> list[dict[str, object]]:
    actor = request.actor
    return [
        {
            "title": _("Your turn"),
            "tone": "turn",
            "entries": list(queries.your_turn(actor).order_by("opened_at")[:SHOWN]),
        },
        {
            "title": _("Waiting on others"),
            "entries": list(queries.waiting_on_others(actor).order_by("opened_at")[:SHOWN]),
        },
        {
            "title": _("Scheduled"),
            "entries": list(queries.scheduled(actor).order_by("opened_at")[:SHOWN]),
        },
        {
            "title": _("Done"),
            "entries": list(queries.done(actor).order_by("-closed_at")[:20]),
        },
    ]


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
    return redirect("councils:review", draft_id)


def page(
    request, draft_id: str, *, problem: DomainError | None = None, text: str = ""
) -> HttpResponse:
    """The decision is rendered where the draft is seen, the page around it where the reader is:
    a guest of another tenant sees that draft and otherwise their own place."""
    with opened(request.actor, draft_id) as draft:
        context = decision_page(request, draft, problem=problem, text=text)
        decision = render_to_string("councils/decision.html", context, request=request)
        name = draft.name
    page = {
        "groups": groups(request),
        "decision": decision,
        "draft_id": draft_id,
        "draft_name": name,
    }
    status = problem.status if problem else 200
    return render(request, "councils/queue.html", page, status=status)
