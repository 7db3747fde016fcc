"""What this person may say about a draft, for buttons and for the line beside them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.actors import Actor
from councils import queries
from councils.models import ReviewRound
from councils.quorum import is_complete, open_to
from councils.seating import one_look
from councils.services.deciding import why_barred
from councils.states import Decision, RoundState
from drafts.models import Draft
from drafts.states import DraftState


@dataclass(frozen=True, slots=True)
class Say:
    """``why`` explains what the person may not do, or what their approval would bring about."""

    approve: bool = False
    decide: bool = False
    take_back: bool = False
    why: str = ""


@one_look()
def say_of(draft: Draft, *, actor: Actor, round_: ReviewRound | None = None) -> Say:
    round_ = round_ or queries.latest_round(draft)
    if round_ is None:
        return Say()
    if not actor.has_perm("drafts.decide_draft", draft):
        waits = draft.status == DraftState.PENDING_REVIEW
        return Say(why=why_barred(draft, actor) if waits else "")
    mine = queries.verdict_of(round_, actor.user_id)
    if mine is not None:
        return _after(draft, mine.decision)
    if draft.status != DraftState.PENDING_REVIEW or round_.state != RoundState.OPEN:
        return Say()
    return _before(round_, str(actor.user_id))


def _after(draft: Draft, decision: str) -> Say:
    open_still = draft.status in (DraftState.PENDING_REVIEW, DraftState.APPROVED)
    may = decision == Decision.APPROVE and open_still
    return Say(take_back=may, why=_("You have given your verdict.") if open_still else "")


def _before(round_: ReviewRound, user_id: str) -> Say:
    places, approvers = queries.places(round_), queries.approvers(round_)
    if not open_to(places, approvers, user_id):
        return Say(decide=True, why=_("Your seat is filled, or its turn has not come yet."))
    last = is_complete(places, [*approvers, user_id])
    why = _("Your approval fills the last seat.") if last else _("Other seats follow after yours.")
    return Say(approve=True, decide=True, why=why)
