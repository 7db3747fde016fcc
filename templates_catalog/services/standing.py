"""Yes in advance: given, revoked, suspended, cleared."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any

import pydantic
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.lifecycle import record
from core.routing import on_database
from core.scope import require_tenant_id, scope
from drafts.models import Draft
from drafts.services import reopen_draft
from drafts.states import DraftState
from templates_catalog import queries
from templates_catalog.bounds import Bounds
from templates_catalog.models import StandingApproval, Template, TemplateTrack
from templates_catalog.services import locks
from templates_catalog.services.refusing import refusals_told
from templates_catalog.services.telling import tell_council
from templates_catalog.states import SYSTEM, Suspended
from workflows.models import Workflow
from workflows.services import cancel_workflow
from workflows.states import RunState

REVOKER = SystemActor(
    "standing approvals", grants=frozenset({"workflows.cancel_workflow", "drafts.reopen_draft"})
)
WATCH = SystemActor("template watch")
LONGEST = timedelta(days=366)


def lock_name(template_id: str) -> str:
    """Held together by those who run it at once, and alone by whoever gives or takes the yes."""
    return f"standing:{template_id}"


@refusals_told("pre_approve")
@transaction.atomic
def pre_approve(
    *,
    template_id: str,
    bounds: Mapping[str, Any],
    until: datetime,
    actor: Actor,
    version_number: int | None = None,
) -> StandingApproval:
    """A member of the responsible council says yes to the version in force, inside bounds.

    Refused for whoever wrote that version, before the template has earned it, and when the
    version is no longer the one that was looked at (``version_number``).
    """
    template: Any = _judged_by(actor, "templates.pre_approve_template", template_id)
    if not template.is_verified:
        raise Conflict(_("It came in a file of an unknown signer, so it goes to review always."))
    _require_earned(template)
    limits = checked_bounds(bounds)
    if not timezone.now() < until <= timezone.now() + LONGEST:
        raise Invalid({"until": [_("Choose a day to come, within a year.")]})
    locks.alone(lock_name(template.pk))
    version = queries.version_in_force(template)
    if version_number not in (None, version.number):
        raise Conflict(_("The template was changed since you looked at it. Look at it again."))
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


@refusals_told("revoke")
@transaction.atomic
def revoke(*, template_id: str, reason: str, actor: Actor) -> StandingApproval:
    """Take the yes back, with a reason; what has not started never will, in any shop."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why it is revoked.")]})
    template = _judged_by(actor, "templates.revoke_template", template_id)
    locks.alone(lock_name(template.pk))
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


def end_with_its_council(template: Template, *, actor: Actor) -> StandingApproval | None:
    """Another council is responsible from now on: what the one before allowed ends with it, as
    nobody there could take it back any more."""
    locks.alone(lock_name(template.pk))
    given = queries.standing(queries.version_in_force(template))
    if given is None:
        return None
    StandingApproval.objects.filter(pk=given.pk).update(
        revoked_at=timezone.now(),
        revoked_by_label=actor.label,
        revoked_why=_("Another council is responsible."),
    )
    data = {"reason": "another council", "stopped": stop_what_waits(given)}
    record("template.revoked", template, actor=actor, data=data)
    return given


def stop_what_waits(given: StandingApproval) -> list[str]:
    """In every shop: cancel runs that wait, reopen drafts approved by it but not converted."""
    stopped = []
    for tenant_id, draft_id in queries.waiting_on(given):
        with scope(tenant_id=tenant_id):
            stopped += stop_waiting(draft_id)
    return stopped


def stop_waiting(draft_id: str) -> list[str]:
    """In the scope of the draft's tenant; what has begun meanwhile is left alone."""
    waiting = Workflow.objects.filter(draft_id=draft_id, status=RunState.PENDING).first()
    if waiting is not None:
        cancel_workflow(workflow_id=waiting.pk, actor=REVOKER)
        return [waiting.pk]
    if Draft.objects.filter(pk=draft_id, status=DraftState.APPROVED).exists():
        reopen_draft(draft_id=draft_id, actor=REVOKER)
        return [draft_id]
    return []


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


@refusals_told("clear")
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
    clean, needed = queries.clean_reviewed_runs(template), queries.clean_runs_needed()
    if clean < needed and not template.is_shared:
        text = _("{clean} of {needed} clean reviewed runs. Let it earn the others first.")
        raise Conflict(text.format(clean=clean, needed=needed))


def _login_for(template: Template) -> AbstractContextManager[None]:
    """Shared rows are written by the staff's login; the rule was asked before."""
    return on_database("staff") if template.is_shared else nullcontext()
