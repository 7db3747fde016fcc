"""What can be done with a draft besides writing it; it asks first where there is no way back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Invalid
from drafts import queries, services
from drafts.forms import ScheduleForm
from workflows.restraints import coming_freezes_of, freeze_at

ASK = ["GET", "POST"]


@require_http_methods(ASK)
def discard(request, draft_id: str):
    found = queries.draft_for(request.actor, draft_id)
    if request.method == "POST":
        services.discard_draft(draft_id=draft_id, actor=request.actor)
        messages.success(request, _("“{name}” was discarded.").format(name=found.name))
        return redirect("drafts:drafts")
    return _ask(
        request,
        found,
        title=_("Discard this draft?"),
        text=_(
            "“{name}” leaves every list. Nothing has run, so the shop stays as it is."
            " Its history is kept for the audit."
        ).format(name=found.name),
        yes=_("Discard draft"),
        no=_("Keep it"),
        danger=True,
    )


@require_http_methods(ASK)
def reopen(request, draft_id: str):
    found = queries.draft_for(request.actor, draft_id)
    if request.method == "POST":
        services.reopen_draft(draft_id=draft_id, actor=request.actor)
        messages.success(request, _("The draft is open for editing again."))
        return redirect("drafts:draft", draft_id)
    return _ask(
        request,
        found,
        title=_("Reopen this draft?"),
        text=_(
            "It goes back to editing. An approval it has is void from then on, and it has to be"
            " reviewed again."
        ),
        yes=_("Reopen for editing"),
    )


@require_http_methods(ASK)
def run(request, draft_id: str):
    """Convert and start at once."""
    found = queries.draft_for(request.actor, draft_id)
    if request.method == "POST":
        wait = bool(request.POST.get("wait"))
        _draft, workflow, _made = services.convert_draft(
            draft_id=draft_id, actor=request.actor, auto_execute=not wait
        )
        return redirect(workflow)
    return _ask(
        request,
        found,
        title=_("Run “{name}” now?").format(name=found.name),
        text=found.plan.summary.get("effect", "") if found.plan else "",
        yes=_("Run now"),
    )


@require_http_methods(ASK)
def schedule(request, draft_id: str):
    found = queries.draft_for(request.actor, draft_id)
    frozen = freeze_at(found.tenant_id, found.workflow_type_id)
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        initial={"run_at": localtime(frozen.until)} if frozen else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            _draft, workflow, _made = services.convert_draft(
                draft_id=draft_id, actor=request.actor, run_at=form.cleaned_data["run_at"]
            )
        except Invalid as refused:
            form.add_error("run_at", [str(text) for text in refused.fields.get("run_at", [])])
        else:
            messages.success(request, _("The run is scheduled."))
            return redirect(workflow)
    status = 422 if form.is_bound else 200
    context = {
        "draft": found,
        "form": form,
        "approval": queries.live_approval(found),
        "frozen": frozen,
        "freezes": coming_freezes_of(found.tenant_id, found.workflow_type_id),
    }
    return render(request, "drafts/schedule.html", context, status=status)


@require_POST
def replan(request, workflow_id: str):
    """A successor of a run that met a shop that had moved."""
    draft = services.replan_draft(workflow_id=workflow_id, actor=request.actor)
    messages.success(request, _("A new draft was made from this run. Look at its preview."))
    return redirect("drafts:draft", draft.pk)


def _ask(request, draft, **question):
    back = reverse("drafts:draft", args=[draft.pk])
    context = {"question": {"action": request.path, "back": back, **question}, "draft": draft}
    return render(request, "confirm.html", context)
