"""Councils and reviews as programs read them."""

from dataclasses import asdict
from typing import Any

from councils.matching import Facts, Trial
from councils.models import (
    AfterReview,
    Council,
    Delegation,
    Guest,
    PolicyVersion,
    ReviewEntry,
    ReviewRound,
    RoutingRule,
    Verdict,
)
from councils.policy import rule_story
from councils.services import Attention


def attention_document(attention: Attention) -> dict[str, Any]:
    return {
        "items": [
            {"item": item.key, "title": item.title, "rows": item.count, "opened_at": opened_at}
            for item, opened_at in attention.items
        ],
        "total": len(attention.items),
        "opened": attention.opened,
    }


SETTINGS = (
    "approval_days",
    "is_choosable",
    "assignee_only",
    "hours_urgent",
    "hours_high",
    "hours_normal",
    "hours_low",
    "claim_minutes",
    "after_review_hours",
)


def guest_document(guest: Guest) -> dict[str, Any]:
    """Without the link: that is its address's alone."""
    return {
        "id": guest.pk,
        "email": guest.email,
        "invited_by_user_id": guest.invited_by_id,
        "created_at": guest.created_at,
        "expires_at": guest.expires_at,
        "revoked_at": guest.revoked_at,
        "is_open": guest.is_open,
        "advice": [
            {
                "stance": one.stance,
                "text": one.text,
                "revision": one.revision_number,
                "created_at": one.created_at,
            }
            for one in guest.advice.all()
        ],
    }


def entry_document(entry: ReviewEntry, actor) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "draft_id": entry.draft_id,
        "tenant_id": entry.tenant_id,
        "tenant_name": entry.tenant_name,
        "council_id": entry.council_id,
        "council_name": entry.council_name,
        "state": entry.state,
        "name": entry.name,
        "workflow_type_id": entry.workflow_type_id,
        "author_user_id": entry.author_id,
        "author_name": entry.author_name,
        "revision": entry.revision_number,
        "effect": entry.effect,
        "risk": entry.risk,
        "facts": entry.facts,
        "further_council_ids": entry.further_council_ids,
        "priority": entry.priority,
        "due_at": entry.due_at,
        "escalated_at": entry.escalated_at,
        "claimed_by_user_id": entry.claimed_by_id or None,
        "claimed_until": entry.claimed_until,
        "seats": entry.seats,
        "your_turn": actor.user_id in entry.waiting_for,
        "you_spoke": actor.user_id in entry.spoke,
        "opened_at": entry.opened_at,
        "closed_at": entry.closed_at,
    }


def council_document(council: Council) -> dict[str, Any]:
    return {
        "id": council.pk,
        "tenant_id": council.tenant_id,
        "name": council.name,
        "description": council.description,
        "is_active": council.is_active,
        **{name: getattr(council, name) for name in SETTINGS},
        "escalates_to": council.escalates_to_id,
        "seats": [
            {
                "id": seat.pk,
                "name": seat.name,
                "needed": seat.needed,
                "stage": seat.stage,
                "roles": seat.roles,
                "user_ids": [held.user_id for held in seat.holders.all()],
            }
            for seat in council.seats.all()
        ],
        "created_at": council.created_at,
        "updated_at": council.updated_at,
    }


def rule_document(rule: RoutingRule) -> dict[str, Any]:
    story = rule_story(rule)
    return {
        "id": rule.pk,
        "tenant_id": rule.tenant_id,
        "position": rule.position,
        **story,
        "council_id": rule.council_id,
    }


def facts_document(facts: Facts) -> dict[str, Any]:
    """What was known; ``null`` for a figure nobody knows."""
    return asdict(facts)


def trial_document(trial: Trial) -> dict[str, Any]:
    return {
        "number": trial.number,
        "rule_id": trial.rule.pk,
        "name": trial.rule.name,
        "outcome": trial.outcome,
        "checks": [{"text": check.text, "fits": check.fits} for check in trial.checks],
        "council_ids": [council.pk for council in trial.rule.councils],
    }


def policy_document(version: PolicyVersion, changes: list[str]) -> dict[str, Any]:
    return {
        "number": version.number,
        "made_by": version.made_by_label,
        "made_by_user_id": version.made_by_id,
        "at": version.at,
        "changes": changes,
    }


def round_document(round_: ReviewRound) -> dict[str, Any]:
    """What time, people and policy have to do with a review."""
    return {
        "further_council_ids": round_.further_council_ids,
        "policy": round_.policy_number,
        "priority": round_.priority,
        "due_at": round_.due_at,
        "escalated_at": round_.escalated_at,
        "claimed_by_user_id": round_.claimed_by_id,
        "claimed_until": round_.claimed_until,
        "assignee_ids": round_.assignee_ids,
    }


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.pk,
        "user_id": verdict.user_id,
        "user_name": str(verdict.user),
        "on_behalf_of_user_id": verdict.on_behalf_of_id,
        "on_behalf_of_name": str(verdict.on_behalf_of) if verdict.on_behalf_of else None,
        "policy": verdict.policy_number,
        "decision": verdict.decision,
        "comment": verdict.comment,
        "seat": verdict.seat.name if verdict.seat else None,
        "revision": verdict.revision_number,
        "created_at": verdict.created_at,
        "taken_back_at": verdict.taken_back_at,
        "voided_why": verdict.voided_why,
    }


def delegation_document(made: Delegation) -> dict[str, Any]:
    return {
        "id": made.pk,
        "from_user_id": made.from_user_id,
        "to_user_id": made.to_user_id,
        "starts_at": made.starts_at,
        "ends_at": made.ends_at,
        "reason": made.reason,
        "made_by_user_id": made.made_by_id,
        "ended_at": made.ended_at,
    }


def after_document(after: AfterReview) -> dict[str, Any]:
    return {
        "id": after.pk,
        "draft_id": after.draft_id,
        "council_id": after.council_id,
        "state": after.state,
        "broken_by_user_id": after.broken_by_id,
        "reason": after.reason,
        "fingerprint": after.fingerprint,
        "policy": after.policy_number,
        "reviewer_ids": after.reviewer_ids,
        "opened_at": after.opened_at,
        "due_at": after.due_at,
        "escalated_at": after.escalated_at,
        "closed_at": after.closed_at,
        "closed_by_user_id": after.closed_by_id,
        "text": after.text,
    }
