"""Say something about a draft, one of its fields or one planned change; settle it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import IllegalMove, Invalid, NotAllowed, NotFound
from core.lifecycle import record
from drafts.models import Comment, Draft
from drafts.queries import draft_for, latest_revision
from drafts.services.content import TEXT_LIMIT
from drafts.services.mentions import mentioned_in, tell
from drafts.states import DraftState
from workflows.models import PlannedChange
from workflows.types import registry


@transaction.atomic
def comment(
    *,
    draft_id: str,
    text: str,
    actor: Actor,
    field: str = "",
    planned_change_id: int | None = None,
    parent_id: str | None = None,
    mentions: Sequence[str] = (),
) -> Comment:
    """On the draft, an input (``field``) or one planned change; or a reply to a comment.

    People are called by ``@name`` in the text or by their ids in ``mentions``; they are told.
    """
    draft, author_id = _commentable(draft_id, actor)
    parent = _parent(draft, parent_id)
    about = _about(draft, field, planned_change_id)
    revision = latest_revision(draft)
    said = _said(text)
    made = Comment.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        parent=parent,
        author_id=author_id,
        text=said,
        mentioned=mentioned_in(said, draft, actor, mentions),
        field=field,
        planned_change_id=planned_change_id,
        about=about,
        revision_number=revision.number if revision else None,
    )
    made.refresh_from_db()
    data: dict[str, object] = {"comment_id": made.pk}
    data |= {"about": about} if about else {}
    data |= {"mentioned": made.mentioned} if made.mentioned else {}
    record("draft.commented", draft, actor=actor, data=data)
    tell(draft, made, actor)
    return made


def resolve_comment(*, draft_id: str, comment_id: str, actor: Actor) -> Comment:
    return _settle(draft_id, comment_id, actor, resolved=True)


def reopen_comment(*, draft_id: str, comment_id: str, actor: Actor) -> Comment:
    return _settle(draft_id, comment_id, actor, resolved=False)


@transaction.atomic
def _settle(draft_id: str, comment_id: str, actor: Actor, *, resolved: bool) -> Comment:
    draft, _author_id = _commentable(draft_id, actor)
    found = Comment.objects.select_for_update().filter(pk=comment_id, draft=draft).first()
    if found is None:
        raise NotFound
    if found.parent_id:
        raise Invalid({"comment_id": [_("Only the first comment of a thread is resolved.")]})
    if (found.resolved_at is not None) == resolved:
        return found
    found.resolved_at = timezone.now() if resolved else None
    found.resolved_by_id = actor.user_id if resolved else None
    found.save()
    kind = "draft.comment_resolved" if resolved else "draft.comment_reopened"
    record(kind, draft, actor=actor, data={"comment_id": found.pk})
    return found


def _commentable(draft_id: str, actor: Actor) -> tuple[Draft, str]:
    """The draft, and which person speaks: machines don't."""
    draft = draft_for(actor, draft_id)
    if actor.user_id is None or not actor.has_perm("drafts.comment_draft", draft):
        raise NotAllowed(perm="drafts.comment_draft")
    if draft.status == DraftState.DISCARDED:
        raise IllegalMove(_("This draft was discarded."), state=str(draft.status))
    return draft, actor.user_id


def _said(text: object) -> str:
    said = text.strip() if isinstance(text, str) else ""
    if not said:
        raise Invalid({"text": [_("Write something first.")]})
    if len(said) > TEXT_LIMIT or "\x00" in said:
        raise Invalid({"text": [_("At most {limit} characters.").format(limit=TEXT_LIMIT)]})
    return said


def _parent(draft: Draft, parent_id: str | None) -> Comment | None:
    if not parent_id:
        return None
    parent = Comment.objects.filter(pk=parent_id, draft=draft, parent=None).first()
    if parent is None:
        raise Invalid({"parent_id": [_("There is no such comment to reply to.")]})
    return parent


def _about(draft: Draft, field: str, planned_change_id: int | None) -> str:
    if field and planned_change_id is not None:
        raise Invalid({"field": [_("A comment is on a field or on a change, not on both.")]})
    if field:
        return _field_title(draft, field)
    if planned_change_id is None:
        return ""
    change = PlannedChange.objects.filter(pk=planned_change_id, plan__draft_id=draft.pk).first()
    if change is None:
        raise Invalid({"planned_change_id": [_("There is no such change in this draft.")]})
    return f"{change.label}, {change.field}" if change.field else change.label


def _field_title(draft: Draft, field: str) -> str:
    own = {"name": _("Name"), "purpose": _("Purpose")}
    inputs = registry.get(draft.workflow_type_id).Inputs.model_fields
    if field in own:
        return str(own[field])
    if field not in inputs:
        raise Invalid({"field": [_("This draft has no such field.")]})
    return str(inputs[field].title or field)[:300]
