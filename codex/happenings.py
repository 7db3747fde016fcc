"""What happened lately in a shop, as far as the reader may know of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from core.models import Event
from drafts.queries import visible_to
from workflows import queries as workflows

WORDS = {
    "draft.submitted": _l("was submitted for review"),
    "draft.approved": _l("was approved"),
    "draft.approved_by_standing": _l("was approved by a standing approval"),
    "draft.break_glass": _l("was approved by breaking the glass"),
    "draft.rejected": _l("was rejected"),
    "draft.changes_requested": _l("was sent back with questions"),
    "draft.approval_expired": _l("lost its approval: it expired"),
    "draft.discarded": _l("was discarded"),
    "workflow.succeeded": _l("ran as planned"),
    "workflow.failed": _l("failed"),
    "workflow.given_up": _l("was given up"),
    "workflow.stopped_by_drift": _l("stopped: the shop had moved"),
    "workflow.cancelled": _l("was cancelled"),
    "workflow.undone": _l("was undone"),
    "workflow.undo_incomplete": _l("was partly undone"),
}
DRAFT, RUN = "drafts.draft", "workflows.workflow"


@dataclass(frozen=True, slots=True)
class Happening:
    name: str
    url: str
    words: object
    who: str
    at: datetime


def recent(actor, limit: int) -> list[Happening]:
    """Newest first. Every member sees runs; of drafts, those the reader may see."""
    seen = visible_to(actor).order_by().values("pk")
    known = Q(subject_type=RUN) | Q(subject_type=DRAFT, subject_id__in=seen)
    events = list(
        Event.objects.filter(known, tenant_id=actor.tenant_id, kind__in=WORDS).order_by(
            "-at", "-id"
        )[:limit]
    )
    names = _names(actor, events)
    return [_happening(event, names[event.subject_id]) for event in events if _known(event, names)]


def _names(actor, events: list[Event]) -> dict[str, str]:
    ids = {DRAFT: set(), RUN: set()}  # type: dict[str, set[str]]
    for event in events:
        ids[event.subject_type].add(event.subject_id)
    found = dict(visible_to(actor).filter(pk__in=ids[DRAFT]).values_list("pk", "name"))
    if ids[RUN]:
        runs = workflows.visible_to(actor).filter(pk__in=ids[RUN])
        found |= dict(runs.values_list("pk", "name"))
    return found


def _known(event: Event, names: dict[str, str]) -> bool:
    return event.subject_id in names


def _happening(event: Event, name: str) -> Happening:
    kind = "workflows/drafts" if event.subject_type == DRAFT else "workflows"
    url = f"/portal/{kind}/{event.subject_id}"
    return Happening(name, url, WORDS[event.kind], event.actor_label, event.at)
