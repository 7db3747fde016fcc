"""What a notice of a review carries of its plan, so that a mail says what would change."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.money import format_money
from councils import queries
from councils.models import ReviewRound
from drafts.models import Draft
from tenants.models import User
from workflows.models import Plan, PlannedChange
from workflows.presentation import is_creation, shown

TOP = 6
LONGEST = 200


def asked_details(draft: Draft, round_: ReviewRound, people: Iterable[str]) -> dict[str, object]:
    """Effect, figures, the first changes, what moved since last time, who is asked, until when."""
    names = User.objects.filter(pk__in=set(people)).order_by("name", "pk")
    return {
        **plan_details(draft, round_),
        "asked": [str(person) for person in names],
        "due": round_.due_at.isoformat() if round_.due_at else "",
        "since": _since(draft, draft.plan, round_) if draft.plan else None,
    }


def plan_details(draft: Draft, round_: ReviewRound | None = None) -> dict[str, object]:
    """What the draft would do, or did."""
    details = draft_details(draft, round_)
    if draft.plan is None:
        return details
    summary = draft.plan.summary
    rows = draft.plan.changes.order_by("position")[:TOP]
    return {
        **details,
        "effect": str(summary.get("effect", "")),
        "figures": _figures(summary),
        "changes": _lines(rows, draft.tenant.currency),
        "change_count": draft.plan.change_count,
    }


def draft_details(draft: Draft, round_: ReviewRound | None = None) -> dict[str, object]:
    """The names by which a program finds it again."""
    revision = round_.revision_number if round_ else None
    return {"draft_id": draft.pk, "draft_name": draft.name, "revision": revision}


def said_details(draft: Draft, round_: ReviewRound, who: object, text: str) -> dict[str, object]:
    details = draft_details(draft, round_)
    return {**details, "comment": {"who": str(who), "text": text}} if text else details


def _figures(summary: dict[str, Any]) -> list[list[str]]:
    impact, risk = summary.get("impact") or {}, summary.get("risk") or {}
    money, figures = impact.get("money_at_risk"), []
    if money:
        amount = format_money(Decimal(str(money["amount"])), money["currency"])
        figures.append([_("Money at risk"), amount])
    if impact.get("items"):
        figures.append([_("Items touched"), str(impact["items"])])
    if risk.get("level"):
        reasons = [str(one.get("text", "")) for one in risk.get("reasons") or ()][:2]
        figures.append([_("Risk"), " · ".join([capfirst(risk["level"]), *filter(None, reasons)])])
    return figures


def _since(draft: Draft, plan: Plan, round_: ReviewRound) -> dict[str, object] | None:
    earlier = queries.revision_before(round_)
    if earlier is None:
        return None
    moved = queries.changes_since(plan, earlier.plan_id)
    still = PlannedChange.objects.filter(
        plan=plan,
        entity=OuterRef("entity"),
        target_id=OuterRef("target_id"),
        field=OuterRef("field"),
    )
    gone = PlannedChange.objects.filter(~Exists(still), plan_id=earlier.plan_id)
    return {
        "revision": earlier.number,
        "count": moved.count(),
        "gone": gone.count(),
        "changes": _lines(moved.order_by("position")[:TOP], draft.tenant.currency),
    }


def _lines(rows: Iterable[PlannedChange], currency: str) -> list[dict[str, str]]:
    return [_line(row, currency) for row in rows]


def _line(row: PlannedChange, currency: str) -> dict[str, str]:
    seen = shown(row, currency, [])
    after, before = seen.after, seen.before
    if is_creation(row):
        made = ", ".join(f"{label}: {value}" for label, value in seen.created[:4])
        before, after = "", made or _("is made")
    return {
        "label": seen.label[:LONGEST],
        "field": seen.field,
        "before": before[:LONGEST],
        "after": after[:LONGEST],
    }
