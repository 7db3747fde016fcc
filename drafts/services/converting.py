"""From an approved draft to a workflow: once, and only what was approved."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import locked, moving
from drafts.gates import try_gates
from drafts.models import Approval, Draft
from drafts.queries import is_live, live_approval, visible_to
from drafts.states import DraftState
from workflows.models import Workflow
from workflows.services import create_workflow, stored_fingerprint


@transaction.atomic
def convert_draft(
    *, draft_id: str, actor: Actor, auto_execute: bool = True, run_at: datetime | None = None
) -> tuple[Draft, Workflow, bool]:
    """The draft, its workflow, and whether this call made it.

    A hundred simultaneous calls make one workflow: the row lock queues them, and whoever comes
    after the first is given the same workflow. The approval has to be live and of exactly the
    plan that is stored; the fingerprint is computed again from the stored changes.
    """
    _check_time(run_at, auto_execute)
    draft = locked(visible_to(actor), draft_id)
    if draft.status == DraftState.CONVERTED:
        return draft, _its_workflow(draft, actor), False
    if draft.is_editing:
        try_gates(draft, actor)
    data: dict[str, object] = {}
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.convert_draft",
        event="draft.converted",
        data=data,
    ) as draft:
        _require_approved(draft)
        approval = _usable_approval(draft)
        workflow = create_workflow(
            plan=draft.plan,
            name=draft.name,
            inputs=draft.inputs,
            draft_id=draft.pk,
            actor=actor,
            auto_execute=auto_execute,
            run_at=run_at,
        )
        draft.mark_converted(workflow.pk)
        data |= {
            "workflow_id": workflow.pk,
            "approval_id": approval.pk,
            "fingerprint": approval.fingerprint,
            "auto_execute": auto_execute,
            "run_at": run_at.isoformat() if run_at else None,
        }
    return draft, workflow, True


def _require_approved(draft: Draft) -> None:
    # Asked before the approval is, so that a draft never submitted is told what it lacks.
    if draft.status != DraftState.APPROVED:
        draft.mark_converted("")


def _usable_approval(draft: Draft) -> Approval:
    approval = live_approval(draft)
    if approval is None or not is_live(approval):
        raise Conflict(_("The approval has expired. Reopen the draft and submit it again."))
    if draft.plan is None or stored_fingerprint(draft.plan) != approval.fingerprint:
        raise Conflict(_("The stored plan is not the one that was approved. Nothing was run."))
    return approval


def _its_workflow(draft: Draft, actor: Actor) -> Workflow:
    if not actor.has_perm("drafts.convert_draft", draft):
        raise NotAllowed(perm="drafts.convert_draft")
    return Workflow.objects.get(pk=draft.converted_to_workflow_id)


def _check_time(run_at: datetime | None, auto_execute: bool) -> None:
    if run_at is None:
        return
    if timezone.is_naive(run_at):
        raise Invalid({"run_at": [_("Say the time zone, for example 2026-11-24T06:30:00Z.")]})
    if run_at <= timezone.now():
        raise Invalid({"run_at": [_("This time is over. Choose a later one, or run now.")]})
    if not auto_execute:
        raise Invalid({"run_at": [_("A run that waits for its start cannot have a time as well.")]})
