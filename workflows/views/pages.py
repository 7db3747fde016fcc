"""Pages of runs: the list, one run with its live progress, and what can be done with it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid, NotAllowed
from core.htmx import render_page
from core.requests import Request
from workflows import downloads, queries, services
from workflows.models import Workflow
from workflows.states import RunState
from workflows.types import registry
from workflows.views import panels

SIZE = 25
ORDER = ("-created_at", "-id")
ASK = ["GET", "POST"]


@require_GET
def runs(request: Request) -> HttpResponse:
    """Filters and pages are all in the address, so that it can be shared."""
    asked = request.GET
    status, kind = asked.get("status", ""), asked.get("type", "")
    if status and status not in RunState.values:
        raise Invalid({"status": [_("There is no such state.")]})
    rows = queries.visible_to(request.actor).select_related("plan")
    rows = rows.filter(queries.matching(status=status, workflow_type_id=kind))
    cursor = asked.get("cursor", "")
    page = after_cursor(rows, ORDER, cursor) if cursor else rows
    found = list(page.order_by(*ORDER)[: SIZE + 1])
    context = {
        "runs": [(run, registry.find(run.workflow_type_id)) for run in found[:SIZE]],
        "next": cursor_of(found[SIZE - 1], ORDER) if len(found) > SIZE else "",
        "filters": _filters(status, kind),
        "types": sorted(registry.all(), key=lambda one: str(one.title)),
        "asked": asked,
        "total": rows.count(),
    }
    return render_page(request, "workflows/list.html", context, partial="results")


def _filters(status: str, kind: str) -> list[panels.Filter]:
    counts = queries.counts_by_status()
    kept = {"type": kind} if kind else {}
    whole = panels.Filter(f"?{urlencode(kept)}", _("All"), sum(counts.values()), not status)
    return [whole] + [
        panels.Filter(
            f"?{urlencode({**kept, 'status': name})}",
            str(RunState(name).label),
            counts.get(name, 0),
            status == name,
        )
        for name in RunState.values
        if name == status or counts.get(name)
    ]


@require_GET
def run(request: Request, workflow_id: str) -> HttpResponse:
    found = queries.run_for(request.actor, workflow_id)
    if request.htmx and request.htmx.target == "changes":
        context = panels.changes_panel(request, found) | {"run": found}
        return render(request, "workflows/run.html#changes", context)
    return render(request, "workflows/run.html", panels.run_page(request, found))


@require_GET
def live(request: Request, workflow_id: str) -> HttpResponse:
    """The progress card, asked for every second; when the run has ended, the page reloads."""
    found = queries.run_for(request.actor, workflow_id)
    context = panels.live_panel(request, found)
    if not context["live"] or found.status != request.GET.get("was", found.status):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "workflows/run.html#live", context)


@require_http_methods(ASK)
def start(request: Request, workflow_id: str) -> HttpResponse:
    found = queries.run_for(request.actor, workflow_id)
    if request.method == "POST":
        services.start_workflow(workflow_id=workflow_id, actor=request.actor)
        return redirect(found)
    return _ask(
        request,
        found,
        title=_("Start this run now?"),
        text=found.plan.summary.get("effect", ""),
        yes=_("Start now"),
    )


@require_http_methods(ASK)
def cancel(request: Request, workflow_id: str) -> HttpResponse:
    found = queries.run_for(request.actor, workflow_id)
    if request.method == "POST":
        run = services.cancel_workflow(workflow_id=workflow_id, actor=request.actor)
        if run.status == RunState.CANCELLED:
            messages.success(request, _("The run will not start. The shop is as it was."))
        else:
            messages.info(request, _("The run stops after the chunk it is writing."))
        return redirect(found)
    return _ask(
        request,
        found,
        title=_("Stop this run?"),
        text=_(
            "It stops after the chunk it is writing. What is written stays and can be undone;"
            " the rest is left as it is."
        ),
        yes=_("Stop the run"),
        no=_("Let it run"),
        danger=True,
    )


@require_http_methods(ASK)
def undo(request: Request, workflow_id: str) -> HttpResponse:
    """First what it would put back and what it would leave, then the button."""
    found = queries.run_for(request.actor, workflow_id)
    if request.method == "POST":
        services.undo_workflow(workflow_id=workflow_id, actor=request.actor)
        return redirect(found)
    if not services.may_undo(found, actor=request.actor):
        raise NotAllowed(_("This run can't be undone, or not by you."))
    return render(request, "workflows/undo.html", panels.undo_page(request, found))


@require_GET
def file(request: Request, workflow_id: str, name: str) -> HttpResponseBase:
    return downloads.artifact_response(queries.run_for(request.actor, workflow_id).plan, name)


@require_GET
def changes_csv(request: Request, workflow_id: str) -> HttpResponseBase:
    found = queries.run_for(request.actor, workflow_id)
    return downloads.changes_csv_response(found.plan, f"changes-{found.pk}")


def _ask(request: Request, run: Workflow, **question: object) -> HttpResponse:
    back = reverse("workflows:run", args=[run.pk])
    context = {"question": {"action": request.path, "back": back, **question}, "run": run}
    return render(request, "confirm.html", context)
