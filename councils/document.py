"""Councils and reviews as programs read them."""

from typing import Any

from councils.models import Council, ReviewEntry, RoutingRule, Verdict
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
        "approval_days": council.approval_days,
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
    return {
        "id": rule.pk,
        "tenant_id": rule.tenant_id,
        "position": rule.position,
        "name": rule.name,
        "family": rule.family,
        "workflow_type_id": rule.workflow_type_id,
        "council_id": rule.council_id,
    }


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.pk,
        "user_id": verdict.user_id,
        "user_name": str(verdict.user),
        "decision": verdict.decision,
        "comment": verdict.comment,
        "seat": verdict.seat.name if verdict.seat else None,
        "revision": verdict.revision_number,
        "created_at": verdict.created_at,
        "taken_back_at": verdict.taken_back_at,
    }
