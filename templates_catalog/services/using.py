"""A draft that starts from a template."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, NotAllowed
from core.ids import new_id
from core.scope import require_tenant_id
from drafts.models import Draft
from drafts.services import create_draft
from templates_catalog import queries
from templates_catalog.models import Template, TemplateUse, TemplateVersion
from templates_catalog.services import locks
from templates_catalog.states import UseKind
from workflows.types import registry

COUNT = """
INSERT INTO templates_catalog_templatetrack
    (id, tenant_id, template_id, usage_count, last_used_at, suspended_why, suspended_detail)
VALUES (%s, %s, %s, 1, now(), '', '')
ON CONFLICT (tenant_id, template_id)
DO UPDATE SET usage_count = templates_catalog_templatetrack.usage_count + 1, last_used_at = now()
"""


@transaction.atomic
def use_template(
    *,
    template_id: str,
    actor: Actor,
    inputs: Mapping[str, Any] | None = None,
    name: str = "",
    purpose: str = "",
    token: str = "",
    kind: str = UseKind.USE,
    clicked_at: datetime | None = None,
    proposal_id: str | None = None,
) -> tuple[Draft, Template]:
    """Merge the template's defaults with what was given, make the draft, count the use.

    ``token`` names one click: asked again with it, the same draft is answered, nothing counted.
    """
    template = queries.template(template_id)
    if not actor.has_perm("templates.use_template", template):
        raise NotAllowed(perm="templates.use_template")
    if not template.is_active:
        raise Conflict(_("This template is retired."))
    token = token or new_id("click")
    present = _present(actor, token)
    if present is not None:
        return present.draft, template
    version = queries.version_in_force(template)
    draft = create_draft(
        tenant_id=require_tenant_id(),
        workflow_type_id=template.workflow_type_id,
        name=name or template.name,
        purpose=purpose or template.description,
        inputs=merged(version, inputs or {}),
        actor=actor,
        template_id=template.pk,
        proposal_id=proposal_id,
    )
    TemplateUse.objects.create(
        tenant_id=draft.tenant_id,
        template=template,
        version=version,
        kind=kind,
        user_id=actor.user_id,
        token=token,
        draft=draft,
        clicked_at=clicked_at or timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [new_id("track"), draft.tenant_id, template.pk])
    return draft, queries.template(template_id)


def merged(version: TemplateVersion, given: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults, then what was given; approved copy blocks where the type takes some."""
    inputs = {**version.default_inputs, **given}
    fields = registry.get(version.workflow_type_id).Inputs.model_fields
    if version.approved_copy_blocks and "copy_blocks" in fields:
        inputs["copy_blocks"] = version.approved_copy_blocks
    return inputs


def missing_fields(version: TemplateVersion, given: Mapping[str, Any]) -> list[str]:
    """Required fields that neither the template's defaults nor the person gave a value."""
    filled = {**version.default_inputs, **given}
    return [name for name in version.required_fields if filled.get(name) in (None, "", [], {})]


def _present(actor: Actor, token: str) -> TemplateUse | None:
    """The lock makes fifty clicks with one token wait for the first of them."""
    locks.alone(f"{require_tenant_id()}:{actor.user_id}:{token}")
    mine = TemplateUse.objects.filter(user_id=actor.user_id, token=token)
    return mine.select_related("draft").first()
