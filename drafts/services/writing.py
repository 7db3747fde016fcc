"""Create, edit, discard."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.lifecycle import locked, moving, record
from drafts.models import Contributor, Draft
from drafts.queries import visible_to
from drafts.services.content import WRITTEN, check_type, cleaned
from drafts.services.voiding import void_approval
from drafts.states import PreviewState
from tenants.models import User
from workflows.services import validate_inputs

JSON_FIELDS = ("inputs", "preview_data")


@transaction.atomic
def create_draft(
    *,
    tenant_id: str,
    workflow_type_id: str,
    name: str,
    actor: Actor,
    purpose: str = "",
    inputs: Mapping[str, object] | None = None,
    created_by: User | None = None,
    template_id: str | None = None,
    proposal_id: str | None = None,
    preview_data: object = None,
    replanned_from_workflow_id: str | None = None,
) -> Draft:
    """A new draft in editing. Inputs may be incomplete; the type has to exist.

    A machine has to say for whom it writes (``created_by``).
    """
    draft = Draft(tenant_id=tenant_id)
    if not actor.has_perm("drafts.create_draft", draft):
        raise NotAllowed(perm="drafts.create_draft")
    draft.workflow_type_id = check_type(workflow_type_id)
    written = {"name": name, "purpose": purpose, "inputs": dict(inputs or {})}
    for field, value in cleaned({**written, "preview_data": preview_data}).items():
        setattr(draft, field, value)
    draft.created_by_id = draft.updated_by_id = _author(actor, created_by)
    draft.created_from_template_id = template_id
    draft.created_from_proposal_id = proposal_id
    draft.replanned_from_workflow_id = replanned_from_workflow_id
    draft.save(force_insert=True)
    draft.refresh_from_db()
    _remember_contributors(draft, {draft.created_by_id, actor.user_id})
    data = {"name": draft.name, "workflow_type_id": draft.workflow_type_id}
    record("draft.created", draft, actor=actor, after=str(draft.status), data=data | _source(draft))
    return draft


@transaction.atomic
def edit_draft(
    *, draft_id: str, actor: Actor, version: int | None = None, **written: object
) -> Draft:
    """Save what is given of name, purpose, inputs and preview_data.

    ``version`` is the one the writer started from: if somebody saved since, ``Conflict`` carries
    both texts and nothing is lost. Saving what is there already changes and records nothing.
    """
    draft = locked(visible_to(actor), draft_id)
    if not actor.has_perm("drafts.edit_draft", draft):
        raise NotAllowed(perm="drafts.edit_draft")
    if not draft.is_editing:
        raise IllegalMove(_("Only a draft in editing can be changed."), state=str(draft.status))
    changes = _differences(draft, cleaned(_known(written)))
    if not changes:
        return draft
    _refuse_stale(draft, version, changes)
    for field, (_before, after) in changes.items():
        setattr(draft, field, after)
    if "inputs" in changes and not _plan_still_fits(draft):
        _forget_plan(draft)
    draft.version += 1
    draft.updated_by_id = actor.user_id
    draft.save()
    _remember_contributors(draft, {actor.user_id})
    state = str(draft.status)
    record("draft.edited", draft, actor=actor, before=state, after=state, data=_story(changes))
    return draft


@transaction.atomic
def discard_draft(*, draft_id: str, actor: Actor) -> Draft:
    """Out of every list, for good; its history stays. The shop is as it was."""
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.discard_draft",
        event="draft.discarded",
    ) as draft:
        draft.mark_discarded()
    void_approval(draft, why="discarded")
    return draft


def _author(actor: Actor, created_by: User | None) -> str:
    author = str(created_by.pk) if created_by else actor.user_id
    if author is None:
        raise Invalid({"created_by_user_id": [_("Say for whom this draft is made.")]})
    return author


def _source(draft: Draft) -> dict[str, object]:
    sources = {
        "template_id": draft.created_from_template_id,
        "proposal_id": draft.created_from_proposal_id,
        "replanned_from_workflow_id": draft.replanned_from_workflow_id,
    }
    return {name: value for name, value in sources.items() if value}


def _known(written: Mapping[str, object]) -> dict[str, object]:
    unknown = sorted(set(written) - set(WRITTEN))
    if unknown:
        raise Invalid({name: [_("This cannot be changed.")] for name in unknown})
    return dict(written)


def _differences(draft: Draft, wanted: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    return {
        field: (getattr(draft, field), value)
        for field, value in wanted.items()
        if getattr(draft, field) != value
    }


def _refuse_stale(draft: Draft, version: int | None, changes: Mapping[str, tuple]) -> None:
    if version is None or version == draft.version:
        return
    who = draft.updated_by or draft.created_by
    raise Conflict(
        _("{who} saved a newer version. What you wrote is kept here.").format(who=who),
        version=draft.version,
        saved_by=str(who),
        saved_at=draft.updated_at,
        theirs={field: theirs for field, (theirs, _mine) in changes.items()},
        mine={field: mine for field, (_theirs, mine) in changes.items()},
    )


def _plan_still_fits(draft: Draft) -> bool:
    """Written otherwise, meant the same: a default spelt out is no reason to plan again."""
    if draft.plan is None:
        return False
    try:
        return validate_inputs(draft.workflow_type_id, draft.inputs) == draft.plan.inputs
    except Invalid:
        return False


def _forget_plan(draft: Draft) -> None:
    draft.plan = None
    draft.preview_state = PreviewState.NONE
    draft.preview_problem = None


def _story(changes: Mapping[str, tuple[object, object]]) -> dict[str, object]:
    """What the audit keeps of an edit: inputs by their names, before and after."""
    story: dict[str, object] = {}
    for field, (before, after) in changes.items():
        if field == "inputs" and isinstance(before, dict) and isinstance(after, dict):
            names = sorted(before.keys() | after.keys())
            story |= {
                f"inputs.{name}": [before.get(name), after.get(name)]
                for name in names
                if before.get(name) != after.get(name) or (name in before) != (name in after)
            }
        else:
            story[field] = [before, after]
    return story


def _remember_contributors(draft: Draft, user_ids: set[str | None]) -> None:
    Contributor.objects.bulk_create(
        [
            Contributor(tenant_id=draft.tenant_id, draft=draft, user_id=user_id)
            for user_id in sorted(filter(None, user_ids))
        ],
        ignore_conflicts=True,
    )
