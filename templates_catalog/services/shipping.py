"""Putting the shipped templates into the catalog; a second time changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.routing import on_database
from templates_catalog.models import StandingApproval, Template, TemplateVersion
from templates_catalog.services.standing import checked_bounds
from templates_catalog.services.writing import keep_shared_template
from templates_catalog.shipped import SHIPPED

LIFE, RENEW_BEFORE = timedelta(days=365), timedelta(days=90)


def keep_shipped_templates() -> list[Template]:
    """On the staff's login, in its own transaction; the councils named have to exist."""
    with on_database("staff"), transaction.atomic("staff"):
        return [_keep(template_id, dict(facts)) for template_id, facts in SHIPPED.items()]


def _keep(template_id: str, facts: dict[str, Any]) -> Template:
    bounds = facts.pop("standing", None)
    template = keep_shared_template(template_id=template_id, **facts)
    if bounds is not None:
        _keep_standing(template, bounds)
    return template


def _keep_standing(template: Any, bounds: Mapping[str, Any]) -> None:
    """Given again when it nears its end or its bounds differ; a revoked one stays revoked."""
    version = TemplateVersion.objects.get(template=template, number=template.version)
    wanted = checked_bounds(bounds).model_dump(mode="json")
    rows = StandingApproval.objects.filter(version=version)
    live = rows.filter(revoked_at=None).first()
    if live is None and rows.exists():
        return
    renew = timezone.now() + RENEW_BEFORE
    if live is not None and live.until > renew and live.bounds == wanted:
        return
    rows.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_why="replaced")
    StandingApproval.objects.create(
        template=template,
        version=version,
        council_id=template.council_id,
        bounds=wanted,
        until=timezone.now() + LIFE,
    )
