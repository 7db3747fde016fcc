"""Whom a template's council consists of, and what it is told."""

from core.scope import require_tenant_id
from councils.models import SeatHolder
from notifications.services import notify
from templates_catalog.models import Template


def tell_council(template: Template, *, kind: str, subject: str, text: str, key: str) -> None:
    """Once per ``key``, to everyone who holds a seat in the responsible council."""
    holders = SeatHolder._base_manager.filter(
        seat__council_id=template.council_id, seat__is_active=True
    )
    notify(
        tenant_id=require_tenant_id(),
        user_ids=holders.values_list("user_id", flat=True),
        kind=kind,
        subject=subject,
        text=text,
        url=f"/portal/workflows/templates/{template.pk}",
        details={"template_id": template.pk, "template_name": template.name},
        dedupe_key=key,
    )
