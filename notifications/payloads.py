"""What programs and chat channels are sent (docs/webhooks.md), and how it is signed."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from standardwebhooks.webhooks import Webhook

from core.canonical import canonical_json
from notifications.models import Occasion

SECRET_BYTES = 32
CHAT_LIMIT = 2_900  # a section of Slack's holds 3,000 letters
SHOWN_CHANGES = 5
PING = "ping"


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def signed_headers(message_id: str, body: str, keys: Iterable[str], at: datetime) -> dict[str, str]:
    """Standard Webhooks: one signature a key, so that old and new hold while keys are changed."""
    signatures = [Webhook(key).sign(message_id, at, body) for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Codex-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def webhook_body(occasion: Occasion) -> str:
    return _body(occasion.kind, occasion.created_at, occasion.tenant_id, _data_of(occasion))


def ping_body(tenant_id: str, at: datetime) -> str:
    return _body(PING, at, tenant_id, {"subject": _("A test from Codex"), "text": "", "url": ""})


def _body(kind: str, at: datetime, tenant_id: str, data: Mapping[str, Any]) -> str:
    payload = {"type": kind, "timestamp": at, "data": {"tenant_id": tenant_id, **data}}
    return canonical_json(payload).decode()


def _data_of(occasion: Occasion) -> dict[str, Any]:
    return {
        "id": occasion.pk,
        "subject": occasion.subject,
        "text": occasion.text,
        "url": _absolute(occasion.url),
        "details": occasion.details,
    }


def chat_body(occasion: Occasion) -> str:
    """Block Kit, in plain text alone: nothing a tenant typed formats, links or calls anybody."""
    details = occasion.details
    said = occasion.text or str(details.get("effect", ""))
    comment = details.get("comment") or {}
    lines = [str(comment.get("text") or said), *_figures(details), *_changes(details)]
    blocks = [_section(occasion.subject), *(_section(line) for line in lines if line)][:20]
    if occasion.url:
        blocks.append(_button(_absolute(occasion.url)))
    return _chat(occasion.subject, blocks)


def chat_ping() -> str:
    text = _("A test from Codex: this channel will be told what happens.")
    return _chat(text, [_section(text)])


def _chat(text: str, blocks: list[dict[str, Any]]) -> str:
    """``text`` is what a notification on a phone shows, where markup would be read: escaped."""
    body = {"text": escaped(text), "mrkdwn": False, "link_names": False, "blocks": blocks}
    return canonical_json(body).decode()


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": _tame(text), "emoji": False}}


def _button(url: str) -> dict[str, Any]:
    label = {"type": "plain_text", "text": _("Open in Codex"), "emoji": False}
    return {"type": "actions", "elements": [{"type": "button", "text": label, "url": url}]}


def _figures(details: Mapping[str, Any]) -> list[str]:
    rows = [f"{label}: {value}" for label, value in details.get("figures") or ()]
    return ["\n".join(rows)] if rows else []


def _changes(details: Mapping[str, Any]) -> list[str]:
    rows = [_change(row) for row in (details.get("changes") or ())[:SHOWN_CHANGES]]
    return ["\n".join(rows)] if rows else []


def _change(row: Mapping[str, Any]) -> str:
    what = ", ".join(str(row[key]) for key in ("label", "field") if row.get(key))
    return f"{what}: {row.get('before', '')} → {row.get('after', '')}"


def escaped(text: str) -> str:
    """As Slack asks for in marked-up text."""
    return _tame(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tame(text: str) -> str:
    """An @ that calls nobody: compatible programs read @channel even in plain text."""
    return text.replace("@", "@\u200b")[:CHAT_LIMIT]


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else ""
