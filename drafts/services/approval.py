"""The yes to one fingerprint: how it is given, taken back, carried over, and how it ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid
from core.lifecycle import moving
from drafts.models import Approval, Draft, Revision
from drafts.queries import contributor_ids, latest_revision, visible_to
from drafts.services.reviewing import freeze
from drafts.services.voiding import void_approval
from drafts.states import ApprovalKind
from notifications.services import notify
from workflows.models import Plan
from workflows.services import require_within_limits

APPROVAL_LIFE = timedelta(days=14)
SWEEP = SystemActor("sweep", grants=frozenset({"drafts.expire_approval"}))


@transaction.atomic
def approve_draft(
    *,
    draft_id: str,
    revision: Revision,
    actor: Actor,
    comment: str = "",
    life: timedelta = APPROVAL_LIFE,
) -> Draft:
    """The council's last seat is filled: record its yes to this revision's fingerprint."""
    data: dict[str, object] = {}
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.decide_draft",
        event="draft.approved",
        data=data,
    ) as draft:
        plan = _its_plan(draft)
        _require_its_plan(draft, revision)
        approval = _approve(
            draft,
            plan,
            revision=revision,
            kind=ApprovalKind.COUNCIL,
            council_id=draft.assigned_council_id,
            approved_by_id=actor.user_id,
            until=timezone.now() + life,
        )
        draft.mark_approved(actor.user_id, comment)
        data |= {"revision": revision.number, **_said(approval)}
    return draft


@transaction.atomic
def approve_by_standing(
    *,
    draft_id: str,
    standing_approval_id: str,
    council_id: str | None,
    until: datetime,
    actor: Actor,
) -> Draft:
    """A template's yes in advance; ``templates_catalog`` has checked version and bounds."""
    data: dict[str, object] = {}
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.approve_by_standing",
        event="draft.approved_by_standing",
        data=data,
    ) as draft:
        plan = _within_limits(draft)
        approval = _approve(
            draft,
            plan,
            kind=ApprovalKind.STANDING,
            council_id=council_id,
            standing_approval_id=standing_approval_id,
            until=until,
        )
        draft.mark_approved_by_standing()
        data |= {"standing_approval_id": standing_approval_id, **_said(approval)}
    return draft


@transaction.atomic
def approve_by_break_glass(
    *,
    draft_id: str,
    reason: str,
    actor: Actor,
    council_ids: Sequence[str] = (),
    life: timedelta = timedelta(hours=24),
) -> Draft:
    """An owner's yes in an emergency; ``councils`` tells everyone and opens the review after it."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why this cannot wait for a review.")]})
    data: dict[str, object] = {"reason": reason.strip()}
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.break_glass",
        event="draft.break_glass",
        data=data,
    ) as draft:
        plan = _within_limits(draft)
        approval = _approve(
            draft,
            plan,
            revision=_revision_of(draft, plan, actor),
            kind=ApprovalKind.BREAK_GLASS,
            approved_by_id=actor.user_id,
            reason=reason.strip(),
            until=timezone.now() + life,
        )
        draft.mark_approved_by_break_glass(actor.user_id, reason.strip(), council_ids)
        data |= _said(approval)
    return draft


@transaction.atomic
def take_back_approval(*, draft_id: str, actor: Actor, reason: str = "") -> Draft:
    """A reviewer's second thought, while nothing has run."""
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.take_back_approval",
        event="draft.approval_revoked",
        data={"reason": reason} if reason else {},
    ) as draft:
        draft.mark_taken_back()
    void_approval(draft, why="taken_back")
    return draft


@transaction.atomic
def reopen_draft(*, draft_id: str, actor: Actor) -> Draft:
    """Back to editing from rejected or approved; an approval is void from here on."""
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.reopen_draft",
        event="draft.reopened",
    ) as draft:
        draft.mark_reopened()
    void_approval(draft, why="reopened")
    return draft


@transaction.atomic
def expire_approval(*, draft_id: str, actor: Actor = SWEEP) -> bool:
    """Back to editing when the approval's time is over. False when there is nothing to expire."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    overdue = Approval.objects.filter(
        draft_id=draft_id, voided_at=None, until__lte=timezone.now()
    ).exists()
    if draft is None or draft.status != "approved" or not overdue:
        return False
    with moving(
        Draft,
        draft_id,
        actor=actor,
        perm="drafts.expire_approval",
        event="draft.approval_expired",
    ) as draft:
        draft.mark_approval_expired()
    void_approval(draft, why="expired")
    _tell_of_expiry(draft)
    return True


def _tell_of_expiry(draft: Draft) -> None:
    notify(
        tenant_id=draft.tenant_id,
        user_ids=contributor_ids(draft),
        kind="draft.approval_expired",
        subject=_("The approval of “{draft}” has ended").format(draft=draft.name),
        text=_("It was not run in time. It is in editing again and can be submitted anew."),
        url=draft.get_absolute_url(),
        dedupe_key=f"{draft.pk}:expired:{timezone.now().isoformat()}",
    )


def _approve(
    draft: Draft, plan: Plan, *, revision: Revision | None = None, **facts: Any
) -> Approval:
    return Approval.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        revision=revision or latest_revision(draft),
        plan=plan,
        fingerprint=plan.fingerprint,
        **facts,
    )


def _revision_of(draft: Draft, plan: Plan, actor: Actor) -> Revision:
    """What is approved, word for word; a draft that was edited since is frozen anew."""
    last = latest_revision(draft)
    return last if last and last.plan_id == plan.pk else freeze(draft, plan, actor.user_id)


def _its_plan(draft: Draft) -> Plan:
    if draft.plan is None:
        raise Conflict(_("There is no preview of these inputs to approve."))
    return draft.plan


def _within_limits(draft: Draft) -> Plan:
    """No council looks at it now, but the tenant's own limits hold all the same."""
    plan = _its_plan(draft)
    require_within_limits(plan)
    return plan


def _require_its_plan(draft: Draft, revision: Revision) -> None:
    if revision.plan_id != draft.plan_id or revision.draft_id != draft.pk:
        raise Conflict(_("This draft has moved on since that revision."))


def _said(approval: Approval) -> dict[str, object]:
    return {
        "approval_id": approval.pk,
        "fingerprint": approval.fingerprint,
        "until": approval.until.isoformat(),
    }
