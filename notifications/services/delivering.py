"""What happened, sent to the shop's endpoints: claimed, called outside any transaction, logged."""

import time
from dataclasses import dataclass
from datetime import timedelta
from random import uniform

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, NotAllowed
from core.lifecycle import record
from core.outbound import Answer, Patience, Refused, Unreachable, send
from core.scope import scope
from core.sealed import CannotOpen, unseal
from notifications import payloads, queries, tasks
from notifications.models import Attempt, Delivery, Endpoint, Occasion
from notifications.models.outbox import claim
from notifications.services.failing import note_failure, note_success
from notifications.states import EndpointKind, Sending

PATIENCE = Patience(connect=5, total=10, largest=4_096)
# Seconds before the next try; after the last one it is given up: a day and a half in all.
WAITS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400)
LONGEST_WISH = 3_600
SNIPPET = 500
OK = range(200, 300)
GONE = 410


@dataclass(frozen=True, slots=True)
class Call:
    """Everything a call needs, read in the claiming transaction."""

    delivery: Delivery
    endpoint: Endpoint
    url: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    milliseconds: int
    status: int | None = None
    problem: str = ""
    snippet: str = ""
    wish: int = 0  # seconds the other side asks us to wait
    refused: bool = False

    @property
    def went_well(self) -> bool:
        return self.status is not None and self.status in OK


def spread(*, tenant_id: str, occasion_id: str) -> int:
    """One delivery for every endpoint that wants this kind; once, however often it is called."""
    with scope(tenant_id=tenant_id):
        rows = Occasion.objects.select_for_update().filter(pk=occasion_id, spread_at=None)
        occasion = rows.first()
        if occasion is None:
            return 0
        active = queries.endpoints().filter(is_active=True)
        made = [_delivery(one, occasion) for one in active if _wants(one, occasion)]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        rows.update(spread_at=Now())
        for delivery in made:
            tasks.deliver.publish(tenant_id=tenant_id, delivery_id=delivery.pk)
    return len(made)


def _wants(endpoint: Endpoint, occasion: Occasion) -> bool:
    """An endpoint made later is not told of what was before it."""
    if endpoint.created_at > occasion.created_at:
        return False
    return not endpoint.kinds or occasion.kind in endpoint.kinds


def _delivery(endpoint: Endpoint, occasion: Occasion) -> Delivery:
    chat = endpoint.kind == EndpointKind.CHAT
    return Delivery(
        tenant_id=endpoint.tenant_id,
        endpoint=endpoint,
        occasion=occasion,
        kind=occasion.kind,
        body=payloads.chat_body(occasion) if chat else payloads.webhook_body(occasion),
    )


def deliver(*, tenant_id: str, delivery_id: str) -> bool:
    """One attempt; True when the other side took it."""
    with scope(tenant_id=tenant_id):
        call = _claimed(delivery_id)
    if call is None:
        return False
    outcome = _called(call)
    with scope(tenant_id=tenant_id):
        _finish(call, outcome)
    return outcome.went_well


def _claimed(delivery_id: str) -> Call | None:
    rows = Delivery.objects.all()
    if not claim(rows, delivery_id):
        return None
    delivery = rows.select_related("endpoint").get(pk=delivery_id)
    endpoint = delivery.endpoint
    if not endpoint.is_active:
        _give_up(delivery, endpoint.why_off or _("The endpoint is off."))
        return None
    try:
        return Call(delivery, endpoint, unseal(endpoint.sealed_url), _headers(delivery, endpoint))
    except CannotOpen:
        _give_up(delivery, _("The key of this installation has changed; give the address anew."))
        return None


def _headers(delivery: Delivery, endpoint: Endpoint) -> dict[str, str]:
    if endpoint.kind == EndpointKind.CHAT:
        return {"Content-Type": "application/json", "User-Agent": "Codex-Webhooks/1"}
    now = timezone.now()
    keys = [unseal(endpoint.sealed_secret)]
    if endpoint.sealed_old_secret and endpoint.old_secret_until and endpoint.old_secret_until > now:
        keys.append(unseal(endpoint.sealed_old_secret))
    message_id = str(delivery.occasion_id or delivery.pk)
    return payloads.signed_headers(message_id, delivery.body, keys, now)


def _called(call: Call) -> Outcome:
    begun = time.monotonic()

    def taken() -> int:
        return round((time.monotonic() - begun) * 1000)

    try:
        answer = send(
            "POST",
            call.url,
            content=call.delivery.body.encode(),
            headers=call.headers,
            patience=PATIENCE,
        )
    except Refused as refused:
        return Outcome(taken(), problem=str(refused), refused=True)
    except Unreachable as fault:
        return Outcome(taken(), problem=str(fault))
    return Outcome(taken(), status=answer.status, snippet=_snippet(answer), wish=_wish(answer))


def _snippet(answer: Answer) -> str:
    """As text that a page and a column can hold."""
    text = answer.content.decode("utf-8", "replace")[:SNIPPET]
    return "".join(letter if letter.isprintable() or letter == "\n" else "·" for letter in text)


def _wish(answer: Answer) -> int:
    asked = answer.headers.get("retry-after", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 9
    return min(int(asked), LONGEST_WISH) if known else 0


def _finish(call: Call, outcome: Outcome) -> None:
    delivery = call.delivery
    Attempt.objects.create(
        tenant_id=delivery.tenant_id,
        delivery=delivery,
        number=delivery.attempts,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        problem=outcome.problem,
        snippet=outcome.snippet,
    )
    if outcome.went_well:
        _settle(delivery, outcome, state=Sending.SENT, sent_at=timezone.now(), last_error="")
        note_success(call.endpoint.pk)
        return
    problem = outcome.problem or _("It answered {status}.").format(status=outcome.status)
    if outcome.status == GONE or outcome.refused or delivery.tries >= len(WAITS):
        _settle(delivery, outcome, state=Sending.FAILED, last_error=problem)
    else:
        wait = max(WAITS[delivery.tries] * uniform(0.9, 1.3), outcome.wish)  # noqa: S311 -- jitter
        due = timezone.now() + timedelta(seconds=wait)
        _settle(delivery, outcome, due_at=due, last_error=problem, tries=F("tries") + 1)
    note_failure(call.endpoint.pk, problem, gone=outcome.status == GONE)


def _settle(delivery: Delivery, outcome: Outcome, **facts: object) -> None:
    """Only by the attempt that holds the claim."""
    held = Delivery.objects.filter(
        pk=delivery.pk, state=Sending.PENDING, attempts=delivery.attempts
    )
    held.update(last_status=outcome.status, **facts)


def _give_up(delivery: Delivery, why: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=Sending.FAILED, last_error=why[:300])


@transaction.atomic
def replay(*, delivery_id: str, actor: Actor) -> Delivery:
    """Send the same message again, with its id: the other side knows whether it has had it."""
    delivery = queries.delivery(delivery_id)
    _require(actor, delivery.endpoint)
    fresh = Delivery.objects.filter(pk=delivery.pk).exclude(state=Sending.PENDING)
    if not fresh.update(state=Sending.PENDING, due_at=Now(), tries=0, sent_at=None, last_error=""):
        raise Conflict(_("It is on its way already."))
    record("delivery.replayed", delivery.endpoint, actor=actor, data={"delivery_id": delivery.pk})
    tasks.deliver.publish(tenant_id=delivery.tenant_id, delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def ping(*, endpoint_id: str, actor: Actor) -> Delivery:
    """A test message, sent and logged like any other."""
    endpoint = queries.endpoint(endpoint_id)
    _require(actor, endpoint)
    if not endpoint.is_active:
        raise Conflict(_("It is switched off."))
    chat = endpoint.kind == EndpointKind.CHAT
    body = payloads.chat_ping() if chat else payloads.ping_body(endpoint.tenant_id, timezone.now())
    delivery = Delivery.objects.create(
        tenant_id=endpoint.tenant_id, endpoint=endpoint, kind=payloads.PING, body=body
    )
    record("endpoint.pinged", endpoint, actor=actor)
    tasks.deliver.publish(tenant_id=endpoint.tenant_id, delivery_id=delivery.pk)
    return delivery


def _require(actor: Actor, endpoint: Endpoint) -> None:
    if not actor.has_perm("notifications.manage_endpoints", endpoint):
        raise NotAllowed(perm="notifications.manage_endpoints")
