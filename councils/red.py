"""The red items of a plan: what has to be opened before a high-risk draft can be approved.

The list follows from the plan alone, so that the page, the API and the rule speak of the same
items. It is bounded: up to ``SINGLE`` risky rows are items of their own; more are opened in pages
of ``SIZE``, and of those no more than ``PAGES``; what is left beyond them is one last item.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from workflows.models import Plan, PlannedChange
from workflows.presentation import field_label

SINGLE = 50
SIZE = 50
PAGES = 20
HIGH = "high"


@dataclass(frozen=True, slots=True)
class RedItem:
    """``key`` is what is remembered; ``start`` and ``count`` name the risky rows it stands for."""

    key: str
    title: str
    start: int = 0
    count: int = 0


def is_high_risk(plan: Plan | None) -> bool:
    return plan is not None and _risk(plan).get("level") == HIGH


def red_items(plan: Plan | None) -> list[RedItem]:
    """Nothing for a plan that is not of high risk; at least one item for one that is."""
    if plan is None or not is_high_risk(plan):
        return []
    items = _reasons(plan) + _rows(plan)
    return items or [RedItem("effect", _("The effect as a whole"))]


def risky_rows(plan: Plan) -> QuerySet[PlannedChange]:
    """Rows marked risky, and those of a group that is, in the order people read them."""
    groups = [g["key"] for g in plan.summary.get("counts", {}).get("groups", []) if g.get("risky")]
    marked = Q(note__risky=True)
    if groups:
        marked |= Q(note__group__in=groups)
    return PlannedChange.objects.filter(marked, plan=plan).order_by("position")


def rows_of(plan: Plan, item: RedItem, *, at_most: int = SIZE) -> list[PlannedChange]:
    if not item.count:
        return []
    return list(risky_rows(plan)[item.start : item.start + min(item.count, at_most)])


def _risk(plan: Plan) -> dict[str, Any]:
    return plan.summary.get("risk") or {}


def _reasons(plan: Plan) -> list[RedItem]:
    """The reasons that make it red; where none does alone, all of them together do. That a kind of
    automation is high risk as such is true of every such plan, and nothing to open."""
    found = list(enumerate(_risk(plan).get("reasons") or [], start=1))
    red = [(number, reason) for number, reason in found if reason.get("level") == HIGH]
    own = [(number, reason) for number, reason in red if reason.get("source") != "kind"]
    chosen = own if red else found
    return [RedItem(f"reason:{number}", str(reason["text"])) for number, reason in chosen]


def _rows(plan: Plan) -> list[RedItem]:
    rows = risky_rows(plan)
    first = list(rows[: SINGLE + 1])
    if len(first) <= SINGLE:
        return [
            RedItem(f"row:{row.position}", _title(row), start, 1) for start, row in enumerate(first)
        ]
    return _pages(rows.count())


def _pages(total: int) -> list[RedItem]:
    opened_as_pages = min(total, SIZE * PAGES)
    items = [
        RedItem(
            f"page:{start // SIZE + 1}",
            _("Risky rows {first} to {last}").format(
                first=start + 1, last=min(start + SIZE, total)
            ),
            start,
            min(SIZE, total - start),
        )
        for start in range(0, opened_as_pages, SIZE)
    ]
    left = total - opened_as_pages
    if left:
        title = _("The other {n} risky rows").format(n=left)
        items.append(RedItem("rest", title, opened_as_pages, left))
    return items


def _title(row: PlannedChange) -> str:
    return f"{row.label}, {field_label(row.entity, row.field)}"
