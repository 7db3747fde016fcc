"""What differs from the plan people saw before, as a card on any page that shows the draft."""

import json
from typing import Any

from django import template
from django.utils.text import Truncator

from core.api.listing import after_cursor, cursor_of
from drafts import queries, services
from drafts.clashing import conflicts_of
from drafts.models import Draft
from drafts.services import CarryOver
from tenants.queries import tenant
from workflows import presentation
from workflows import queries as workflow_queries
from workflows.planning.clashes import Clash
from workflows.states import Difference

register = template.Library()
SHOWN = 20
NAMED = 5
LONG = 120


@register.inclusion_tag("drafts/delta.html", takes_context=True)
def delta_panel(context, draft: Draft) -> dict[str, Any]:
    """Filter and place are in the address: ``?difference=gone&delta_after=…``."""
    delta = queries.delta_of(draft)
    if delta is None:
        return {"delta": None}
    request = context["request"]
    asked = request.GET
    wanted = asked.get("difference", "")
    wanted = wanted if wanted in Difference.values else ""
    rows = workflow_queries.delta_rows(delta, difference=wanted)
    cursor = asked.get("delta_after", "")
    page = after_cursor(rows, ("place",), cursor) if cursor else rows
    found = list(page.order_by("place")[: SHOWN + 1])
    currency = tenant(draft.tenant_id).currency
    carry = services.carry_over_of(draft)
    return {
        "request": request,
        "draft": draft,
        "delta": delta,
        "earlier": queries.revision_of_plan(draft, delta.earlier_id),
        "filters": [
            (kind, kind.label, delta.counts.get(kind, 0))
            for kind in Difference
            if delta.counts.get(kind, 0)
        ],
        "wanted": wanted,
        "rows": [presentation.shown_difference(row, currency) for row in found[:SHOWN]],
        "next": cursor_of(found[SHOWN - 1], ("place",)) if len(found) > SHOWN else "",
        "carry": carry,
        "may_carry": _may_carry(carry, draft, request.actor),
        "csrf_token": context.get("csrf_token"),
    }


def _may_carry(carry: CarryOver | None, draft: Draft, actor) -> bool:
    if carry is None or not carry.possible:
        return False
    return actor.has_perm("drafts.approve_by_carry_over", draft)


@register.inclusion_tag("drafts/conflicts.html", takes_context=True)
def conflicts_panel(context, draft: Draft) -> dict[str, Any]:
    """Who else would write what this draft writes; nothing once it is settled."""
    if draft.is_final or draft.plan is None:
        return {"conflicts": []}
    currency = tenant(draft.tenant_id).currency
    found = conflicts_of(draft, actor=context["request"].actor)
    return {
        "is_guest": draft.tenant_id != context["request"].actor.tenant_id,
        "conflicts": [
            {
                "rival": one.rival,
                "count": one.count,
                "more": one.count - len(one.first[:NAMED]),
                "rows": [_clash(clash, currency) for clash in one.first[:NAMED]],
            }
            for one in found
        ],
    }


def _clash(clash: Clash, currency: str) -> dict[str, Any]:
    def shown(text: str | None) -> str:
        value = None if text is None else json.loads(text)
        return Truncator(presentation.display(clash.entity, clash.field, value, currency)).chars(
            LONG
        )

    return {
        "label": clash.label,
        "field": presentation.field_label(clash.entity, clash.field),
        "after": shown(clash.after),
        "other": shown(clash.other_after),
        "is_same": clash.is_same,
    }
