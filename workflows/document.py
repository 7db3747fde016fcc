"""Runs, changes and types as programs read them, the same from every endpoint."""

from datetime import datetime
from typing import Any

from workflows import queries, restraints
from workflows.models import PlannedChange, Workflow
from workflows.presentation import why_nothing_at_once
from workflows.queries import TypeRecord
from workflows.types.base import WorkflowType


def workflow_document(run: Workflow) -> dict[str, Any]:
    return {
        "id": run.pk,
        "tenant_id": run.tenant_id,
        "workflow_type_id": run.workflow_type_id,
        "draft_id": run.draft_id,
        "plan_id": run.plan_id,
        "name": run.name,
        "status": str(run.status),
        "inputs": run.inputs,
        "created_by_user_id": run.created_by_id,
        "created_by_agent": run.created_by_agent,
        "run_at": run.due_at,
        "held_until": run.held_until,
        "progress": {"done": run.done, "total": run.total},
        "results": {"applied": run.applied, "skipped": run.skipped},
        "undo": {"done": run.undo_done, "restored": run.restored, "kept": run.kept},
        "fidelity": float(run.fidelity) if run.fidelity is not None else None,
        "error": run.error,
        "error_reference": run.error_reference,
        "cancel_requested_at": run.cancel_requested_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "undo_finished_at": run.undo_finished_at,
        "created_at": run.created_at,
        "updated_at": run.updated_at,
    }


def detailed_document(run: Workflow) -> dict[str, Any]:
    """One run asked for by its id: also what it was meant to do."""
    return workflow_document(run) | {
        "next_free_slot": _next_free_slot(run),
        "plan": {
            "id": run.plan_id,
            "fingerprint": run.plan.fingerprint,
            "summary": run.plan.summary,
            "computed_at": run.plan.computed_at,
            "change_count": run.plan.change_count,
        },
    }


def _next_free_slot(run: Workflow) -> datetime | None:
    """When a waiting run may start, freezes considered; None when it waits for nothing more."""
    if not run.is_waiting:
        return None
    now = queries.database_now()
    at = max(now, run.due_at) if run.due_at else now
    return restraints.next_free_slot(run.tenant_id, run.workflow_type_id, at)


def change_document(change: PlannedChange) -> dict[str, Any]:
    """``change`` with the results of ``queries.changes_with_results``."""
    row: Any = change
    return {
        "id": change.pk,
        "position": change.position,
        "kind": change.kind,
        "entity": change.entity,
        "target_id": change.target_id,
        "label": change.label,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "note": change.note,
        "result": _result(row.apply_outcome, row.apply_found, row.apply_why, row.apply_reason),
        "drift": _result(row.drift_outcome, row.drift_found, row.drift_why, row.drift_reason),
        "undo": _result(row.undo_outcome, row.undo_found, row.undo_why, row.undo_reason),
    }


def _result(outcome: str | None, found: Any, why: str, reason: str) -> dict[str, Any] | None:
    """None while nothing has become of the change in that phase."""
    if outcome is None:
        return None
    return {"outcome": outcome, "why": why, "reason": reason, "found": found}


def type_document(kind: WorkflowType, record: TypeRecord) -> dict[str, Any]:
    return {
        "id": kind.id,
        "version": kind.version,
        "title": str(kind.title),
        "description": str(kind.description),
        "makes": str(kind.makes),
        "family": kind.family,
        "risk": kind.risk.value,
        "fidelity": None if record.fidelity is None else f"{record.fidelity:.6f}",
        "runs_counted": record.runs,
        "instant_run": record.is_good,
        "why_no_instant_run": why_nothing_at_once(record),
        "inputs_schema": kind.schema(),
    }
