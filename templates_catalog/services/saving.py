"""A template from what somebody wrote already: a draft, or a run that went well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid
from drafts.queries import draft_for
from templates_catalog.models import Template
from templates_catalog.services.writing import create_template
from templates_catalog.states import Category
from workflows.queries import run_for
from workflows.states import RunState


@dataclass(frozen=True, slots=True)
class Source:
    """What a template is made from."""

    name: str
    purpose: str
    workflow_type_id: str
    inputs: Mapping[str, Any]
    draft_id: str = ""
    workflow_id: str = ""


def source_of(*, actor: Actor, draft_id: str = "", workflow_id: str = "") -> Source:
    """A draft the actor may see, or a run that succeeded; ``NotFound`` for what is not theirs."""
    if bool(draft_id) == bool(workflow_id):
        raise Invalid({"draft_id": [_("Name a draft or a run, and only one of them.")]})
    if draft_id:
        draft = draft_for(actor, draft_id)
        return Source(
            draft.name, draft.purpose, draft.workflow_type_id, draft.inputs, draft_id=draft.pk
        )
    run = run_for(actor, workflow_id)
    if run.status != RunState.SUCCEEDED:
        raise Conflict(_("Only a run that succeeded can become a template."))
    purpose = run.draft.purpose if run.draft else ""
    return Source(run.name, purpose, run.workflow_type_id, run.inputs, workflow_id=run.pk)


@transaction.atomic
def save_as_template(
    *,
    name: str,
    required: Sequence[str],
    actor: Actor,
    draft_id: str = "",
    workflow_id: str = "",
    optional: Sequence[str] = (),
    **facts: Any,
) -> Template:
    """The inputs named ``required`` are asked for each time, the others stay as defaults; those
    named ``optional`` are offered for a change."""
    source = source_of(actor=actor, draft_id=draft_id, workflow_id=workflow_id)
    stated: dict[str, Any] = {
        "category": Category.AUTOMATION,
        "description": source.purpose,
        "default_inputs": source.inputs,
        **facts,
    }
    kept = stated.pop("default_inputs")
    return create_template(
        tenant_id=actor.tenant_id,  # type: ignore[attr-defined]  # a person: machines save none
        actor=actor,
        name=name,
        workflow_type_id=source.workflow_type_id,
        default_inputs={key: value for key, value in kept.items() if key not in required},
        required_fields=list(required),
        optional_fields=[one for one in optional if one not in required],
        made_from={"draft_id": source.draft_id, "workflow_id": source.workflow_id},
        **stated,
    )
