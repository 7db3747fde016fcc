"""A draft on the shop as it will be: after all that is approved or has a due time."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import DomainError, IllegalMove, NotAllowed
from core.lifecycle import locked
from drafts import tasks
from drafts.models import Approval, Draft, Foresight
from drafts.queries import visible_to
from drafts.states import DraftState
from stores.models import Variant
from tenants.actors import Person
from tenants.queries import membership
from workflows.models import Workflow
from workflows.services import Step, foresee_plan, keep_delta, validate_inputs
from workflows.states import RunState

INLINE_SHOP = 2_000
MOST_STEPS = 100


def foresee_draft(*, draft_id: str, actor: Actor) -> Foresight:
    """Ask for it: answered at once in a small shop, by a worker in a large one.

    Whoever asks sees what they may see: approved drafts hidden from them are left out and counted.
    """
    with transaction.atomic():
        draft = locked(visible_to(actor), draft_id)
        if not actor.has_perm("drafts.preview_draft", draft) or actor.user_id is None:
            raise NotAllowed(perm="drafts.preview_draft")
        if draft.is_final:
            raise IllegalMove(_("This draft is finished."), state=str(draft.status))
        validate_inputs(draft.workflow_type_id, draft.inputs)
        asked = _asked(draft, actor.user_id)
        if Variant.objects.order_by()[: INLINE_SHOP + 1].count() > INLINE_SHOP:
            tasks.foresee.publish(tenant_id=draft.tenant_id, foresight_id=asked.pk)
            return asked
    return _answer(asked, draft, actor)


def compute_foresight(*, foresight_id: str) -> bool:
    """The worker's half; False when nobody waits for it any more."""
    asked = Foresight.objects.select_related("draft", "asked_by").filter(pk=foresight_id).first()
    if asked is None or not asked.is_computing:
        return False
    place = membership(asked.asked_by, asked.tenant_id)
    role = place.role if place else ""
    actor = Person(user=asked.asked_by, tenant_id=asked.tenant_id, role=role)
    try:
        with transaction.atomic():
            _answer(asked, asked.draft, actor)
    except DomainError as refused:
        Foresight.objects.filter(pk=asked.pk).update(problem=str(refused))
    return True


def _asked(draft: Draft, user_id: str) -> Foresight:
    asked, _made = Foresight.objects.update_or_create(
        tenant_id=draft.tenant_id,
        draft=draft,
        asked_by_id=user_id,
        defaults={
            "asked_at": timezone.now(),
            "draft_version": draft.version,
            "plan_id": "",
            "problem": "",
            "hidden": 0,
        },
    )
    return asked


@transaction.atomic
def _answer(asked: Foresight, draft: Draft, actor: Actor) -> Foresight:
    steps, hidden = steps_before(draft, actor)
    plan = foresee_plan(
        steps=steps,
        tenant_id=draft.tenant_id,
        workflow_type_id=draft.workflow_type_id,
        inputs=draft.inputs,
        draft_id=draft.pk,
        seed=draft.seed or draft.pk,
        actor=actor,
    )
    if draft.plan is not None:
        keep_delta(earlier=draft.plan, plan=plan)
    asked.plan_id, asked.hidden = plan.pk, hidden
    asked.save()
    return asked


def steps_before(draft: Draft, actor: Actor) -> tuple[list[Step], int]:
    """What will have run, in order: under way, then by due time, then, without one, by the time
    of approval; and how many approved drafts the asker may not see."""
    seen = set(visible_to(actor).values_list("pk", flat=True))
    approved = list(_approved(draft))
    shown = [step for step in approved if step.facts["draft_id"] in seen]
    steps = [*_runs(draft), *shown][:MOST_STEPS]
    return steps, len(approved) - len(shown)


def _runs(draft: Draft) -> Iterator[Step]:
    under_way = Workflow.objects.filter(status=RunState.RUNNING).order_by("started_at", "pk")
    due = Workflow.objects.filter(status=RunState.PENDING, due_at__isnull=False)
    approvals = _approval_times()
    for run in under_way.select_related("plan"):
        yield _step_of(run, approvals)
    waiting = [run for run in due.select_related("plan") if run.draft_id != draft.pk]
    waiting.sort(key=lambda run: (run.due_at, approvals.get(run.plan_id, run.created_at), run.pk))
    for run in waiting:
        yield _step_of(run, approvals)


def _approval_times() -> dict[str, datetime]:
    rows = Approval.objects.filter(
        voided_at=None,
        draft__converted_to_workflow__status__in=[RunState.PENDING, RunState.RUNNING],
    )
    return dict(rows.values_list("plan_id", "created_at"))


def _step_of(run: Workflow, approvals: dict[str, datetime]) -> Step:
    approved_at = approvals.get(run.plan_id)
    facts = {
        "name": run.name,
        "draft_id": run.draft_id,
        "workflow_id": run.pk,
        "due_at": run.due_at.isoformat() if run.due_at else None,
        "approved_at": approved_at.isoformat() if approved_at else None,
    }
    return Step(run.plan, run.done, facts)


def _approved(draft: Draft) -> Iterator[Step]:
    rows = Approval.objects.filter(
        voided_at=None, draft__status=DraftState.APPROVED, plan_id=F("draft__plan_id")
    ).exclude(draft_id=draft.pk)
    for approval in rows.select_related("draft", "plan").order_by("created_at", "pk"):
        facts = {
            "name": approval.draft.name,
            "draft_id": approval.draft_id,
            "workflow_id": None,
            "due_at": None,
            "approved_at": approval.created_at.isoformat(),
        }
        yield Step(approval.plan, 0, facts)
