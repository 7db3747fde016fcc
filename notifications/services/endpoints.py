"""A shop's endpoints, kept by owners and admins. Addresses are checked typed and called."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import moving, record
from core.outbound import Refused, require_public
from core.scope import require_tenant_id
from core.sealed import seal
from notifications import queries
from notifications.kinds import OFFERED
from notifications.models import Endpoint
from notifications.payloads import new_secret
from notifications.states import EndpointKind

PERM = "notifications.manage_endpoints"
MOST = 20
OVERLAP = timedelta(hours=24)
KNOWN = frozenset(kind for kind, _label in OFFERED)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """The endpoint and its signing key, which is shown this once."""

    endpoint: Endpoint
    secret: str


@transaction.atomic
def create_endpoint(
    *, actor: Actor, kind: str, name: str, url: str, kinds: Iterable[str] = ()
) -> NewSecret:
    """``kinds`` empty: every kind, those of later versions too."""
    tenant_id = require_tenant_id()
    chosen = sorted(set(kinds))
    _require(actor, Endpoint(tenant_id=tenant_id))
    _check(kind=kind, name=name, url=url, kinds=chosen)
    if queries.endpoints().count() >= MOST:
        raise Conflict(_("A shop can have {most} endpoints.").format(most=MOST))
    secret = new_secret() if kind == EndpointKind.WEBHOOK else ""
    endpoint = Endpoint(
        tenant_id=tenant_id,
        kind=kind,
        name=name.strip(),
        sealed_url=seal(url),
        kinds=chosen,
        sealed_secret=seal(secret) if secret else "",
        created_by_id=actor.user_id,
    )
    endpoint.save(force_insert=True)
    record("endpoint.created", endpoint, actor=actor, data={"name": endpoint.name, "kinds": chosen})
    return NewSecret(endpoint, secret)


def update_endpoint(
    *,
    endpoint_id: str,
    actor: Actor,
    name: str | None = None,
    url: str | None = None,
    kinds: Iterable[str] | None = None,
    is_active: bool | None = None,
) -> Endpoint:
    """What is not given stays. Switched on again, an endpoint starts with a clean slate."""
    data: dict[str, object] = {}
    with _changing(endpoint_id, actor, "endpoint.changed", data) as endpoint:
        before = (endpoint.name, endpoint.kinds, endpoint.is_active)
        endpoint.name = endpoint.name if name is None else name.strip()
        endpoint.kinds = endpoint.kinds if kinds is None else sorted(set(kinds))
        _check(kind=endpoint.kind, name=endpoint.name, url=url, kinds=endpoint.kinds)
        if url is not None:
            endpoint.sealed_url = seal(url)
            data["url"] = "changed"
        if is_active is not None:
            _switch(endpoint, on=is_active)
        after = (endpoint.name, endpoint.kinds, endpoint.is_active)
        for key, was, now in zip(("name", "kinds", "is_active"), before, after, strict=True):
            if was != now:
                data[key] = {"before": was, "after": now}
    return endpoint


def rotate_secret(*, endpoint_id: str, actor: Actor) -> NewSecret:
    """A new key at once; for a day every message carries signatures of both."""
    secret = new_secret()
    with _changing(endpoint_id, actor, "endpoint.secret_rotated", {}) as endpoint:
        if endpoint.kind != EndpointKind.WEBHOOK:
            raise Conflict(_("Only webhooks are signed."))
        endpoint.sealed_old_secret = endpoint.sealed_secret
        endpoint.old_secret_until = timezone.now() + OVERLAP
        endpoint.sealed_secret = seal(secret)
    return NewSecret(endpoint, secret)


def remove_endpoint(*, endpoint_id: str, actor: Actor) -> None:
    """Nothing is sent any more; its log stays for the audit, its address and keys do not."""
    with _changing(endpoint_id, actor, "endpoint.removed", {}) as endpoint:
        endpoint.removed_at = timezone.now()
        endpoint.is_active, endpoint.why_off = False, _("Removed.")
        endpoint.sealed_url, endpoint.sealed_old_secret = seal(""), ""
        endpoint.sealed_secret = seal("") if endpoint.sealed_secret else ""


def _changing(
    endpoint_id: str, actor: Actor, event: str, data: dict[str, object]
) -> AbstractContextManager[Endpoint]:
    return moving(queries.endpoints(), endpoint_id, actor=actor, perm=PERM, event=event, data=data)


def _switch(endpoint: Endpoint, *, on: bool) -> None:
    endpoint.is_active = on
    endpoint.why_off = "" if on else _("Switched off.")
    if on:
        endpoint.failing_since, endpoint.failures = None, 0


def _require(actor: Actor, endpoint: Endpoint) -> None:
    if not actor.has_perm(PERM, endpoint):
        raise NotAllowed(perm=PERM)


def _check(*, kind: str, name: str, url: str | None, kinds: list[str]) -> None:
    errors: dict[str, list[object]] = {}
    if kind not in EndpointKind.values:
        errors["kind"] = [_("Choose webhook or chat.")]
    if not name.strip() or len(name) > 100:
        errors["name"] = [_("A name of at most 100 letters.")]
    if unknown := sorted(set(kinds) - KNOWN):
        errors["kinds"] = [_("Unknown: {names}.").format(names=", ".join(unknown))]
    if url is not None and (problem := _problem(url)):
        errors["url"] = [problem]
    if errors:
        raise Invalid(errors)


def _problem(url: str) -> str:
    try:
        require_public(url)
    except Refused as refused:
        return str(refused)
    return ""
