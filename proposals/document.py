"""The proposal as programs read it, the same from every endpoint that answers one."""

from typing import Any

from proposals.models import Proposal


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.pk,
        "tenant_id": proposal.tenant_id,
        "workflow_type_id": proposal.workflow_type_id,
        "title": proposal.title,
        "description": proposal.description,
        "reasoning": proposal.reasoning,
        "confidence_score": proposal.confidence_score,
        "based_on": proposal.based_on,
        "expected_impact": proposal.expected_impact,
        "suggested_inputs": proposal.suggested_inputs,
        "priority": proposal.priority,
        "status": str(proposal.status),
        "expires_at": proposal.expires_at,
        "snoozed_until": proposal.snoozed_until,
        "created_draft_id": proposal.created_draft_id,
        "detector": proposal.detector,
        "detector_version": proposal.detector_version,
        "suppression_key": proposal.suppression_key,
        "rank": proposal.rank,
        "follows_proposal_id": proposal.follows_id,
        "template_id": proposal.template_id,
        "decided_by_user_id": proposal.decided_by_id,
        "decided_at": proposal.decided_at,
        "created_at": proposal.created_at,
        "updated_at": proposal.updated_at,
    }


def described(proposal_id: str) -> dict[str, Any] | None:
    """For the draft that came from it; None when it is not to be seen here."""
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        return None
    wanted = ("id", "title", "description", "reasoning", "confidence_score", "priority", "status")
    whole = proposal_document(proposal)
    return {name: whole[name] for name in (*wanted, "expected_impact", "created_at")}
