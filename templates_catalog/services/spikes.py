"""Somebody who suddenly runs far more than they used to has to be looked at by a person."""

import statistics

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import NotAllowed, NotFound
from core.lifecycle import record
from core.scope import require_tenant_id
from templates_catalog import queries
from templates_catalog.models import InstantBlock, Template
from templates_catalog.services.refusing import refusals_told
from templates_catalog.services.telling import tell_council

AT_LEAST, FACTOR = 5, 3


def watch_for_spikes(template: Template, actor: Actor) -> InstantBlock | None:
    """Block the person when today is a spike against their own usual day."""
    today = queries.instant_runs_today(template, actor.user_id)
    usual = statistics.median(queries.daily_history(template, actor.user_id or "") or [1])
    if today < AT_LEAST or today <= FACTOR * usual:
        return None
    text = _("{today} runs of “{template}” in a day, usually {usual:.0f}.")
    block, made = InstantBlock.objects.get_or_create(
        tenant_id=require_tenant_id(),
        user_id=actor.user_id,
        lifted_at=None,
        defaults={
            "template": template,
            "why": text.format(today=today, template=template.name, usual=usual)[:300],
        },
    )
    if made:
        record("template.person_blocked", block, actor=actor, data={"why": block.why})
        tell_council(
            template,
            kind="template.person_blocked",
            subject=_("Instant run is off for {person}").format(person=actor.label),
            text=block.why,
            key=f"{block.pk}:blocked",
        )
    return block


@refusals_told("lift_block")
@transaction.atomic
def lift_block(*, block_id: str, actor: Actor) -> InstantBlock:
    """A member of the template's council lets the person run at once again."""
    block = InstantBlock.objects.select_for_update().filter(pk=block_id, lifted_at=None).first()
    if block is None:
        raise NotFound
    if not actor.has_perm("templates.revoke_template", queries.template(block.template_id or "")):
        raise NotAllowed(perm="templates.revoke_template")
    block.lifted_at, block.lifted_by_label = timezone.now(), actor.label
    block.save()
    record("template.person_unblocked", block, actor=actor)
    return block
