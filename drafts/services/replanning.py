"""A successor for a draft whose run met a shop that had moved."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, NotAllowed, NotFound
from core.lifecycle import locked
from drafts.models import Contributor, Draft
from drafts.queries import contributor_ids
from drafts.services.writing import create_draft
from drafts.states import DraftState
from workflows.models import Workflow

REPLANNABLE = ("stopped_by_drift", "failed", "cancelled", "undone", "undo_incomplete", "succeeded")


@transaction.atomic
def replan_draft(*, workflow_id: str, actor: Actor) -> Draft:
    """A new draft in editing with the same inputs, to be planned on the shop as it is now.

    Whoever wrote in the old draft counts as a contributor of the new one, so nobody comes to
    judge their own work by way of a re-plan. Asked twice, it answers the draft already waiting.
    """
    workflow = Workflow.objects.select_for_update().filter(pk=workflow_id).first()
    if workflow is None:
        raise NotFound
    if workflow.draft_id is None:
        raise Conflict(_("This run came from no draft, so there is none to plan again."))
    old = locked(Draft, workflow.draft_id)
    if not actor.has_perm("drafts.convert_draft", old):
        raise NotAllowed(perm="drafts.convert_draft")
    if workflow.status not in REPLANNABLE:
        raise Conflict(_("This run is not over yet."), state=str(workflow.status))
    waiting = Draft.objects.filter(
        replanned_from_workflow=workflow, status=DraftState.EDITING
    ).first()
    return waiting or _successor(old, workflow, actor)


def _successor(old: Draft, workflow: Workflow, actor: Actor) -> Draft:
    draft = create_draft(
        tenant_id=old.tenant_id,
        workflow_type_id=old.workflow_type_id,
        name=old.name,
        purpose=old.purpose,
        inputs=old.inputs,
        actor=actor,
        template_id=old.created_from_template_id,
        proposal_id=old.created_from_proposal_id,
        replanned_from_workflow_id=workflow.pk,
    )
    draft.seed = _seed(workflow)
    draft.save(update_fields=["seed"])
    Contributor.objects.bulk_create(
        [
            Contributor(tenant_id=draft.tenant_id, draft=draft, user_id=user_id)
            for user_id in sorted(contributor_ids(old))
        ],
        ignore_conflicts=True,
    )
    return draft


def _seed(workflow: Workflow) -> str:
    """The earlier plan's, so that chance falls as before and only what the shop changed differs.
    Not where a run with it left something standing: its new rows would be made under ids taken.
    """
    seed = workflow.plan.seed
    same = Workflow.objects.filter(plan__seed=seed)
    return "" if same.filter(applied__gt=F("restored")).exists() else seed
