"""Which model writes for a tenant: its own, else the one of this installation, else none."""

import os
from dataclasses import dataclass

import structlog

from core.sealed import CannotOpen
from workflows.models.texts import MONTHLY_TOKENS, TEXTS_A_PLAN, TextModel

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``trusted`` addresses come from whoever runs the server and may be internal; those that a
    tenant typed are guarded on every call (``core.outbound``)."""

    url: str
    model: str
    key: str = ""
    trusted: bool = False
    monthly_tokens: int = MONTHLY_TOKENS
    texts_a_plan: int = TEXTS_A_PLAN


def endpoint_for(tenant_id: str) -> Endpoint | None:
    """A tenant that switched its own model off has none: it said that the rules write."""
    own = TextModel.objects.filter(tenant_id=tenant_id).first()
    if own is None:
        return configured()
    return own_endpoint(own) if own.is_active else None


def own_endpoint(own: TextModel) -> Endpoint | None:
    try:
        key = own.key
    except CannotOpen:
        log.warning("text_model_key_lost", tenant_id=own.tenant_id)
        return None
    return Endpoint(
        url=own.url,
        model=own.model,
        key=key,
        monthly_tokens=own.monthly_tokens,
        texts_a_plan=own.texts_a_plan,
    )


def configured() -> Endpoint | None:
    """The endpoint of this installation, or None: then the rules write."""
    url, model = os.environ.get("CODEX_LLM_URL", ""), os.environ.get("CODEX_LLM_MODEL", "")
    if not url or not model:
        return None
    return Endpoint(
        url=url.rstrip("/"),
        model=model,
        key=os.environ.get("CODEX_LLM_KEY", ""),
        trusted=True,
        monthly_tokens=int(os.environ.get("CODEX_LLM_MONTHLY_TOKENS", MONTHLY_TOKENS)),
        texts_a_plan=int(os.environ.get("CODEX_LLM_TEXTS_A_PLAN", TEXTS_A_PLAN)),
    )
