"""Instant run: template, draft, yes in advance, workflow, in one click and inside bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid, NotFound
from core.lifecycle import locked, record
from councils.services import submit_draft
from drafts.models import Draft
from drafts.queries import visible_to
from drafts.services import approve_by_standing, convert_draft, ensure_plan
from templates_catalog import queries
from templates_catalog.models import StandingApproval, Template, TemplateUse
from templates_catalog.services.allowing import breaches_of, require_allowed, stand_in_line
from templates_catalog.services.refusing import refusals_told
from templates_catalog.services.spikes import watch_for_spikes
from templates_catalog.services.standing import suspend
from templates_catalog.services.using import missing_fields, use_template
from templates_catalog.states import Suspended, UseKind
from workflows.models import Workflow

GATE = SystemActor("standing approval", grants=frozenset({"drafts.approve_by_standing"}))


@dataclass(frozen=True, slots=True)
class Instant:
    """``workflow`` when it ran; otherwise ``outside`` says why the draft went to review, or
    ``moved`` that the shop moved since the plan was shown, so that it has to be shown again."""

    draft: Draft
    template: Template
    workflow: Workflow | None = None
    outside: tuple[str, ...] = ()
    moved: bool = False


@refusals_told("instant_run")
@transaction.atomic
def instant_run(
    *,
    template_id: str,
    actor: Actor,
    inputs: Mapping[str, Any] | None = None,
    token: str = "",
    confirmed: bool = True,
    clicked_at: datetime | None = None,
) -> Instant:
    """Plan at once; with ``confirmed``, run at once as well, or go to review with the reason.

    Without it the draft waits, planned, for ``confirm_instant_run``.
    """
    template = queries.template(template_id)
    version, _given = require_allowed(template, actor)
    missing = missing_fields(version, inputs or {})
    if missing:
        raise Invalid({f"inputs.{name}": [_("This is required.")] for name in missing})
    draft, template = use_template(
        template_id=template_id,
        actor=actor,
        inputs=inputs,
        token=token,
        kind=UseKind.INSTANT,
        clicked_at=clicked_at,
    )
    if draft.is_editing:
        draft = ensure_plan(draft_id=draft.pk, actor=actor)
    if not confirmed and not draft.converted_to_workflow_id:
        if draft.plan is not None and draft.plan.change_count == 0:
            raise Invalid({"inputs": [_("This would change nothing.")]})
        return Instant(draft, template)
    return confirm_instant_run(draft_id=draft.pk, actor=actor)


@refusals_told("confirm_instant_run")
@transaction.atomic
def confirm_instant_run(*, draft_id: str, actor: Actor, seen: str = "") -> Instant:
    """Run what was shown: the plan is made anew only if the shop moved, and is judged again.

    ``seen`` is the fingerprint of the plan that was shown: another one is answered, not run.
    Fifty confirmations of one draft make one workflow.
    """
    draft = locked(visible_to(actor), draft_id)
    used = TemplateUse.objects.filter(draft=draft, kind=UseKind.INSTANT).first()
    if used is None:
        raise NotFound
    stand_in_line(used.template_id)
    template = queries.template(used.template_id)
    if draft.converted_to_workflow_id:
        return Instant(draft, template, Workflow.objects.get(pk=draft.converted_to_workflow_id))
    if used.reviewed_instead:
        return Instant(draft, template, outside=tuple(used.reviewed_instead))
    _version, given = require_allowed(template, actor, used=used)
    draft = ensure_plan(draft_id=draft_id, actor=actor)
    if seen and draft.plan is not None and draft.plan.fingerprint != seen:
        return Instant(draft, template, moved=True)
    outside = breaches_of(draft, given)
    if outside:
        return _to_review(draft, template, used, outside, actor)
    return _run(draft, template, used, given, actor)


@transaction.atomic
def approve_inside_bounds(*, draft: Draft, actor: Actor) -> StandingApproval:
    """The yes in advance to a draft that came from a template, however it was edited since.

    ``Conflict`` says why there is none: version, bounds, suspension or record.
    """
    used = TemplateUse.objects.filter(draft=draft).first()
    if used is None:
        raise Conflict(_("This draft did not come from a template."))
    stand_in_line(used.template_id)
    template = queries.template(used.template_id)
    _version, given = require_allowed(template, actor, used=used)
    outside = breaches_of(ensure_plan(draft_id=draft.pk, actor=actor), given)
    if outside:
        raise Conflict(" ".join(outside))
    _approve(draft, used, given)
    watch_for_spikes(template, actor)
    return given


def _approve(draft: Draft, used: TemplateUse, given: StandingApproval) -> None:
    approve_by_standing(
        draft_id=draft.pk,
        standing_approval_id=given.pk,
        council_id=given.council_id,
        until=given.until,
        actor=GATE,
    )
    used.standing_approval, used.at_once_at = given, timezone.now()
    used.save(update_fields=["standing_approval", "at_once_at"])


def _run(
    draft: Draft, template: Template, used: TemplateUse, given: StandingApproval, actor: Actor
) -> Instant:
    _approve(draft, used, given)
    draft, workflow, _new = convert_draft(draft_id=draft.pk, actor=actor)
    data = {"template_id": template.pk, "version": used.version.number, "standing": given.pk}
    record("template.instant_run", used, actor=actor, data={**data, "workflow_id": workflow.pk})
    watch_for_spikes(template, actor)
    return Instant(draft, template, workflow)


def _to_review(
    draft: Draft, template: Template, used: TemplateUse, outside: list[str], actor: Actor
) -> Instant:
    why = " ".join(outside)
    draft = submit_draft(draft_id=draft.pk, actor=actor, note=why)
    used.reviewed_instead = outside
    used.save(update_fields=["reviewed_instead"])
    data = {"template_id": template.pk, "outside": outside}
    record("template.left_bounds", used, actor=actor, data=data)
    suspend(template, why=Suspended.BREACH, detail=why, actor=actor)
    return Instant(draft, template, outside=tuple(outside))
