"""Ticking and unticking while reading; only ``approve_part`` makes a decision of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import IllegalMove, Invalid, NotAllowed
from councils.models import Unticked
from councils.models.selection import MOST_FILTERS, MOST_SINGLE
from drafts.models import Draft
from drafts.queries import draft_for
from drafts.states import DraftState
from workflows import queries as workflows
from workflows.models import Plan, PlannedChange

FILTERS = {"group": "group", "field": "field", "q": "text"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is left out of a plan, and how many changes remain."""

    remaining: int
    total: int
    positions: list[int] = field(default_factory=list)
    keeping: list[int] = field(default_factory=list)
    filters: list[dict[str, str]] = field(default_factory=list)

    @property
    def packed_filters(self) -> list[str]:
        """Each as one value of a form: what it names holds together."""
        return [urlencode(one) for one in self.filters]

    @property
    def is_part(self) -> bool:
        return self.remaining < self.total

    @property
    def is_whole(self) -> bool:
        return self.remaining == self.total


def choice_of(draft: Draft, *, actor: Actor) -> Choice:
    plan = draft.plan
    if plan is None:
        return Choice(0, 0)
    kept = _kept(draft, plan, actor)
    if kept is None:
        return Choice(plan.change_count, plan.change_count)
    left = plan.change_count - unticked_rows(plan, kept).count()
    return Choice(left, plan.change_count, kept.positions, kept.keeping, kept.filters)


def unticked_rows(plan: Plan, kept: Unticked | Choice) -> QuerySet[PlannedChange]:
    out = Q(position__in=kept.positions)
    for one in kept.filters:
        out |= Q(pk__in=_matching(plan, one).values("pk"))
    rows = PlannedChange.objects.filter(out, plan=plan)
    return rows.exclude(position__in=kept.keeping) if kept.keeping else rows


@transaction.atomic
def tick_rows(
    *, draft_id: str, actor: Actor, shown: Collection[int], ticked: Collection[int]
) -> Choice:
    """Of the rows that were ``shown``, those ``ticked`` are in and the others out."""
    draft, plan = _choosable(draft_id, actor)
    kept = _held(draft, plan, actor)
    rows = PlannedChange.objects.filter(plan=plan, position__in=list(shown)[:MOST_SINGLE])
    known = set(rows.values_list("position", flat=True))
    found = set().union(
        *(
            _matching(plan, one).filter(position__in=known).values_list("position", flat=True)
            for one in kept.filters
        )
    )
    wanted_in = known & set(ticked)
    out = known - wanted_in
    kept.positions = sorted(set(kept.positions) - known | (out - found))
    kept.keeping = sorted(set(kept.keeping) - known | (wanted_in & found))
    if max(len(kept.positions), len(kept.keeping)) > MOST_SINGLE:
        said = _("At most {n} changes can be left out one by one. Use a filter for more.")
        raise Invalid({"without": [said.format(n=MOST_SINGLE)]})
    kept.save()
    return choice_of(draft, actor=actor)


@transaction.atomic
def untick_all(*, draft_id: str, actor: Actor, matching: Mapping[str, str]) -> Choice:
    """Leave out all that a filter finds (``group``, ``field``, ``q``)."""
    draft, plan = _choosable(draft_id, actor)
    wanted = {name: str(value)[:200] for name, value in matching.items() if value}
    if not wanted or not wanted.keys() <= FILTERS.keys():
        raise Invalid({"matching": [_("Name a group, a field or a text to look for.")]})
    kept = _held(draft, plan, actor)
    found = _matching(plan, wanted)
    kept.keeping = sorted(_without(kept.keeping, found))
    if wanted not in kept.filters:
        kept.filters = [*kept.filters, wanted]
    if len(kept.filters) > MOST_FILTERS:
        raise Invalid({"matching": [_("These are too many filters.")]})
    kept.positions = sorted(_without(kept.positions, found))
    kept.save()
    return choice_of(draft, actor=actor)


@transaction.atomic
def tick_all(*, draft_id: str, actor: Actor) -> Choice:
    """Everything is in again."""
    draft, plan = _choosable(draft_id, actor)
    Unticked.objects.filter(**_key(draft, plan, actor)).delete()
    return choice_of(draft, actor=actor)


def _without(positions: list[int], found: QuerySet[PlannedChange]) -> set[int]:
    """Those of ``positions`` that ``found`` does not have."""
    have = found.filter(position__in=positions).values_list("position", flat=True)
    return set(positions) - set(have)


def _matching(plan: Plan, wanted: Mapping[str, str]) -> QuerySet[PlannedChange]:
    return workflows.changes(plan, **{FILTERS[name]: value for name, value in wanted.items()})


def _choosable(draft_id: str, actor: Actor) -> tuple[Draft, Plan]:
    draft = draft_for(actor, draft_id)
    if actor.user_id is None or not actor.has_perm("drafts.decide_draft", draft):
        raise NotAllowed(perm="drafts.decide_draft")
    if draft.status != DraftState.PENDING_REVIEW or draft.plan is None:
        raise IllegalMove(_("This draft is not in review."), state=str(draft.status))
    return draft, draft.plan


def _key(draft: Draft, plan: Plan, actor: Actor) -> dict[str, object]:
    return {"draft": draft, "fingerprint": plan.fingerprint, "user_id": actor.user_id}


def _kept(draft: Draft, plan: Plan, actor: Actor) -> Unticked | None:
    return Unticked.objects.filter(**_key(draft, plan, actor)).first()


def _held(draft: Draft, plan: Plan, actor: Actor) -> Unticked:
    key = _key(draft, plan, actor)
    Unticked.objects.bulk_create(
        [Unticked(tenant_id=draft.tenant_id, **key)], ignore_conflicts=True
    )
    return Unticked.objects.select_for_update().get(**key)
