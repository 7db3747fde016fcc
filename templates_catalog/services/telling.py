"""Whom a template's council consists of, and what it is told."""

from core.scope import require_tenant_id
from councils.models import Seat
from councils.queries import holders_of
from notifications.services import notify
from templates_catalog.models import Template


def tell_council(template: Template, *, kind: str, subject: str, text: str, key: str) -> None:
    """Once per ``key``, to everyone who may fill a seat of the responsible council today."""
    seats = Seat._base_manager.filter(council_id=template.council_id, is_active=True)
    notify(
        tenant_id=require_tenant_id(),
        user_ids=set().union(*holders_of(seats).values()),
        kind=kind,
        subject=subject,
        text=text,
        url=f"/portal/workflows/templates/{template.pk}",
        details={"template_id": template.pk, "template_name": template.name},
        dedupe_key=key,
    )
