"""Who may judge. ``can_decide`` stands behind page, API, admin and service alike."""

import rules

from councils.models import ReviewRound, SeatHolder, Verdict
from drafts.models import Contributor
from drafts.rules import is_author
from drafts.states import DraftState
from tenants.models import Membership
from tenants.rules import is_manager, is_member


@rules.predicate
def wrote_in_it(actor, draft):
    """Created or edited it, or one it was re-planned from: an owner who did is barred as well."""
    return Contributor.objects.filter(draft_id=draft.pk, user_id=actor.user_id).exists()


@rules.predicate
def holds_a_seat(actor, draft):
    """On one of the seats of the draft's newest round, as a named holder or by role, today."""
    if actor.user_id is None:
        return False
    newest = ReviewRound.objects.filter(draft_id=draft.pk).order_by("-cycle").first()
    if newest is None:
        return False
    seats = [item.seat for item in newest.seats.select_related("seat")]
    named = SeatHolder._base_manager.filter(
        seat__in=seats, user_id=actor.user_id, user__is_active=True
    )
    tenant_ids = {seat.tenant_id for seat in seats if seat.tenant_id}
    if not tenant_ids:
        return named.exists()
    membership = Membership.objects.filter(
        tenant_id__in=tenant_ids, user_id=actor.user_id, user__is_active=True
    ).first()
    if membership is None:
        return False
    return named.exists() or any(membership.role in seat.roles for seat in seats)


@rules.predicate
def gave_a_verdict(actor, draft):
    return Verdict.objects.filter(
        draft_id=draft.pk, user_id=actor.user_id, taken_back_at=None
    ).exists()


may_judge = holds_a_seat & ~is_author & ~wrote_in_it


@rules.predicate
def may_judge_its_draft(actor, plan):
    """A part of a plan is made by whoever may give a verdict on it, and by nobody else."""
    return plan.draft_id is not None and may_judge(actor, plan.draft)


def can_decide(actor, draft) -> bool:
    """Whether a verdict of this person could be given now."""
    return draft.status == DraftState.PENDING_REVIEW and actor.has_perm(
        "drafts.decide_draft", draft
    )


rules.add_perm("drafts.decide_draft", may_judge)
rules.add_perm("workflows.trim_plan", may_judge_its_draft)
rules.add_perm("drafts.take_back_approval", may_judge & gave_a_verdict)
rules.add_perm("councils.view_councils", is_member)
rules.add_perm("councils.manage_councils", is_manager)
