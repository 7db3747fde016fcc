"""The queue as one reads it: four groups, filtered by what the address asks for."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from core.api.listing import after_cursor, cursor_of
from councils import queries
from councils.models import ReviewEntry
from councils.states import RoundState
from workflows.types import registry

SHOWN, PAGE = 50, 100
LEVELS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the queue; they travel with its links, so that nobody loses their place."""

    risk: str = ""
    council: str = ""
    find: str = ""
    show: str = ""

    @classmethod
    def of(cls, request) -> "Asked":
        risk = request.GET.get("risk", "")
        return cls(
            risk=risk if risk in LEVELS else "",
            council=request.GET.get("council", "")[:64],
            find=request.GET.get("find", "").strip()[:100],
            show=request.GET.get("show", ""),
        )

    @property
    def any(self) -> bool:
        return bool(self.risk or self.council or self.find)

    @property
    def carried(self) -> str:
        """``?risk=low&find=mugs``, or nothing."""
        given = {"risk": self.risk, "council": self.council, "find": self.find}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"?{query}" if query else ""

    def narrowed(self, rows: QuerySet[ReviewEntry]) -> QuerySet[ReviewEntry]:
        if self.risk:
            rows = rows.filter(risk=self.risk)
        if self.council:
            theirs = Q(council_id=self.council)
            rows = rows.filter(theirs | Q(further_council_ids__contains=[self.council]))
        for word in self.find.split()[:8]:
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(author_name__icontains=word)
                | Q(effect__icontains=word)
                | Q(tenant_name__icontains=word)
            )
        return rows


def groups(request, asked: Asked | None = None) -> list[dict[str, Any]]:
    """Your turn, waiting on others, scheduled, done; each with its first rows and its total."""
    asked = asked or Asked.of(request)
    actor = request.actor
    due = F("draft__converted_to_workflow__due_at")
    scheduled = _group(
        _("Scheduled"), "scheduled", asked.narrowed(queries.scheduled(actor)).annotate(run_at=due)
    )
    done = asked.narrowed(queries.done(actor))
    later = [entry.pk for entry in scheduled["entries"]]
    return [
        _group(_("Your turn"), "mine", asked.narrowed(queries.your_turn(actor)), tone="turn"),
        _group(_("Waiting on others"), "others", asked.narrowed(queries.waiting_on_others(actor))),
        scheduled,
        _group(_("Done"), "done", done.exclude(pk__in=later), order="-closed_at", at_most=20),
    ]


def one_group(request, asked: Asked) -> dict[str, Any]:
    """A single group, in pages: what *Show all* opens."""
    title, rows, order = {
        "mine": (_("Your turn"), queries.your_turn, "opened_at"),
        "others": (_("Waiting on others"), queries.waiting_on_others, "opened_at"),
        "scheduled": (_("Scheduled"), queries.scheduled, "opened_at"),
    }.get(asked.show, (_("Done"), queries.done, "-opened_at"))
    way = (order, "-id" if order.startswith("-") else "id")
    found = asked.narrowed(rows(request.actor))
    cursor = request.GET.get("cursor", "")
    page = list((after_cursor(found, way, cursor) if cursor else found).order_by(*way)[: PAGE + 1])
    return {
        "title": title,
        "key": asked.show,
        "entries": titled(page[:PAGE]),
        "total": found.count(),
        "next": cursor_of(page[PAGE - 1], way) if len(page) > PAGE else "",
    }


def _group(
    title: str,
    key: str,
    rows: QuerySet[ReviewEntry],
    *,
    tone: str = "",
    order: str = "opened_at",
    at_most: int = SHOWN,
) -> dict[str, Any]:
    found = list(rows.order_by(order, "id")[: at_most + 1])
    total = len(found) if len(found) <= at_most else rows.count()
    return {
        "title": title,
        "key": key,
        "tone": tone,
        "entries": titled(found[:at_most]),
        "total": total,
        "more": total > at_most,
    }


def titled(entries: list[ReviewEntry]) -> list[ReviewEntry]:
    """With the name of the kind of work, which the row itself keeps as an id."""
    for entry in entries:
        kind = registry.find(entry.workflow_type_id)
        entry.kind_title = kind.title if kind else entry.workflow_type_id  # type: ignore[attr-defined]
    return entries


def filter_choices(request) -> dict[str, Any]:
    """The chips: the councils that have something open, and the levels of risk."""
    rows = queries.entries_for(request.actor).filter(state=RoundState.OPEN).order_by()
    councils = rows.values_list("council_id", "council_name").distinct()
    return {"councils": sorted(councils, key=lambda one: one[1])[:8], "levels": LEVELS}


def nothing_here(request, found: list[dict[str, Any]], asked: Asked) -> dict[str, Any]:
    """Why the queue is empty and what comes next, so that an empty page is an answer too."""
    others, scheduled = found[1]["total"], found[2]["entries"]
    runs = [entry.run_at for entry in scheduled if entry.run_at]
    empty = not any(group["total"] for group in found)
    no_council = empty and not asked.any and not queries.councils_exist(request.actor)
    manages = bool(request.tenant) and request.actor.has_perm(
        "councils.manage_councils", request.tenant
    )
    return {
        "others": others,
        "next_run": min(runs) if runs else None,
        "filtered_out": empty and asked.any,
        "no_council": no_council,
        "may_set_up": no_council and manages,
    }
