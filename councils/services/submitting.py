"""Into review, and out of it again by the author's own hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from councils import queries
from councils.models import Council, ReviewRound, RoundSeat
from councils.services import notices
from councils.services.entries import open_entry, sync_round
from councils.services.policies import policy_number
from councils.services.routing import Route, route_of
from councils.states import Priority, RoundState
from drafts import services as drafts
from drafts.models import Draft, Revision
from workflows.services import require_within_limits

NOTE_LIMIT = 2_000


@transaction.atomic
def submit_draft(
    *,
    draft_id: str,
    actor: Actor,
    council_id: str | None = None,
    note: str = "",
    priority: str = Priority.NORMAL,
) -> Draft:
    """Freeze the draft as a revision and put it in its council's queue.

    A missing or stale plan is made first. Refused with a reason: a plan that changes nothing or
    breaks a limit of the tenant, and a draft no council could decide.
    """
    draft = drafts.hold_draft(draft_id=draft_id, actor=actor)
    _require_submittable(draft, actor)
    draft = drafts.ensure_plan(draft_id=draft_id, actor=actor)
    if draft.plan is None or draft.plan.change_count == 0:
        raise Invalid({"inputs": [_("This would change nothing, so there is nothing to review.")]})
    if priority not in Priority.values:
        raise Invalid({"priority": [_("This is not a priority.")]})
    require_within_limits(draft.plan)
    route = route_of(draft, council_id=council_id)
    revision = drafts.send_to_review(
        draft_id=draft_id,
        council_id=route.council.pk,
        actor=actor,
        note=_short(note),
        why=route.why,
        further=route.further_ids,
    )
    round_ = _open_round(draft, revision, route, actor, priority)
    draft.refresh_from_db()
    entry = open_entry(round_, draft)
    notices.review_asked(draft, round_, entry.waiting_for)
    return draft


@transaction.atomic
def withdraw_draft(*, draft_id: str, actor: Actor) -> Draft:
    """The author takes the draft back into editing; what was said stays in the history."""
    draft = drafts.withdraw_draft(draft_id=draft_id, actor=actor)
    round_ = queries.open_round(draft)
    if round_ is not None:
        close_round(round_, draft, RoundState.WITHDRAWN)
    return draft


def close_round(round_: ReviewRound, draft: Draft, state: str) -> None:
    round_.state = state
    round_.closed_at = timezone.now()
    round_.claimed_by = round_.claimed_until = None
    round_.save()
    sync_round(round_, draft)


def _require_submittable(draft: Draft, actor: Actor) -> None:
    if not actor.has_perm("drafts.submit_draft", draft):
        raise NotAllowed(perm="drafts.submit_draft")
    if not can_proceed(draft.mark_pending_review):
        raise IllegalMove(_("Only a draft in editing can be submitted."), state=str(draft.status))


def _open_round(
    draft: Draft, revision: Revision, route: Route, actor: Actor, priority: str
) -> ReviewRound:
    if queries.open_round(draft) is not None:
        raise Conflict(_("A review of this draft is open already."))
    return write_round(draft, revision, route, actor, priority=priority)


def write_round(
    draft: Draft, revision: Revision, route: Route, actor: Actor, **facts: Any
) -> ReviewRound:
    """The round with the seats it asks for, under the policy that is in force now."""
    newest = queries.latest_round(draft)
    round_ = ReviewRound.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        cycle=newest.cycle + 1 if newest else 1,
        revision=revision,
        revision_number=revision.number,
        fingerprint=revision.fingerprint,
        council=route.council,
        further_council_ids=route.further_ids,
        assignee_only=any(council.assignee_only for council in route.councils),
        routed_by=route.why,
        opened_by_id=actor.user_id,
        policy_number=policy_number(draft.tenant_id),
        **times_of(route.councils, facts.get("priority", Priority.NORMAL)),
        **facts,
    )
    round_.refresh_from_db()
    for asked in route.seats:
        RoundSeat.objects.create(
            tenant_id=draft.tenant_id,
            draft=draft,
            round=round_,
            seat=asked.seat,
            name=asked.seat.name,
            needed=asked.seat.needed,
            stage=asked.stage,
            council_name=asked.council.name,
        )
    return round_


def times_of(councils: Sequence[Council], priority: str) -> dict[str, datetime]:
    """When it has to be decided, and when people are reminded: as the slowest council allows.

    A quarter of the time is left at the reminder.
    """
    hours = max(getattr(council, f"hours_{priority}") for council in councils)
    now = timezone.now()
    return {
        "due_at": now + timedelta(hours=hours),
        "remind_at": now + timedelta(hours=hours) * 0.75,
    }


def _short(note: str) -> str:
    if len(note) > NOTE_LIMIT:
        raise Invalid({"note": [_("At most {limit} characters.").format(limit=NOTE_LIMIT)]})
    return note.strip()
