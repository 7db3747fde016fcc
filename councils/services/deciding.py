"""Verdicts: approve, reject, request changes, and taking one back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.lifecycle import record
from councils import queries
from councils.models import ReviewRound, Verdict
from councils.quorum import is_complete, open_stage, open_to, seated
from councils.seating import look_again, one_look, sittings, table_of, verdict_given
from councils.services import notices
from councils.services.attention import require_opened
from councils.services.entries import sync_round
from councils.services.persons import require_person
from councils.services.policies import policy_number
from councils.services.submitting import close_round, times_of
from councils.states import Decision, RoundState
from drafts import services as drafts
from drafts.models import Draft
from drafts.states import DraftState

COMMENT_LIMIT = 10_000


class StaleRevision(Conflict):
    code = "stale_revision"


@transaction.atomic
@one_look()
def decide(
    *,
    draft_id: str,
    verdict: str,
    actor: Actor,
    comment: str = "",
    revision_number: int | None = None,
) -> Draft:
    """One person's verdict on the revision they read.

    The draft's lock comes first, so of many who decide at once each sees what the one before
    did. The approval that fills the last seat approves the draft; a rejection or a request for
    changes ends the round at once.
    """
    draft, round_ = held_for_verdict(draft_id, verdict, revision_number, actor)
    text = said(verdict, comment)
    draft, given = give_verdict(draft, round_, verdict, text, actor)
    notices.verdict_given(draft, round_, given)
    return draft


def held_for_verdict(
    draft_id: str, verdict: str, revision_number: int | None, actor: Actor
) -> tuple[Draft, ReviewRound]:
    """The draft under its lock and its open round, if this person may give this verdict on it."""
    require_person(actor)
    draft = drafts.hold_draft(draft_id=draft_id, actor=actor)
    if not actor.has_perm("drafts.decide_draft", draft):
        raise NotAllowed(why_barred(draft, actor), perm="drafts.decide_draft")
    round_ = _the_open_round(draft, revision_number)
    if queries.verdict_of(round_, actor.user_id) is not None:
        raise Conflict(_("You have given your verdict on this revision."))
    if verdict == Decision.APPROVE:
        _require_free_seat(round_, actor)
        require_opened(draft, round_, actor=actor)
    return draft, round_


def give_verdict(
    draft: Draft, round_: ReviewRound, verdict: str, text: str, actor: Actor
) -> tuple[Draft, Verdict]:
    """Write it down with what comes of it; whether it may be given was asked before."""
    given = _write(round_, draft, verdict, text, actor)
    drafts.remember_judge(draft=draft, actor=actor)
    return CONSEQUENCES[Decision(verdict)](round_, draft, given, actor), given


@transaction.atomic
@one_look()
def take_back(*, draft_id: str, actor: Actor, reason: str = "") -> Draft:
    """A reviewer's second thought: until conversion, and only about their own verdict.

    Of an approved draft it reopens the round; the approval is void and the draft in review again.
    """
    require_person(actor)
    draft = drafts.hold_draft(draft_id=draft_id, actor=actor)
    if not actor.has_perm("drafts.take_back_approval", draft):
        raise NotAllowed(perm="drafts.take_back_approval")
    round_ = queries.latest_round(draft)
    given = queries.verdict_of(round_, actor.user_id) if round_ else None
    if round_ is None or given is None or given.decision != Decision.APPROVE:
        raise IllegalMove(_("There is no approval of yours to take back."), state=str(draft.status))
    if draft.status == DraftState.APPROVED:
        draft = _reopen_review(draft, round_, actor, reason)
    elif draft.status != DraftState.PENDING_REVIEW:
        raise IllegalMove(_("It is too late to take this back."), state=str(draft.status))
    given.taken_back_at = timezone.now()
    given.save()
    look_again()
    data = {"decision": given.decision, "revision": given.revision_number}
    if reason:
        data["reason"] = reason
    record("review.verdict_taken_back", round_, actor=actor, data=data)
    _count_seats(round_)
    sync_round(round_, draft)
    notices.verdict_taken_back(draft, round_, given)
    return draft


def why_barred(draft: Draft, actor: Actor) -> str:
    """In words, for the page and the problem document."""
    if draft.created_by_id == actor.user_id:
        return _("You wrote this draft, so you cannot decide on it.")
    if actor.user_id in queries.barred_ids(draft):
        return _("You edited this draft, so you cannot decide on it.")
    return _("You have no seat in the council that reviews this draft.")


def said(verdict: str, comment: str) -> str:
    if verdict not in Decision.values:
        raise Invalid({"verdict": [_("This is not a verdict.")]})
    text = comment.strip()
    if len(text) > COMMENT_LIMIT or "\x00" in text:
        raise Invalid({"comment": [_("At most {limit} characters.").format(limit=COMMENT_LIMIT)]})
    if verdict == Decision.REJECT and not text:
        raise Invalid({"comment": [_("Say why it is rejected.")]})
    if verdict == Decision.REQUEST_CHANGES and not text:
        raise Invalid({"comment": [_("Say what should change.")]})
    return text


def _the_open_round(draft: Draft, revision_number: int | None) -> ReviewRound:
    round_ = queries.open_round(draft)
    if draft.status != DraftState.PENDING_REVIEW or round_ is None:
        raise IllegalMove(
            _("This draft is not in review: it is “{state}”.").format(
                state=draft.get_status_display()
            ),
            state=str(draft.status),
        )
    if revision_number is not None and revision_number != round_.revision_number:
        raise StaleRevision(
            _("You read revision {read}; revision {now} is in review now.").format(
                read=revision_number, now=round_.revision_number
            ),
            revision=round_.revision_number,
        )
    return round_


def _require_free_seat(round_: ReviewRound, actor: Actor) -> None:
    places, approvers = queries.places(round_), queries.approvers(round_)
    if actor.user_id and open_to(places, approvers, actor.user_id):
        return
    stage = open_stage(places, approvers)
    sits_later = any(
        actor.user_id in place.holders and stage is not None and place.stage > stage
        for place in places
    )
    if sits_later:
        raise Conflict(_("Your seat is asked once the seats before it are filled."))
    raise Conflict(_("Your seat is filled already."))


def _write(round_: ReviewRound, draft: Draft, verdict: str, text: str, actor: Actor) -> Verdict:
    stood_for = speaks_for(round_, str(actor.user_id), verdict)
    given = Verdict.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        round=round_,
        user_id=str(actor.user_id),
        on_behalf_of_id=stood_for or None,
        policy_number=policy_number(draft.tenant_id) or round_.policy_number,
        decision=verdict,
        comment=text,
        revision_number=round_.revision_number,
        fingerprint=round_.fingerprint,
    )
    verdict_given(given)
    data: dict[str, object] = {
        "decision": verdict,
        "revision": round_.revision_number,
        "fingerprint": round_.fingerprint,
        "council_id": round_.council_id,
    }
    if text:
        data["comment"] = text
    if stood_for:
        data["on_behalf_of"] = stood_for
    record("review.verdict", round_, actor=actor, data=data)
    return given


def speaks_for(round_: ReviewRound, user_id: str, verdict: str) -> str:
    """Whose chair this person's verdict takes: nobody's but their own, if they have one free."""
    found = {sitting.seat.pk: sitting for sitting in sittings(round_) if user_id in sitting.people}
    if verdict == Decision.APPROVE:
        places, approvers = queries.places(round_), queries.approvers(round_)
        stage = open_stage(places, approvers)
        now = [place for place in places if stage is None or place.stage <= stage]
        chair = seated(now, [*approvers, user_id]).get(user_id)
        if chair in found:
            return found[chair].people[user_id]
    return min((sitting.people[user_id] for sitting in found.values()), default="")


def _approved(round_: ReviewRound, draft: Draft, given: Verdict, actor: Actor) -> Draft:
    _count_seats(round_)
    if not is_complete(queries.places(round_), queries.approvers(round_)):
        sync_round(round_, draft)
        return draft
    draft = drafts.approve_draft(
        draft_id=draft.pk,
        revision=round_.revision,
        actor=actor,
        comment=given.comment,
        life=timedelta(days=round_.council.approval_days),
    )
    close_round(round_, draft, RoundState.APPROVED)
    return draft


def _rejected(round_: ReviewRound, draft: Draft, given: Verdict, actor: Actor) -> Draft:
    draft = drafts.reject_draft(draft_id=draft.pk, actor=actor, comment=given.comment)
    close_round(round_, draft, RoundState.REJECTED)
    return draft


def _changes_requested(round_: ReviewRound, draft: Draft, given: Verdict, actor: Actor) -> Draft:
    draft = drafts.request_changes(draft_id=draft.pk, actor=actor, comment=given.comment)
    close_round(round_, draft, RoundState.CHANGES_REQUESTED)
    return draft


CONSEQUENCES = {
    Decision.APPROVE: _approved,
    Decision.REJECT: _rejected,
    Decision.REQUEST_CHANGES: _changes_requested,
}


def _count_seats(round_: ReviewRound) -> None:
    """Write down which seat each standing approval fills; people with two may move."""
    approvals = [v for v in table_of(round_).said if v.decision == Decision.APPROVE]
    sits = seated(queries.places(round_), [given.user_id for given in approvals])
    for given in approvals:
        if given.seat_id != sits.get(given.user_id):
            given.seat_id = sits.get(given.user_id)
            given.save(update_fields=["seat"])


def _reopen_review(draft: Draft, round_: ReviewRound, actor: Actor, reason: str) -> Draft:
    if round_.state != RoundState.APPROVED:
        raise IllegalMove(_("This draft was not approved by a council."), state=str(draft.status))
    draft = drafts.take_back_approval(draft_id=draft.pk, actor=actor, reason=reason)
    round_.state = RoundState.OPEN
    round_.closed_at = None
    for name, at in times_of([round_.council], round_.priority).items():
        setattr(round_, name, at)
    round_.reminded_at = round_.escalated_at = None
    round_.save()
    return draft
