"""The dry run of a draft: made at once when it is small, by a worker when it is large."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, DomainError, IllegalMove, NotAllowed
from core.lifecycle import locked, record
from drafts import tasks
from drafts.models import Draft
from drafts.queries import has_at_most, visible_to
from drafts.services.carrying import carry_over_at_once
from drafts.services.comparing import keep_its_delta
from drafts.states import PreviewState
from tenants.actors import Person
from tenants.queries import membership
from workflows.models import Plan
from workflows.services import make_plan, plan_is_fresh, validate_inputs

INLINE_TARGETS = 2_000
GIVE_UP_AFTER = timedelta(minutes=15)


def preview_draft(*, draft_id: str, actor: Actor) -> Draft:
    """Make the plan of the inputs as they stand, or ask a worker to when it has many targets.

    Afterwards either ``draft.plan`` is new, or ``draft.preview_state`` is ``computing``.
    """
    draft = _previewable(draft_id, actor)
    validate_inputs(draft.workflow_type_id, draft.inputs)
    if has_at_most(draft, INLINE_TARGETS):
        return carry_over_at_once(_put(draft, _plan(draft, actor), actor), actor)
    with transaction.atomic():
        draft = locked(visible_to(actor), draft_id)
        draft.preview_state = PreviewState.COMPUTING
        draft.preview_asked_at = timezone.now()
        draft.preview_asked_by_id = actor.user_id
        draft.preview_problem = None
        draft.save()
        tasks.preview.publish(tenant_id=draft.tenant_id, draft_id=draft.pk)
    return draft


def compute_preview(*, draft_id: str) -> bool:
    """The worker's half; safe to run twice. False when nobody waits for it any more."""
    draft = Draft.objects.filter(pk=draft_id, preview_state=PreviewState.COMPUTING).first()
    if draft is None or not draft.is_editing:
        return False
    actor = _who_asked(draft)
    try:
        with transaction.atomic():
            carry_over_at_once(_put(draft, _plan(draft, actor), actor), actor)
    except DomainError as refused:
        _give_up(draft, str(refused), refused.fields)
    return True


def _who_asked(draft: Draft) -> Person:
    """With the role they have now: whoever has left the tenant gets no preview."""
    user = draft.preview_asked_by
    if user is None:
        raise NotAllowed(perm="drafts.preview_draft")
    place = membership(user, draft.tenant_id)
    return Person(user=user, tenant_id=draft.tenant_id, role=place.role if place else "")


def give_up_preview(*, draft_id: str) -> bool:
    """Say so when a worker has not answered for a long time, instead of waiting for ever."""
    before = timezone.now() - GIVE_UP_AFTER
    draft = Draft.objects.filter(
        pk=draft_id, preview_state=PreviewState.COMPUTING, preview_asked_at__lt=before
    ).first()
    if draft is None:
        return False
    _give_up(draft, _("The preview was not finished in time. Ask for it again."), {})
    return True


@transaction.atomic
def ensure_plan(*, draft_id: str, actor: Actor) -> Draft:
    """The draft under its lock, with a plan that still fits the shop; made anew if need be."""
    draft = locked(visible_to(actor), draft_id)
    if not actor.has_perm("drafts.preview_draft", draft):
        raise NotAllowed(perm="drafts.preview_draft")
    _require_editing(draft)
    if draft.plan is not None and plan_is_fresh(draft.plan):
        return draft
    return _put(draft, _plan(draft, actor), actor)


def _previewable(draft_id: str, actor: Actor) -> Draft:
    draft = locked(visible_to(actor), draft_id)
    if not actor.has_perm("drafts.preview_draft", draft):
        raise NotAllowed(perm="drafts.preview_draft")
    _require_editing(draft)
    return draft


def _require_editing(draft: Draft) -> None:
    if not draft.is_editing:
        raise IllegalMove(_("Only a draft in editing can be previewed."), state=str(draft.status))


def _plan(draft: Draft, actor: Actor) -> Plan:
    return make_plan(
        tenant_id=draft.tenant_id,
        workflow_type_id=draft.workflow_type_id,
        inputs=draft.inputs,
        draft_id=draft.pk,
        seed=draft.seed or draft.pk,
        actor=actor,
    )


@transaction.atomic
def _put(draft: Draft, plan: Plan, actor: Actor) -> Draft:
    """Only onto the inputs it was made of: somebody may have written while the worker counted."""
    held = locked(Draft, draft.pk)
    if held.version != draft.version or not held.is_editing:
        raise Conflict(_("The draft was changed while its preview was made. Preview it again."))
    held.plan = plan
    held.preview_state = PreviewState.NONE
    held.preview_problem = None
    held.save()
    keep_its_delta(held)
    state = str(held.status)
    data = {"fingerprint": plan.fingerprint, "change_count": plan.change_count}
    record("draft.previewed", held, actor=actor, before=state, after=state, data=data)
    return held


@transaction.atomic
def _give_up(draft: Draft, text: str, fields: dict[str, list[object]]) -> None:
    held = locked(Draft, draft.pk)
    if held.preview_state != PreviewState.COMPUTING or held.version != draft.version:
        return
    held.preview_state = PreviewState.FAILED
    errors = {name: [str(error) for error in found] for name, found in fields.items()}
    held.preview_problem = {"detail": text, "errors": errors}
    held.save()
