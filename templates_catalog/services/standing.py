"""Yes in advance: given, revoked, suspended, cleared."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

import pydantic
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.lifecycle import record
from core.routing import on_database
from core.scope import require_tenant_id
from drafts.models import Approval
from drafts.services import reopen_draft
from drafts.states import DraftState
from templates_catalog import queries
from templates_catalog.bounds import Bounds
from templates_catalog.models import StandingApproval, Template, TemplateTrack
from templates_catalog.services.telling import tell_council
from templates_catalog.states import ELIGIBLE_AFTER, SYSTEM, Suspended
from workflows.models import Workflow
from workflows.services import cancel_workflow
from workflows.states import RunState

REVOKER = SystemActor(
    "standing approvals", grants=frozenset({"workflows.cancel_workflow", "drafts.reopen_draft"})
)
WATCH = SystemActor("template watch")


@transaction.atomic
def pre_approve(
    *, template_id: str, bounds: Mapping[str, Any], until: datetime, actor: Actor
) -> StandingApproval:
    """A member of the responsible council says yes to the version in force, inside bounds.

    Refused for whoever wrote that version, and before the template has earned it.
    """
    template: Any = _judged_by(actor, "templates.pre_approve_template", template_id)
    _require_earned(template)
    limits = checked_bounds(bounds)
    if until <= timezone.now():
        raise Invalid({"until": [_("Choose a day to come.")]})
    version = queries.version_in_force(template)
    with _login_for(template):
        StandingApproval.objects.filter(version=version, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_by_label=actor.label, revoked_why="replaced"
        )
        given = StandingApproval.objects.create(
            tenant_id=template.tenant_id,
            template=template,
            version=version,
            council_id=template.council_id,
            bounds=limits.model_dump(mode="json"),
            until=until,
            given_by_user_id=actor.user_id or SYSTEM,
            given_by_label=actor.label,
        )
    data = {"version": version.number, "bounds": given.bounds, "until": until.isoformat()}
    record("template.pre_approved", template, actor=actor, data=data)
    return given


@transaction.atomic
def revoke(*, template_id: str, reason: str, actor: Actor) -> StandingApproval:
    """Take the yes back, with a reason; runs of it that have not started never will."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why it is revoked.")]})
    template = _judged_by(actor, "templates.revoke_template", template_id)
    given = queries.standing(queries.version_in_force(template))
    if given is None:
        raise Conflict(_("There is no standing approval to revoke."))
    with _login_for(template):
        StandingApproval.objects.filter(pk=given.pk).update(
            revoked_at=timezone.now(),
            revoked_by_label=actor.label,
            revoked_why=reason.strip()[:500],
        )
    stopped = stop_what_waits(given)
    data = {"reason": reason.strip(), "stopped": stopped}
    record("template.revoked", template, actor=actor, data=data)
    return given


def stop_what_waits(given: StandingApproval) -> list[str]:
    """Of this tenant: cancel runs that wait, reopen drafts approved by it but not converted."""
    approvals = Approval.objects.filter(standing_approval_id=given.pk, voided_at=None)
    stopped = []
    for approval in approvals.select_related("draft"):
        waiting = Workflow.objects.filter(
            draft_id=approval.draft_id, status=RunState.PENDING
        ).first()
        if waiting:
            cancel_workflow(workflow_id=waiting.pk, actor=REVOKER)
            stopped.append(waiting.pk)
        elif approval.draft.status == DraftState.APPROVED:
            reopen_draft(draft_id=approval.draft_id, actor=REVOKER)
            stopped.append(approval.draft_id)
    return stopped


@transaction.atomic
def suspend(template: Template, *, why: str, detail: str, actor: Actor) -> TemplateTrack:
    """Instant run is off for this template here, and its council is told, once."""
    track, _made = TemplateTrack.objects.select_for_update().get_or_create(
        tenant_id=require_tenant_id(), template=template
    )
    if track.suspended_at is not None:
        return track
    track.suspended_at, track.suspended_why = timezone.now(), why
    track.suspended_detail = detail[:500]
    track.save()
    record("template.suspended", track, actor=actor, after=why, data={"detail": detail})
    tell_council(
        template,
        kind="template.suspended",
        subject=_("“{template}” no longer runs at once").format(template=template.name),
        text=f"{track.get_suspended_why_display()}: {track.suspended_detail}",
        key=f"{track.pk}:suspended:{track.suspended_at.isoformat()}",
    )
    return track


@transaction.atomic
def clear_suspension(*, template_id: str, reason: str, actor: Actor) -> TemplateTrack:
    """The council lifts a suspension; what broke before counts no more."""
    template = _judged_by(actor, "templates.revoke_template", template_id)
    if not reason.strip():
        raise Invalid({"reason": [_("Say why it may run at once again.")]})
    track = TemplateTrack.objects.select_for_update().filter(template=template).first()
    if track is None or track.suspended_at is None:
        raise Conflict(_("This template is not suspended here."))
    before = track.suspended_why
    track.suspended_at, track.suspended_why, track.suspended_detail = None, "", ""
    track.cleared_at = timezone.now()
    track.save()
    record("template.cleared", track, actor=actor, before=before, data={"reason": reason.strip()})
    return track


def watch(template: Template) -> TemplateTrack | None:
    """Look at this tenant's runs of the template; suspend it when one failed or was undone."""
    track = queries.track(template)
    if track is not None and track.suspended_at is not None:
        return track
    broken = queries.first_broken_run(template, track)
    if broken is None:
        return track
    why = Suspended.FAILED if broken.status == RunState.FAILED else Suspended.UNDONE
    return suspend(template, why=why, detail=broken.name, actor=WATCH)


def checked_bounds(bounds: Mapping[str, Any]) -> Bounds:
    try:
        return Bounds.model_validate(dict(bounds))
    except pydantic.ValidationError as found:
        errors = {".".join(["bounds", *map(str, e["loc"])]): [e["msg"]] for e in found.errors()}
        raise Invalid(errors) from found


def _judged_by(actor: Actor, perm: str, template_id: str) -> Template:
    template = queries.template(template_id)
    if not actor.has_perm("templates.view_template", template):
        raise NotFound
    if not actor.has_perm(perm, template):
        raise NotAllowed(perm=perm)
    return template


def _require_earned(template: Template) -> None:
    clean = queries.clean_reviewed_runs(template)
    if clean < ELIGIBLE_AFTER and not template.is_shared:
        text = _("{clean} of {needed} clean reviewed runs. Let it earn the others first.")
        raise Conflict(text.format(clean=clean, needed=ELIGIBLE_AFTER))


def _login_for(template: Template) -> AbstractContextManager[None]:
    """Shared rows are written by the staff's login; the rule was asked before."""
    return on_database("staff") if template.is_shared else nullcontext()
