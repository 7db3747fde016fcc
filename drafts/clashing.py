"""Drafts and runs that write what this draft would write: found while it is being written.

All of the tenant are looked at, whoever asks, also by a guest of a shared council. Of what the
asker may not see, they are told the thing and the field and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.actors import Actor
from core.scope import current_scope, scope
from drafts.models import Draft
from drafts.queries import visible_to
from drafts.states import DraftState
from workflows.models import Plan, Workflow
from workflows.planning.clashes import Clash, clashes, fields_of
from workflows.states import RunState

FIRST = 20
MOST_OTHERS = 500
OPEN_DRAFTS = (DraftState.EDITING, DraftState.PENDING_REVIEW, DraftState.APPROVED)
OPEN_RUNS = (RunState.PENDING, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Rival:
    """The other plan's owner: a draft, or a run that is still to come or under way."""

    plan: Plan
    name: str
    status: str
    author: str
    draft_id: str = ""
    workflow_id: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """``rival`` is None where the asker may not know of it."""

    rival: Rival | None
    count: int
    first: tuple[Clash, ...]


def conflicts_of(draft: Draft, *, actor: Actor) -> list[Conflict]:
    """Most fields first; what is hidden is one entry at the end."""
    if draft.plan is None or draft.plan.change_count == 0:
        return []
    here = current_scope()
    shown = set(_visible_drafts(draft, actor))
    council_ids = here.council_ids if here else ()
    user_id = here.user_id if here else ""
    with scope(tenant_id=draft.tenant_id, user_id=user_id, council_ids=council_ids):
        rivals = {one.plan.pk: one for one in _rivals(draft)}
        found = clashes(draft.plan, rivals, first=FIRST)
    member = bool(getattr(actor, "role", "")) and getattr(actor, "tenant_id", "") == draft.tenant_id
    seen: list[Conflict] = []
    hidden: list[Conflict] = []
    for plan_id, (count, first) in found.items():
        rival = rivals[plan_id]
        may_see = member if rival.workflow_id else rival.draft_id in shown
        (seen if may_see else hidden).append(Conflict(rival, count, tuple(first)))
    seen.sort(key=lambda one: (-one.count, one.rival.name if one.rival else ""))
    return seen + _as_one(hidden)


def _visible_drafts(draft: Draft, actor: Actor) -> list[str]:
    """In the scope the asker is in: a guest's shows one draft, and that is not a rival."""
    return list(visible_to(actor).exclude(pk=draft.pk).values_list("pk", flat=True))


def _rivals(draft: Draft) -> Iterator[Rival]:
    """Only those that write a kind of field this plan writes too."""
    if draft.plan is None:
        return
    mine = fields_of(draft.plan)
    for rival in (*_drafts(draft), *_runs(draft)):
        if mine & fields_of(rival.plan):
            yield rival


def _drafts(draft: Draft) -> Iterator[Rival]:
    rows = Draft.objects.filter(status__in=OPEN_DRAFTS, plan__isnull=False).exclude(pk=draft.pk)
    for other in rows.select_related("plan", "created_by").order_by("-updated_at")[:MOST_OTHERS]:
        if other.plan is not None:
            yield Rival(
                other.plan,
                other.name,
                str(other.status),
                str(other.created_by),
                draft_id=other.pk,
            )


def _runs(draft: Draft) -> Iterator[Rival]:
    rows = Workflow.objects.filter(status__in=OPEN_RUNS).exclude(plan_id=draft.plan_id)
    for run in rows.select_related("plan", "created_by").order_by("-created_at")[:MOST_OTHERS]:
        if run.draft_id == draft.pk:
            continue
        yield Rival(
            run.plan,
            run.name,
            str(run.status),
            str(run.created_by or run.created_by_agent),
            draft_id=run.draft_id or "",
            workflow_id=run.pk,
            due_at=run.due_at,
        )


def _as_one(hidden: list[Conflict]) -> list[Conflict]:
    """Not how many others there are, nor what they would write: only what it is about."""
    if not hidden:
        return []
    first = {clash.position: clash for one in hidden for clash in one.first}
    kept = [
        Clash(c.position, c.entity, c.target_id, c.field, c.label, None, None, None)
        for _position, c in sorted(first.items())[:FIRST]
    ]
    return [Conflict(None, max(one.count for one in hidden), tuple(kept))]
