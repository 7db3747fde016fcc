"""How endpoints, messages and wishes are answered by the API and shown on pages."""

from urllib.parse import urlsplit

from core.sealed import CannotOpen, unseal
from notifications.models import Attempt, Delivery, DigestTime, Endpoint, Preference
from notifications.states import EndpointKind, Group


def address_of(endpoint: Endpoint) -> str:
    """A webhook's address; of a chat channel its host alone, since its path is its password."""
    try:
        url = unseal(endpoint.sealed_url)
    except CannotOpen:
        return ""
    if endpoint.kind == EndpointKind.WEBHOOK:
        return url
    return f"https://{urlsplit(url).hostname or ''}/…"


def endpoint_document(endpoint: Endpoint) -> dict[str, object]:
    return {
        "id": endpoint.pk,
        "tenant_id": endpoint.tenant_id,
        "kind": endpoint.kind,
        "name": endpoint.name,
        "url": address_of(endpoint),
        "kinds": endpoint.kinds,
        "is_active": endpoint.is_active,
        "why_off": endpoint.why_off,
        "failures": endpoint.failures,
        "failing_since": endpoint.failing_since,
        "old_secret_until": endpoint.old_secret_until,
        "created_at": endpoint.created_at,
    }


def delivery_document(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.pk,
        "endpoint_id": delivery.endpoint_id,
        "message_id": delivery.occasion_id or delivery.pk,
        "kind": delivery.kind,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "next_attempt_at": delivery.due_at if delivery.state == "pending" else None,
        "sent_at": delivery.sent_at,
        "created_at": delivery.created_at,
        "calls": [_call(call) for call in delivery.calls.all()],
    }


def _call(call: Attempt) -> dict[str, object]:
    return {
        "number": call.number,
        "at": call.at,
        "milliseconds": call.milliseconds,
        "status": call.status,
        "problem": call.problem,
        "snippet": call.snippet,
    }


def preferences_document(wishes: dict[Group, Preference], digest: DigestTime) -> dict[str, object]:
    groups = {
        str(group): {"in_app": wish.in_app, "mail": str(wish.mail)}
        for group, wish in wishes.items()
    }
    return {"groups": groups, "digest": {"hour": digest.hour, "timezone": digest.timezone}}
