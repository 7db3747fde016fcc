"""Who is looking at it, and who it was given to."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.lifecycle import record
from councils import queries
from councils.models import ReviewRound
from councils.quorum import is_complete
from councils.seating import sittings
from councils.services import tidings
from councils.services.entries import sync_round
from councils.services.persons import require_person
from drafts import services as drafts
from drafts.models import Draft
from drafts.states import DraftState


@transaction.atomic
def claim_review(*, draft_id: str, actor: Actor) -> Draft:
    """“I am looking at it”, for a while. It keeps nobody from deciding; it saves double work."""
    draft, round_ = _open(draft_id, actor, "drafts.decide_draft")
    now = timezone.now()
    others = round_.claimed_by_id not in (None, actor.user_id)
    if others and round_.claimed_until and round_.claimed_until > now:
        until = time_format(timezone.localtime(round_.claimed_until))
        said = _("{who} is looking at it until {time}.")
        raise Conflict(said.format(who=round_.claimed_by, time=until))
    round_.claimed_by_id = actor.user_id
    round_.claimed_until = now + timedelta(minutes=round_.council.claim_minutes)
    data = {"until": round_.claimed_until.isoformat()}
    return _kept(draft, round_, "review.claimed", actor, data)


@transaction.atomic
def release_review(*, draft_id: str, actor: Actor) -> Draft:
    """One's own claim; an owner or admin may release anybody's."""
    draft, round_ = _open(draft_id, actor, "")
    if round_.claimed_by_id is None:
        raise IllegalMove(_("Nobody has claimed it."), state=str(draft.status))
    mine = round_.claimed_by_id == actor.user_id
    if not mine and not actor.has_perm("councils.manage_councils", draft):
        raise NotAllowed(perm="councils.manage_councils")
    data = {"user_id": round_.claimed_by_id}
    round_.claimed_by = round_.claimed_until = None
    return _kept(draft, round_, "review.released", actor, data)


@transaction.atomic
def assign_review(*, draft_id: str, user_ids: Sequence[str], actor: Actor) -> Draft:
    """Name who decides. They have to be able to fill every seat, so that nothing gets stuck.

    Where the council lets only people assigned decide, nobody else may from then on; elsewhere it
    says who is meant. An empty list takes the assignment back.
    """
    draft, round_ = _open(draft_id, actor, "councils.assign_review")
    wanted = sorted(set(user_ids))
    before = set(queries.waiting_for(round_))
    round_.assignee_ids = []
    _require_enough(draft, round_, wanted)
    added = set(wanted) - set(queries.assigned(round_))
    round_.assignee_ids = wanted
    draft = _kept(draft, round_, "review.assigned", actor, {"user_ids": wanted})
    tidings.assigned(draft, round_, (added | (set(wanted) - before)) - {str(actor.user_id)})
    return draft


def _require_enough(draft: Draft, round_: ReviewRound, wanted: Sequence[str]) -> None:
    if not wanted:
        return
    barred = queries.barred_ids(draft)
    everyone = {person for one in sittings(round_) for person in one.people} - barred
    spoke = set(queries.approvers(round_))
    if strangers := set(wanted) - everyone - spoke:
        names = ", ".join(sorted(queries.names(strangers).values())) or _("somebody unknown")
        said = _("{names} cannot decide on this draft.").format(names=names)
        raise Invalid({"user_ids": [said]})
    if not is_complete(queries.places(round_), sorted(set(wanted) | spoke)):
        raise Invalid({"user_ids": [_("These people cannot fill every seat. Name more of them.")]})


def _open(draft_id: str, actor: Actor, perm: str) -> tuple[Draft, ReviewRound]:
    require_person(actor)
    draft = drafts.hold_draft(draft_id=draft_id, actor=actor)
    if perm and not actor.has_perm(perm, draft):
        raise NotAllowed(perm=perm)
    round_ = queries.open_round(draft)
    if draft.status != DraftState.PENDING_REVIEW or round_ is None:
        raise IllegalMove(_("This draft is not in review."), state=str(draft.status))
    return draft, round_


def _kept(draft: Draft, round_: ReviewRound, kind: str, actor: Actor, data: dict) -> Draft:
    round_.save()
    sync_round(round_, draft)
    record(kind, round_, actor=actor, data=data)
    return draft
