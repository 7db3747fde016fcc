"""The steps of a review as the draft takes them; ``councils.services`` decides when."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, IllegalMove, NotAllowed
from core.lifecycle import locked, moving, record
from drafts.models import Draft, Judge, Revision
from drafts.queries import latest_revision, visible_to
from drafts.services.comparing import keep_its_delta
from drafts.states import DraftState
from workflows.models import Plan
from workflows.queries import left_out
from workflows.services import trim_plan

NAMED = 5


def hold_draft(*, draft_id: str, actor: Actor) -> Draft:
    """The draft under its lock until the transaction ends: whoever decides takes this first."""
    return locked(visible_to(actor), draft_id)


@transaction.atomic
def send_to_review(
    *,
    draft_id: str,
    council_id: str,
    actor: Actor,
    note: str = "",
    why: str = "",
    further: Sequence[str] = (),
) -> Revision:
    """Freeze what is there as the next revision and hand it to the council, and to further ones."""
    data: dict[str, object] = {"council_id": council_id, "routed_by": why}
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.submit_draft",
        event="draft.submitted",
        data=data,
    ) as draft:
        plan = draft.plan
        if plan is None:
            raise Conflict(_("There is no preview of these inputs to review."))
        draft.mark_pending_review(council_id, further)
        revision = freeze(draft, plan, actor.user_id, note)
        data |= {"revision": revision.number, "fingerprint": revision.fingerprint}
        if note:
            data["note"] = note
    return revision


@transaction.atomic
def trim_draft(*, draft_id: str, actor: Actor, **unticked: Any) -> Revision:
    """A reviewer leaves changes out: what is left is the draft's plan and its next revision.

    ``unticked`` is what ``workflows.services.trim_plan`` takes. The reviewer wrote nothing, so
    they are no contributor, and the revision stays submitted by whoever submitted it.
    """
    draft = locked(visible_to(actor), draft_id)
    if not actor.has_perm("drafts.decide_draft", draft):
        raise NotAllowed(perm="drafts.decide_draft")
    if draft.status != DraftState.PENDING_REVIEW or draft.plan is None:
        raise IllegalMove(_("Only a draft in review can be trimmed."), state=str(draft.status))
    last = latest_revision(draft)
    if last is None:
        raise Conflict(_("There is no revision of this draft in review."))
    whole, part = draft.plan, trim_plan(plan=draft.plan, actor=actor, **unticked)
    draft.plan = part
    draft.save()
    revision = freeze(draft, part, last.submitted_by_id, last.note)
    state = str(draft.status)
    data = _trimmed(whole, part) | {"revision": revision.number, "fingerprint": part.fingerprint}
    record("draft.trimmed", draft, actor=actor, before=state, after=state, data=data)
    return revision


@transaction.atomic
def widen_review(*, draft_id: str, council_id: str, actor: Actor) -> Draft:
    """One more council sees the draft, because the review was passed on to it."""
    draft = hold_draft(draft_id=draft_id, actor=actor)
    if not actor.has_perm("drafts.widen_review", draft):
        raise NotAllowed(perm="drafts.widen_review")
    if council_id not in draft.further_council_ids:
        draft.further_council_ids = [*draft.further_council_ids, council_id]
        draft.save()
    return draft


def remember_judges(*, draft: Draft, user_ids: Iterable[str]) -> None:
    """Whoever has to look at what ran without approval sees the draft for good."""
    Judge.objects.bulk_create(
        [
            Judge(tenant_id=draft.tenant_id, draft=draft, user_id=user_id)
            for user_id in sorted(set(user_ids))
        ],
        ignore_conflicts=True,
    )


def withdraw_draft(*, draft_id: str, actor: Actor) -> Draft:
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.withdraw_draft",
        event="draft.withdrawn",
    ) as draft:
        draft.mark_withdrawn()
    return draft


def reject_draft(*, draft_id: str, actor: Actor, comment: str) -> Draft:
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.decide_draft",
        event="draft.rejected",
        data={"comment": comment},
    ) as draft:
        draft.mark_rejected(actor.user_id, comment)
    return draft


def request_changes(*, draft_id: str, actor: Actor, comment: str) -> Draft:
    with moving(
        visible_to(actor),
        draft_id,
        actor=actor,
        perm="drafts.decide_draft",
        event="draft.changes_requested",
        data={"comment": comment},
    ) as draft:
        draft.mark_changes_requested(actor.user_id, comment)
    return draft


def remember_judge(*, draft: Draft, actor: Actor) -> None:
    """Whoever gave a verdict keeps seeing the draft, also after its conversion."""
    if actor.user_id is not None:
        Judge.objects.bulk_create(
            [Judge(tenant_id=draft.tenant_id, draft=draft, user_id=actor.user_id)],
            ignore_conflicts=True,
        )


def _trimmed(whole: Plan, part: Plan) -> dict[str, object]:
    """For the audit: how many changes went, and the first of them by name."""
    gone = left_out(part).order_by("position")[:NAMED]
    return {
        "left_out": whole.change_count - part.change_count,
        "kept": part.change_count,
        "first": [f"{change.label} · {change.field}" for change in gone],
    }


def freeze(draft: Draft, plan: Plan, submitted_by_id: str | None, note: str = "") -> Revision:
    """The next revision: what is there now, for good."""
    keep_its_delta(draft)
    last = latest_revision(draft)
    return Revision.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        number=last.number + 1 if last else 1,
        workflow_type_id=draft.workflow_type_id,
        name=draft.name,
        purpose=draft.purpose,
        inputs=draft.inputs,
        preview_data=draft.preview_data,
        plan=plan,
        fingerprint=plan.fingerprint,
        note=note,
        submitted_by_id=submitted_by_id,
    )
