"""Runs as people ask for them: create, start, cancel, undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.ids import new_id
from core.lifecycle import moving, record
from core.scope import require_tenant_id
from stores.gateways import Outcome as Answer
from stores.gateways import gateway_for
from tenants.models import Tenant
from workflows import queries, tasks
from workflows.engine.batch import ToUndo
from workflows.engine.crash import crash_point
from workflows.models import Plan, Workflow
from workflows.services.freezes import require_free
from workflows.services.limiting import require_within_limits
from workflows.services.plans import make_plan
from workflows.states import Agent, RunState

FARTHEST = timedelta(days=366)


def create_workflow(
    *,
    plan: Plan,
    name: str,
    inputs: Mapping[str, Any],
    draft_id: str | None,
    actor: Actor,
    agent: str = Agent.DRAFT_CONVERTER,
    auto_execute: bool = True,
    run_at: datetime | None = None,
) -> Workflow:
    """The one run of a draft's plan; asked again, the same one. It starts after the commit, at
    ``run_at``, or, without ``auto_execute``, when somebody presses start."""
    if not actor.has_perm("workflows.create_workflow", plan):
        raise NotAllowed(perm="workflows.create_workflow")
    if plan.what_if is not None:
        raise Conflict(_("This plan is a what-if: it was made on a shop that is not there."))
    present = _present(plan, draft_id)
    if present is not None:
        return present
    require_within_limits(plan)
    due_at = due_time(auto_execute, run_at)
    if run_at is not None:
        require_free(plan.tenant_id, plan.workflow_type_id, run_at)
    run = Workflow(
        tenant_id=plan.tenant_id,
        plan=plan,
        draft_id=draft_id,
        workflow_type_id=plan.workflow_type_id,
        name=name,
        inputs=dict(inputs),
        created_by_id=actor.user_id,
        created_by_agent=agent,
        total=plan.change_count,
        due_at=due_at,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            data = {"plan_id": plan.pk, "fingerprint": plan.fingerprint, "changes": run.total}
            record("workflow.created", run, actor=actor, after=run.status, data=data)
    except IntegrityError:
        # Somebody was quicker by a moment: theirs is the run.
        return _present_or_conflict(plan, draft_id)
    if auto_execute and run_at is None:
        _publish(run)
    return run


def run_directly(
    *,
    actor: Actor,
    workflow_type_id: str,
    name: str,
    inputs: Mapping[str, Any] | None = None,
    auto_execute: bool = True,
    run_at: datetime | None = None,
) -> Workflow:
    """Plan and run without a draft or a review; only where the owner has switched that on."""
    tenant = Tenant.objects.get(pk=require_tenant_id())
    if not actor.has_perm("workflows.run_directly", tenant):
        raise NotAllowed(_("Runs without a draft are switched off here."))
    plan = make_plan(
        tenant_id=tenant.pk,
        workflow_type_id=workflow_type_id,
        inputs=inputs or {},
        draft_id=None,
        seed=new_id("direct"),
        actor=actor,
    )
    if plan.change_count == 0:
        raise Invalid({"inputs": [_("This would change nothing.")]})
    return create_workflow(
        plan=plan,
        name=name,
        inputs=plan.inputs,
        draft_id=None,
        actor=actor,
        agent=Agent.DIRECT,
        auto_execute=auto_execute,
        run_at=run_at,
    )


def due_time(auto_execute: bool, run_at: datetime | None) -> datetime | None:
    now = queries.database_now()
    if run_at is None:
        return now if auto_execute else None
    if run_at.tzinfo is None:
        raise Invalid({"run_at": [_("Say the time with its zone, like 2026-11-27T06:00:00Z.")]})
    if run_at > now + FARTHEST:
        raise Invalid({"run_at": [_("At most a year ahead.")]})
    return run_at


def _present(plan: Plan, draft_id: str | None) -> Workflow | None:
    asked = {"draft_id": draft_id} if draft_id else {"plan": plan}
    return Workflow.objects.filter(**asked).first()


def _present_or_conflict(plan: Plan, draft_id: str | None) -> Workflow:
    present = _present(plan, draft_id)
    if present is None:
        raise Conflict(_("This plan has been run already."))
    return present


def start_workflow(*, workflow_id: str, actor: Actor) -> Workflow:
    """Make a waiting run due now; also one that was to start later."""
    with moving(
        Workflow,
        workflow_id,
        actor=actor,
        perm="workflows.start_workflow",
        event="workflow.start_asked",
    ) as run:
        if run.status != RunState.PENDING:
            raise IllegalMove(_("This run has started already."), state=run.status)
        run.due_at = queries.database_now()
        run.nudged_at = run.held_until = None
        _publish(run)
    return run


def cancel_workflow(*, workflow_id: str, actor: Actor) -> Workflow:
    """Never starts, when it waits; stops after the present chunk, when it runs."""
    status = queries.run_for(actor, workflow_id).status
    event = "workflow.cancelled" if status == RunState.PENDING else "workflow.cancel_asked"
    with moving(
        Workflow, workflow_id, actor=actor, perm="workflows.cancel_workflow", event=event
    ) as run:
        if run.status == RunState.PENDING:
            run.mark_cancelled(queries.database_now())
        elif run.status == RunState.RUNNING:
            run.cancel_requested_at = run.cancel_requested_at or queries.database_now()
        else:
            raise IllegalMove(_("Only a waiting or running run can be stopped."), state=run.status)
    return run


def undo_workflow(*, workflow_id: str, actor: Actor) -> Workflow:
    """Put back what the run really changed; later edits by people are kept and listed."""
    with moving(
        Workflow,
        workflow_id,
        actor=actor,
        perm="workflows.undo_workflow",
        event="workflow.undo_started",
    ) as run:
        run.mark_undoing(queries.database_now())
        _publish(run)
    return run


@dataclass(frozen=True)
class UndoPreview:
    """``restorable`` changes would be put back, ``rows`` new rows taken away; ``kept`` stay."""

    restorable: int
    rows: int
    kept: list[Answer]


def preview_undo(run: Workflow) -> UndoPreview:
    """What an undo would find now; rows somebody has edited show only when it runs."""
    to_undo = ToUndo.of(run.plan_id, run.pk, 1, run.done)
    kept = gateway_for(run.tenant_id).drift(to_undo.inverse())
    rows = queries.creations(run.plan, up_to=run.done, leaving_out=to_undo.left_out)
    open_sets = run.done - len(to_undo.left_out) - rows
    return UndoPreview(open_sets - len(kept), rows, kept)


def may_start(run: Workflow, *, actor: Actor) -> bool:
    return run.status == RunState.PENDING and actor.has_perm("workflows.start_workflow", run)


def may_cancel(run: Workflow, *, actor: Actor) -> bool:
    open_to_it = run.status in (RunState.PENDING, RunState.RUNNING)
    asked = run.cancel_requested_at is not None
    return open_to_it and not asked and actor.has_perm("workflows.cancel_workflow", run)


def may_undo(run: Workflow, *, actor: Actor) -> bool:
    return can_proceed(run.mark_undoing) and actor.has_perm("workflows.undo_workflow", run)


def _publish(run: Workflow) -> None:
    ids = {"tenant_id": run.tenant_id, "workflow_id": run.pk}
    transaction.on_commit(partial(_send, **ids), robust=True)


def _send(**ids: str) -> None:
    crash_point("after_commit_before_publish")
    tasks.run_workflow.send(**ids)
