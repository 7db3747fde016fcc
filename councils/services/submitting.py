"""Into review, and out of it again by the author's own hand."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from councils import queries
from councils.models import ReviewRound, RoundSeat
from councils.services import notices
from councils.services.entries import open_entry, sync_round
from councils.services.routing import Route, route_of
from councils.states import RoundState
from drafts import services as drafts
from drafts.models import Draft, Revision

NOTE_LIMIT = 2_000


@transaction.atomic
def submit_draft(
    *, draft_id: str, actor: Actor, council_id: str | None = None, note: str = ""
) -> Draft:
    """Freeze the draft as a revision and put it in its council's queue.

    A missing or stale plan is made first. Refused with a reason: a plan that changes nothing,
    and a draft no council could decide.
    """
    draft = drafts.hold_draft(draft_id=draft_id, actor=actor)
    _require_submittable(draft, actor)
    draft = drafts.ensure_plan(draft_id=draft_id, actor=actor)
    if draft.plan is None or draft.plan.change_count == 0:
        raise Invalid({"inputs": [_("This would change nothing, so there is nothing to review.")]})
    route = route_of(draft, council_id=council_id)
    revision = drafts.send_to_review(
        draft_id=draft_id,
        council_id=route.council.pk,
        actor=actor,
        note=_short(note),
        why=route.why,
    )
    round_ = _open_round(draft, revision, route, actor)
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
    round_.save()
    sync_round(round_, draft)


def _require_submittable(draft: Draft, actor: Actor) -> None:
    if not actor.has_perm("drafts.submit_draft", draft):
        raise NotAllowed(perm="drafts.submit_draft")
    if not can_proceed(draft.mark_pending_review):
        raise IllegalMove(_("Only a draft in editing can be submitted."), state=str(draft.status))


def _open_round(draft: Draft, revision: Revision, route: Route, actor: Actor) -> ReviewRound:
    if queries.open_round(draft) is not None:
        raise Conflict(_("A review of this draft is open already."))
    newest = queries.latest_round(draft)
    round_ = ReviewRound.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        cycle=newest.cycle + 1 if newest else 1,
        revision=revision,
        revision_number=revision.number,
        fingerprint=revision.fingerprint,
        council=route.council,
        routed_by=route.why,
        opened_by_id=actor.user_id,
    )
    round_.refresh_from_db()
    for seat in route.seats:
        RoundSeat.objects.create(
            tenant_id=draft.tenant_id,
            draft=draft,
            round=round_,
            seat=seat,
            name=seat.name,
            needed=seat.needed,
            stage=seat.stage,
        )
    return round_


def _short(note: str) -> str:
    if len(note) > NOTE_LIMIT:
        raise Invalid({"note": [_("At most {limit} characters.").format(limit=NOTE_LIMIT)]})
    return note.strip()
