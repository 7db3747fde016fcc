"""The draft as programs read it, the same from every endpoint that answers one."""

import json
from collections.abc import Callable
from typing import Any

from drafts import queries
from drafts.clashing import Conflict
from drafts.models import Approval, Comment, Draft, DraftShare, Foresight, Revision, Tolerance
from drafts.services.carrying import CarryOver
from workflows.models import DeltaRow, Plan, PlanDelta, PlannedChange
from workflows.planning.clashes import Clash

# What is known about a draft's template or proposal; higher floors register their reader.
describers: dict[str, Callable[[str], dict[str, Any] | None]] = {}


def draft_document(draft: Draft) -> dict[str, Any]:
    plan = draft.plan
    return {
        "id": draft.pk,
        "tenant_id": draft.tenant_id,
        "created_by_user_id": draft.created_by_id,
        "updated_by_user_id": draft.updated_by_id,
        "workflow_type_id": draft.workflow_type_id,
        "name": draft.name,
        "purpose": draft.purpose,
        "status": str(draft.status),
        "version": draft.version,
        "inputs": draft.inputs,
        "preview_data": _preview_data(draft),
        "preview_state": draft.preview_state,
        "assigned_council_id": draft.assigned_council_id,
        "submitted_at": draft.submitted_at,
        "reviewed_by_user_id": draft.reviewed_by_id,
        "reviewed_at": draft.reviewed_at,
        "review_comment": draft.review_comment,
        "created_from_template_id": draft.created_from_template_id,
        "created_from_proposal_id": draft.created_from_proposal_id,
        "replanned_from_workflow_id": draft.replanned_from_workflow_id,
        "converted_to_workflow_id": draft.converted_to_workflow_id,
        "plan": plan_summary(plan) if plan else None,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
    }


def detailed_document(draft: Draft, moves: frozenset[str]) -> dict[str, Any]:
    """One draft asked for by its id: where it came from, its approval, what the asker may do."""
    approval = queries.live_approval(draft)
    return draft_document(draft) | {
        "template": _described("template", draft.created_from_template_id),
        "proposal": _described("proposal", draft.created_from_proposal_id),
        "approval": approval_document(approval) if approval else None,
        "moves": sorted(moves),
    }


def plan_summary(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "fingerprint": plan.fingerprint,
        "summary": plan.summary,
        "computed_at": plan.computed_at,
        "change_count": plan.change_count,
    }


def plan_document(plan: Plan) -> dict[str, Any]:
    return plan_summary(plan) | {
        "draft_id": plan.draft_id,
        "workflow_type_id": plan.workflow_type_id,
        "type_version": plan.type_version,
        "inputs": plan.inputs,
    }


def change_document(change: PlannedChange) -> dict[str, Any]:
    """A change as planned; what became of it is told by the run."""
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
    }


def delta_document(delta: PlanDelta) -> dict[str, Any]:
    """How two plans differ: ``counts`` of rows, ``totals`` as pairs of then and now."""
    return {
        "earlier_plan_id": delta.earlier_id,
        "plan_id": delta.plan_id,
        "counts": delta.counts,
        "totals": delta.totals,
        "computed_at": delta.computed_at,
    }


def difference_document(row: DeltaRow) -> dict[str, Any]:
    return {
        "difference": row.difference,
        "kind": row.kind,
        "entity": row.entity,
        "target_id": row.target_id,
        "label": row.label,
        "field": row.field,
        "was_before": row.was_before,
        "was_after": row.was_after,
        "before": row.before,
        "after": row.after,
    }


def carry_over_document(found: CarryOver) -> dict[str, Any]:
    return {
        "possible": found.possible,
        "approval_id": found.approval.pk,
        "until": found.approval.until,
        "conditions": [
            {"text": one.text, "holds": one.holds, "found": one.meta} for one in found.conditions
        ],
    }


def tolerance_document(held: Tolerance) -> dict[str, Any]:
    return {
        "is_on": held.is_on,
        "is_automatic": held.is_automatic,
        "items_percent": f"{held.items_percent:.2f}",
        "value_percent": f"{held.value_percent:.2f}",
        "money_percent": f"{held.money_percent:.2f}",
    }


def foresight_document(asked: Foresight, plan: Plan | None) -> dict[str, Any]:
    """``steps`` in the order they would run; ``hidden`` approved drafts are not among them."""
    steps = plan.what_if["steps"] if plan and plan.what_if else []
    return {
        "draft_id": asked.draft_id,
        "asked_at": asked.asked_at,
        "is_computing": asked.is_computing,
        "problem": asked.problem,
        "hidden": asked.hidden,
        "steps": steps,
        "plan": plan_summary(plan) | {"is_what_if": True} if plan else None,
    }


def conflict_document(found: Conflict) -> dict[str, Any]:
    """``with`` is null for what the asker may not see: then only things and fields are told, and
    ``count`` is the least there are."""
    rival = found.rival
    return {
        "with": {
            "draft_id": rival.draft_id or None,
            "workflow_id": rival.workflow_id or None,
            "name": rival.name,
            "status": rival.status,
            "author": rival.author,
            "due_at": rival.due_at,
        }
        if rival
        else None,
        "count": found.count,
        "changes": [clash_document(clash, known=rival is not None) for clash in found.first],
    }


def clash_document(clash: Clash, *, known: bool) -> dict[str, Any]:
    told = {
        "position": clash.position,
        "entity": clash.entity,
        "target_id": clash.target_id,
        "field": clash.field,
        "label": clash.label,
    }
    if not known:
        return told
    values = {"before": clash.before, "after": clash.after, "other_after": clash.other_after}
    return told | {
        name: None if text is None else json.loads(text) for name, text in values.items()
    }


def revision_document(revision: Revision) -> dict[str, Any]:
    return {
        "id": revision.pk,
        "draft_id": revision.draft_id,
        "number": revision.number,
        "name": revision.name,
        "purpose": revision.purpose,
        "workflow_type_id": revision.workflow_type_id,
        "inputs": revision.inputs,
        "fingerprint": revision.fingerprint,
        "plan_id": revision.plan_id,
        "note": revision.note,
        "submitted_by_user_id": revision.submitted_by_id,
        "created_at": revision.created_at,
    }


def approval_document(approval: Approval) -> dict[str, Any]:
    return {
        "id": approval.pk,
        "kind": approval.kind,
        "fingerprint": approval.fingerprint,
        "council_id": approval.council_id,
        "standing_approval_id": approval.standing_approval_id,
        "approved_by_user_id": approval.approved_by_id,
        "until": approval.until,
    }


def comment_document(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "draft_id": comment.draft_id,
        "parent_id": comment.parent_id,
        "author_user_id": comment.author_id,
        "author_name": str(comment.author),
        "text": comment.text,
        "field": comment.field,
        "planned_change_id": comment.planned_change_id,
        "about": comment.about,
        "mentions": list(comment.mentioned),
        "revision": comment.revision_number,
        "created_at": comment.created_at,
        "resolved_at": comment.resolved_at,
        "resolved_by_user_id": comment.resolved_by_id,
    }


def share_document(share: DraftShare) -> dict[str, Any]:
    return {
        "draft_id": share.draft_id,
        "user_id": share.user_id,
        "may_edit": share.may_edit,
        "shared_by_user_id": share.shared_by_id,
        "created_at": share.created_at,
    }


def event_document(event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "kind": event.kind,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "actor_id": event.actor_id,
        "actor_label": event.actor_label,
        "before": event.before,
        "after": event.after,
        "data": event.data,
        "at": event.at,
    }


def etag_of(draft: Draft) -> str:
    """Another one after every save of the draft, whoever saves it."""
    return f'"{draft.version}-{int(draft.updated_at.timestamp() * 1_000_000):x}"'


def _preview_data(draft: Draft) -> Any:
    """The author's note when one was sent; otherwise what the plan says of itself."""
    if draft.preview_data is not None:
        return draft.preview_data
    return draft.plan.summary if draft.plan else None


def _described(kind: str, key: str | None) -> dict[str, Any] | None:
    if not key:
        return None
    reader = describers.get(kind)
    return (reader(key) if reader else None) or {"id": key}
