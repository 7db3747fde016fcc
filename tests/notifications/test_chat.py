"""Slack and compatible: Block Kit in plain text, so that nobody is called."""

import json

from core.scope import scope
from notifications import services
from notifications.models import Delivery
from tests.notifications.conftest import spread_all, tell

EVIL = "<!channel> <@U123> @here & <https://evil.example|click> *bold*"


def test_a_message_in_a_channel(cast, server, hook):
    assert hook("/ok", kind="chat").secret == ""
    details = {
        "effect": "Raises 12 prices.",
        "figures": [["Risk", "High"]],
        "changes": [{"label": "Mug", "field": "Price", "before": "£1", "after": "£2"}],
    }
    tell(cast, "rita", text="", details=details)
    spread_all(cast)
    with scope(tenant_id=cast.tenant.pk):
        delivery = Delivery.objects.get()
    assert services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk) is True

    _path, headers, body = server.seen[0]
    assert "webhook-signature" not in headers
    said = json.loads(body)
    texts = [block["text"]["text"] for block in said["blocks"] if block["type"] == "section"]
    assert texts == ["A draft waits", "Raises 12 prices.", "Risk: High", "Mug, Price: £1 → £2"]
    button = said["blocks"][-1]["elements"][0]
    assert (button["text"]["text"], button["url"]) == (
        "Open in Codex",
        "http://localhost:8000/portal/x",
    )


def test_nothing_a_tenant_typed_calls_or_formats(cast, hook):
    hook("/ok", kind="chat")
    details = {
        "effect": EVIL,
        "figures": [[EVIL, EVIL]],
        "changes": [{"label": EVIL, "field": EVIL, "before": EVIL, "after": EVIL}],
        "comment": {"who": EVIL, "text": EVIL},
    }
    tell(cast, "rita", subject=EVIL, text=EVIL, details=details)
    spread_all(cast)
    with scope(tenant_id=cast.tenant.pk):
        said = json.loads(Delivery.objects.get().body)
    assert (said["mrkdwn"], said["link_names"]) == (False, False)
    assert "<" not in said["text"]
    for block in said["blocks"]:
        if block["type"] == "section":
            assert block["text"]["type"] == "plain_text"
            assert "@here" not in block["text"]["text"]
            assert "@U123" not in block["text"]["text"]
    assert "@here" not in said["text"]
