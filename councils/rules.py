"""Who may judge. ``can_decide`` stands behind page, API, admin and service alike."""

import rules

from councils.models import ReviewRound, Verdict
from councils.seating import sittings
from drafts.models import Contributor
from drafts.rules import is_author, owns_it
from drafts.states import DraftState
from tenants.rules import is_manager, is_member, is_owner


@rules.predicate
def wrote_in_it(actor, draft):
    """Created or edited it, or one it was re-planned from: an owner who did is barred as well."""
    return Contributor.objects.filter(draft_id=draft.pk, user_id=actor.user_id).exists()


@rules.predicate
def holds_a_seat(actor, draft):
    """On one of the seats of the draft's newest round today, in their own right or for another."""
    if actor.user_id is None:
        return False
    newest = (
        ReviewRound.objects.filter(draft_id=draft.pk)
        .select_related("council", "draft")
        .order_by("-cycle")
        .first()
    )
    return newest is not None and any(actor.user_id in one.people for one in sittings(newest))


@rules.predicate
def gave_a_verdict(actor, draft):
    return Verdict.objects.filter(
        draft_id=draft.pk, user_id=actor.user_id, taken_back_at=None
    ).exists()


@rules.predicate
def lends_own_say(actor, delegation):
    """A member, about their own say alone."""
    return is_member(actor, delegation) and delegation.from_user_id == actor.user_id


@rules.predicate
def looks_afterwards(actor, after):
    """Somebody of the council, or, once it is overdue, an owner or admin; never who broke it."""
    if actor.user_id is None or actor.user_id == after.broken_by_id:
        return False
    wrote = Contributor.objects.filter(draft_id=after.draft_id, user_id=actor.user_id).exists()
    if wrote:
        return False
    late = after.escalated_at is not None
    return actor.user_id in after.reviewer_ids or (late and is_manager(actor, after))


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
rules.add_perm("councils.invite_guest", owns_it)
rules.add_perm("councils.assign_review", is_manager | may_judge)
rules.add_perm("councils.delegate", is_manager | lends_own_say)
rules.add_perm("drafts.break_glass", is_owner)
rules.add_perm("councils.close_after_review", looks_afterwards)
