"""Carrying an approval over to a new plan that is nearly the approved one: each condition named.

No machine does this: whoever re-planned the draft and may run it does, by a button or, where the
tenant wants that, with the preview. What is carried is the yes people gave, until the day it ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import Actor
from core.errors import Conflict
from core.lifecycle import moving
from drafts import queries
from drafts.models import Approval, Contributor, Draft, Judge, Tolerance
from drafts.services.comparing import keep_its_delta
from drafts.states import ApprovalKind
from notifications.services import notify
from workflows.models import PlanDelta
from workflows.planning.difference import other_words
from workflows.presentation import money_fields
from workflows.services import breached_limits, plan_is_fresh


@dataclass(frozen=True, slots=True)
class Condition:
    text: str
    holds: bool
    meta: str = ""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Whether the earlier approval may stand for the new plan, and why or why not."""

    approval: Approval
    conditions: tuple[Condition, ...]

    @property
    def possible(self) -> bool:
        return all(condition.holds for condition in self.conditions)

    @property
    def refusal(self) -> str:
        return next((one.text for one in self.conditions if not one.holds), "")


def carry_over_of(draft: Draft) -> CarryOver | None:
    """None for a draft that follows no approved plan, or has no plan yet, or was submitted."""
    approval = queries.approved_before(draft)
    if approval is None or draft.plan is None or not draft.is_editing:
        return None
    if queries.latest_revision(draft) is not None:
        return None
    delta = keep_its_delta(draft)
    if delta is None or delta.earlier_id != approval.plan_id:
        return None
    allowed = queries.tolerance()
    conditions = (
        *_of_the_approval(draft, approval, allowed),
        *_of_the_rows(delta),
        *_of_the_totals(delta, allowed),
    )
    return CarryOver(approval, conditions)


def _of_the_approval(draft: Draft, approval: Approval, allowed: Tolerance) -> Iterator[Condition]:
    plan, approved = draft.plan, approval.plan
    yield Condition(_("Approvals may be carried over in this shop"), allowed.is_on)
    yield Condition(
        _("A council approved the earlier plan, and that has not expired"),
        approval.kind == ApprovalKind.COUNCIL and approval.until > timezone.now(),
        date_format(timezone.localtime(approval.until), "j M, H:i"),
    )
    same = plan is not None and (plan.inputs, plan.type_version) == (
        approved.inputs,
        approved.type_version,
    )
    yield Condition(_("The inputs are the approved ones"), same)
    broken = breached_limits(plan) if plan else []
    said = " ".join(breach["text"] for breach in broken)
    yield Condition(_("The plan is inside the shop's limits"), not broken, said)
    judged = Judge.objects.filter(draft_id=approval.draft_id).values("user_id")
    wrote = Contributor.objects.filter(draft=draft, user_id__in=judged).exists()
    yield Condition(_("Nobody who approved it wrote in this draft"), not wrote)


def _of_the_rows(delta: PlanDelta) -> Iterator[Condition]:
    added, words = delta.counts["added"], other_words(delta, money_fields())
    yield Condition(_("No new item or field appears"), added == 0, _many(added))
    yield Condition(
        _("No text, date or new row differs from the approved one"), words == 0, _many(words)
    )


def _of_the_totals(delta: PlanDelta, allowed: Tolerance) -> Iterator[Condition]:
    for key, percent, text in (
        ("items", allowed.items_percent, _("The number of changes is within {percent} %")),
        ("value", allowed.value_percent, _("The amounts moved are within {percent} %")),
        ("money_at_risk", allowed.money_percent, _("The money at risk is within {percent} %")),
    ):
        then, now = delta.totals[key]
        if then is None and now is None:
            continue
        holds = within(then, now, percent)
        meta = f"{then or '–'} → {now or '–'}"
        yield Condition(text.format(percent=f"{percent.normalize():f}"), holds, meta)


def within(then: str | None, now: str | None, percent: Decimal) -> bool:
    """Up or down by at most that share of what was approved; what cannot be told is not."""
    try:
        was, is_now = Decimal(str(then)), Decimal(str(now))
    except InvalidOperation:
        return False
    return abs(is_now - was) * 100 <= abs(was) * percent


def _many(count: int) -> str:
    return ngettext("{n} does", "{n} do", count).format(n=count) if count else ""


@transaction.atomic
def approve_by_carry_over(*, draft_id: str, actor: Actor, automatic: bool = False) -> Draft:
    """A re-planned draft within tolerance keeps its predecessor's approval, until the same day."""
    data: dict[str, object] = {"automatic": automatic}
    with moving(
        queries.visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.approve_by_carry_over",
        event="draft.approval_carried_over",
        data=data,
    ) as draft:
        carried = _carried(draft)
        draft.mark_approved_by_carry_over()
        data |= _story(carried, queries.delta_of(draft))
    _keep_judges_in_the_know(draft, carried)
    return draft


def _carried(draft: Draft) -> Approval:
    found = carry_over_of(draft)
    if found is None or draft.plan is None:
        raise Conflict(_("There is no earlier approval that could be carried over to this plan."))
    if not found.possible:
        raise Conflict(
            _("The approval cannot be carried over. Not so: {condition}.").format(
                condition=found.refusal
            )
        )
    if not plan_is_fresh(draft.plan):
        raise Conflict(_("The shop has moved since this preview. Preview it again."))
    given = found.approval
    return Approval.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        plan=draft.plan,
        fingerprint=draft.plan.fingerprint,
        kind=ApprovalKind.CARRY_OVER,
        council_id=given.council_id,
        carried_from=given,
        approved_by_id=given.approved_by_id,
        until=given.until,
    )


def _story(carried: Approval, delta: PlanDelta | None) -> dict[str, object]:
    return {
        "carried_from": carried.carried_from_id,
        "approval_id": carried.pk,
        "fingerprint": carried.fingerprint,
        "until": carried.until.isoformat(),
        "delta": delta.counts if delta else {},
        "totals": delta.totals if delta else {},
    }


def _keep_judges_in_the_know(draft: Draft, carried: Approval) -> None:
    """Those whose yes it is see what it stands for now, and are told."""
    given = carried.carried_from
    if given is None:
        return
    people = list(Judge.objects.filter(draft_id=given.draft_id).values_list("user_id", flat=True))
    Judge.objects.bulk_create(
        [Judge(tenant_id=draft.tenant_id, draft=draft, user_id=user_id) for user_id in people],
        ignore_conflicts=True,
    )
    notify(
        tenant_id=draft.tenant_id,
        user_ids=people,
        kind="review.carried_over",
        subject=_("Your approval was carried over to a new plan of “{draft}”").format(
            draft=draft.name
        ),
        text=_("The shop had moved. The new plan adds nothing and is within the shop's tolerance."),
        url=f"/portal/reviews/{draft.pk}",
        dedupe_key=f"{carried.pk}:carried_over",
    )


def carry_over_at_once(draft: Draft, actor: Actor) -> Draft:
    """With the preview, where the tenant wants that and nothing stands against it."""
    if draft.replanned_from_workflow_id is None or not queries.tolerance().is_automatic:
        return draft
    found = carry_over_of(draft)
    if found is None or not found.possible:
        return draft
    if not actor.has_perm("drafts.approve_by_carry_over", draft):
        return draft
    return approve_by_carry_over(draft_id=draft.pk, actor=actor, automatic=True)
