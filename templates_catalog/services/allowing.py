"""Whether somebody may run a template at once, now, and whether a plan stays inside the bounds."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed, TooMany
from core.scope import require_tenant_id
from drafts.models import Draft
from templates_catalog import queries
from templates_catalog.bounds import Bounds, breaches
from templates_catalog.models import StandingApproval, Template, TemplateUse, TemplateVersion
from templates_catalog.services import locks
from templates_catalog.services.standing import lock_name, watch
from workflows.presentation import why_nothing_at_once
from workflows.queries import type_record
from workflows.services import require_within_limits


def require_allowed(
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
    for check in (_require_good_record, _require_person):
        check(template, given, actor)
    return version, given


def stand_in_line(template_id: str) -> None:
    """Before it is judged whether a draft may run; its row is locked by then.

    Runs of one template are counted one after the other, so that a limit is a limit; and a council
    that revokes waits for those under way, to find and stop them.
    """
    locks.alone(f"at-once:{require_tenant_id()}:{template_id}")
    locks.together(lock_name(template_id))


def why_not_at_once(template: Template, actor: Actor) -> str:
    """For the page, beside the button that is not there; empty when it may run at once."""
    given = queries.standing(queries.version_in_force(template)) if template.is_active else None
    if given is None:
        return _("This version of the template is not pre-approved.")
    checks: tuple[Callable[[Template, StandingApproval, Actor], None], ...] = (
        _require_good_record,
        _require_person,
    )
    for check in checks:
        try:
            check(template, given, actor)
        except (Conflict, NotAllowed, TooMany) as refused:
            return str(refused.detail)
    return ""


def breaches_of(draft: Draft, given: StandingApproval) -> list[str]:
    plan = draft.plan
    if plan is None or plan.change_count == 0:
        raise Invalid({"inputs": [_("This would change nothing.")]})
    require_within_limits(plan)
    return breaches(
        Bounds.model_validate(given.bounds),
        type_id=draft.workflow_type_id,
        inputs=plan.inputs,
        plan=plan,
        effect=queries.effect_of(plan),
    )


def _require_good_record(template: Template, _given: StandingApproval, _actor: Actor) -> None:
    track = watch(template)
    if track is not None and track.suspended_at is not None:
        why = track.get_suspended_why_display()
        raise Conflict(_("Instant run is suspended for this template: {why}.").format(why=why))
    why = why_nothing_at_once(type_record(template.workflow_type_id))
    if why:
        raise Conflict(why)


def _require_person(template: Template, given: StandingApproval, actor: Actor) -> None:
    block = queries.block_of(actor.user_id)
    if block is not None:
        raise NotAllowed(_("Instant run is off for you: {why}").format(why=block.why))
    most = Bounds.model_validate(given.bounds).runs_per_day
    if queries.instant_runs_today(template) >= most:
        text = _("At most {most} instant runs of this template in 24 hours.")
        raise TooMany(text.format(most=most), retry_after=3600)
