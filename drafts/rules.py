"""Who may do what with a draft. UI, API, admin and tasks ask these and no others.

``drafts.decide_draft`` (approve, reject, request changes, take back) is a council's business:
``councils.rules`` says who holds it.
"""

import rules
from django.db.models import Exists, OuterRef, Q

from core.scope import require_tenant_id
from drafts.models import DraftShare, Judge
from drafts.states import FINAL
from tenants.rules import is_editor, is_manager, is_writer


@rules.predicate
def is_author(actor, draft):
    return draft.created_by_id == actor.user_id


@rules.predicate
def may_edit_by_share(actor, draft):
    return DraftShare.objects.filter(
        draft_id=draft.pk, user_id=actor.user_id, may_edit=True
    ).exists()


def seen_by(actor) -> Q:
    """The drafts a person may know of: the one rule behind every page, list, count and search.

    Machines see what their task names. Owners and admins see all of their tenant; others what
    they wrote or were shown; members of a council its drafts from the first submission until
    conversion, and afterwards those they judged.
    """
    if actor.user_id is None or _runs_this_tenant(actor):
        return Q()
    shown = DraftShare.objects.filter(draft_id=OuterRef("pk"), user_id=actor.user_id)
    judged = Judge.objects.filter(draft_id=OuterRef("pk"), user_id=actor.user_id)
    visible = Q(Exists(judged))
    if actor.role and actor.tenant_id == require_tenant_id():
        visible |= Q(created_by_id=actor.user_id) | Q(Exists(shown))
    if actor.council_ids:
        theirs = Q(assigned_council_id__in=actor.council_ids) | Q(
            further_council_ids__overlap=list(actor.council_ids)
        )
        visible |= theirs & Q(submitted_at__isnull=False) & ~Q(status__in=FINAL)
    return visible


def _runs_this_tenant(actor) -> bool:
    return actor.tenant_id == require_tenant_id() and actor.role in ("owner", "admin")


@rules.predicate
def sees(actor, draft):
    return type(draft).objects.filter(seen_by(actor), pk=draft.pk).exists()


writes_in_it = is_manager | (is_editor & (is_author | may_edit_by_share))
owns_it = is_manager | (is_editor & is_author)

rules.add_perm("drafts.view_draft", sees)
rules.add_perm("drafts.create_draft", is_writer)
rules.add_perm("drafts.edit_draft", writes_in_it)
rules.add_perm("drafts.preview_draft", writes_in_it)
rules.add_perm("drafts.submit_draft", writes_in_it)
rules.add_perm("drafts.withdraw_draft", writes_in_it)
rules.add_perm("drafts.reopen_draft", writes_in_it)
rules.add_perm("drafts.discard_draft", writes_in_it)
rules.add_perm("drafts.share_draft", owns_it)
rules.add_perm("drafts.convert_draft", owns_it)
rules.add_perm("drafts.approve_by_carry_over", owns_it)
rules.add_perm("drafts.comment_draft", sees)
rules.add_perm("drafts.set_tolerance", is_manager)
