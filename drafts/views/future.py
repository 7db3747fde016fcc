"""As things will be: the draft planned on the shop after all that is approved or due."""

from typing import Any

from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid
from core.htmx import render_page
from drafts import queries, services
from drafts.models import Draft
from drafts.views.panels import currency_of
from workflows import presentation
from workflows import queries as workflow_queries
from workflows.models import Plan
from workflows.types import registry

SIZE = 50
COLUMNS = 2
DIFFERENCES = 20


@require_http_methods(["GET", "POST"])
def future(request, draft_id: str):
    draft = queries.draft_for(request.actor, draft_id)
    problem: Invalid | None = None
    if request.method == "POST":
        try:
            services.foresee_draft(draft_id=draft_id, actor=request.actor)
        except Invalid as refused:
            problem = refused
        else:
            return redirect("drafts:future", draft_id)
    context = _page(request, draft) | {"problem": problem}
    return render_page(request, "drafts/future.html", context, status=422 if problem else 200)


def _page(request, draft: Draft) -> dict[str, Any]:
    asked, plan = queries.foresight_of(draft, request.actor)
    steps, hidden = services.steps_before(draft, request.actor)
    may = request.actor.has_perm("drafts.preview_draft", draft) and not draft.is_final
    page = {
        "draft": draft,
        "kind": registry.find(draft.workflow_type_id),
        "asked": asked,
        "plan": plan,
        "may_foresee": may,
        "steps": _told(plan) if plan else [{**step.facts, **_times(step.facts)} for step in steps],
        "hidden": asked.hidden if asked and plan else hidden,
        "today": draft.plan,
    }
    return page | (_of_the_plan(request, draft, plan) if plan else {})


def _told(plan: Plan) -> list[dict[str, Any]]:
    return [step | _times(step) for step in (plan.what_if or {})["steps"]]


def _times(facts) -> dict[str, Any]:
    return {
        name: parse_datetime(facts[name]) if facts.get(name) else None
        for name in ("due_at", "approved_at")
    }


def _of_the_plan(request, draft: Draft, plan: Plan) -> dict[str, Any]:
    currency = currency_of(request)
    delta = workflow_queries.delta(plan, draft.plan_id)
    rows = workflow_queries.delta_rows(delta).order_by("place")[:DIFFERENCES] if delta else []
    return {
        "delta": delta,
        "more_differences": max(delta.differs - DIFFERENCES, 0) if delta else 0,
        "differences": [presentation.shown_difference(row, currency) for row in rows],
        **_changes(request, plan, currency),
    }


def _changes(request, plan: Plan, currency: str) -> dict[str, Any]:
    cursor = request.GET.get("cursor", "")
    rows = workflow_queries.changes(plan)
    page = after_cursor(rows, ("position",), cursor) if cursor else rows
    found = list(page.order_by("position")[: SIZE + 1])
    columns = presentation.columns_of(found[:SIZE])[:COLUMNS]
    return {
        "changes": [presentation.shown(row, currency, columns) for row in found[:SIZE]],
        "columns": columns,
        "next": cursor_of(found[SIZE - 1], ("position",)) if len(found) > SIZE else "",
    }
