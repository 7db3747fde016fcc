"""Show a draft to one more member of the tenant, or stop showing it."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import IllegalMove, Invalid, NotAllowed, NotFound
from core.lifecycle import locked, record
from drafts.models import Draft, DraftShare
from drafts.queries import visible_to
from tenants.models import Membership, Role


@transaction.atomic
def share_draft(*, draft_id: str, user_id: str, actor: Actor, may_edit: bool = False) -> DraftShare:
    """Shares again with another ``may_edit`` to change it. The person has to be a member."""
    draft = _held(draft_id, actor)
    if draft.is_final:
        raise IllegalMove(_("This draft is finished."), state=str(draft.status))
    membership = Membership.objects.filter(tenant_id=draft.tenant_id, user_id=user_id).first()
    if membership is None:
        raise Invalid({"user_id": [_("Nobody of this id is a member here.")]})
    if user_id == draft.created_by_id:
        raise Invalid({"user_id": [_("This is the draft's author.")]})
    if may_edit and membership.role == Role.VIEWER:
        raise Invalid({"may_edit": [_("Viewers can read drafts but not edit them.")]})
    share, created = DraftShare.objects.get_or_create(
        tenant_id=draft.tenant_id,
        draft=draft,
        user_id=user_id,
        defaults={"may_edit": may_edit, "shared_by_id": actor.user_id},
    )
    changed = created or share.may_edit != may_edit
    if changed:
        share.may_edit = may_edit
        share.save()
        data = {"user_id": user_id, "may_edit": may_edit}
        record("draft.shared", draft, actor=actor, data=data)
    return share


@transaction.atomic
def unshare_draft(*, draft_id: str, user_id: str, actor: Actor) -> Draft:
    draft = _held(draft_id, actor)
    gone, _models = DraftShare.objects.filter(draft=draft, user_id=user_id).delete()
    if not gone:
        raise NotFound
    record("draft.unshared", draft, actor=actor, data={"user_id": user_id})
    return draft


def _held(draft_id: str, actor: Actor) -> Draft:
    draft = locked(visible_to(actor), draft_id)
    if not actor.has_perm("drafts.share_draft", draft):
        raise NotAllowed(perm="drafts.share_draft")
    return draft
