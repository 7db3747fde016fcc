"""Instant run: template, draft, yes in advance, workflow, in one click and inside bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from core.lifecycle import record
from councils.services import submit_draft
from drafts.models import Draft
from drafts.queries import draft_for
from drafts.services import approve_by_standing, convert_draft, ensure_plan
from templates_catalog import queries
from templates_catalog.bounds import Bounds, breaches
from templates_catalog.models import StandingApproval, Template, TemplateUse, TemplateVersion
from templates_catalog.services.spikes import watch_for_spikes
from templates_catalog.services.standing import suspend, watch
from templates_catalog.services.using import use_template
from templates_catalog.states import FIDELITY_FLOOR, Suspended, UseKind
from workflows.models import Workflow
from workflows.queries import type_fidelity

GATE = SystemActor("standing approval", grants=frozenset({"drafts.approve_by_standing"}))


@dataclass(frozen=True, slots=True)
class Instant:
    """``workflow`` when it ran; otherwise ``outside`` says why the draft went to review."""

    draft: Draft
    template: Template
    workflow: Workflow | None = None
    outside: tuple[str, ...] = ()


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
    version, _given = _require_allowed(template, actor)
    _require_filled(version, inputs or {})
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
    if not confirmed:
        return Instant(draft, template)
    return confirm_instant_run(draft_id=draft.pk, actor=actor)


@transaction.atomic
def confirm_instant_run(*, draft_id: str, actor: Actor) -> Instant:
    """Run what was shown: the plan is made anew only if the shop moved, and is judged again.

    Fifty confirmations of one draft make one workflow.
    """
    draft = draft_for(actor, draft_id)
    used = TemplateUse.objects.select_for_update().filter(draft=draft, kind=UseKind.INSTANT).first()
    if used is None:
        raise NotFound
    draft.refresh_from_db()
    template = queries.template(used.template_id)
    if draft.converted_to_workflow_id:
        return Instant(draft, template, Workflow.objects.get(pk=draft.converted_to_workflow_id))
    _version, given = _require_allowed(template, actor, used=used)
    draft = ensure_plan(draft_id=draft_id, actor=actor)
    outside = _outside(draft, given)
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
    template = queries.template(used.template_id)
    _version, given = _require_allowed(template, actor, used=used)
    outside = _outside(ensure_plan(draft_id=draft.pk, actor=actor), given)
    if outside:
        raise Conflict(" ".join(outside))
    _approve(draft, used, given)
    return given


def _outside(draft: Draft, given: StandingApproval) -> list[str]:
    plan = draft.plan
    if plan is None or plan.change_count == 0:
        raise Invalid({"inputs": [_("This would change nothing.")]})
    return breaches(
        Bounds.model_validate(given.bounds),
        type_id=draft.workflow_type_id,
        inputs=draft.inputs,
        plan=plan,
        effect=queries.effect_of(plan),
    )


def _approve(draft: Draft, used: TemplateUse, given: StandingApproval) -> None:
    approve_by_standing(
        draft_id=draft.pk,
        standing_approval_id=given.pk,
        council_id=given.council_id,
        until=given.until,
        actor=GATE,
    )
    used.standing_approval = given
    used.save(update_fields=["standing_approval"])


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


def _require_allowed(
    template: Template, actor: Actor, *, used: TemplateUse | None = None
) -> tuple[TemplateVersion, StandingApproval]:
    """The version in force and its live standing approval, if this person may run it now.

    ``used`` is the use that is being confirmed: its version has to be the one in force still.
    """
    if not actor.has_perm("templates.use_template", template):
        raise NotAllowed(perm="templates.use_template")
    version = queries.version_in_force(template)
    if used is not None and used.version_id != version.pk:
        raise Conflict(_("The template was changed since you saw the preview. Use it again."))
    given = queries.standing(version) if template.is_active else None
    if given is None:
        raise Conflict(_("This version of the template is not pre-approved."))
    _require_good_record(template)
    _require_person(template, given, actor, already=used is not None)
    return version, given


def _require_good_record(template: Template) -> None:
    track = watch(template)
    if track is not None and track.suspended_at is not None:
        why = track.get_suspended_why_display()
        raise Conflict(_("Instant run is suspended for this template: {why}.").format(why=why))
    past = type_fidelity(template.workflow_type_id)
    if past["fidelity"] is not None and past["fidelity"] < FIDELITY_FLOOR:
        text = _("Runs of this type went {share:.1%} as planned; below 98 % nothing runs at once.")
        raise Conflict(text.format(share=past["fidelity"]))


def _require_person(
    template: Template, given: StandingApproval, actor: Actor, *, already: bool
) -> None:
    block = queries.block_of(actor.user_id)
    if block is not None:
        raise NotAllowed(_("Instant run is off for you: {why}").format(why=block.why))
    most = Bounds.model_validate(given.bounds).runs_per_day
    if queries.instant_runs_today(template) - (1 if already else 0) >= most:
        text = _("At most {most} instant runs of this template in 24 hours.")
        raise TooMany(text.format(most=most), retry_after=3600)


def _require_filled(version: TemplateVersion, given: Mapping[str, Any]) -> None:
    filled = {**version.default_inputs, **given}
    missing = [name for name in version.required_fields if filled.get(name) in (None, "", [], {})]
    if missing:
        raise Invalid({f"inputs.{name}": [_("This is required.")] for name in missing})
