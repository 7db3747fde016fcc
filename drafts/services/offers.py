"""Which buttons to offer. The services ask the same rules again under the lock."""

from django_fsm import can_proceed

from core.actors import Actor
from drafts.models import Draft

MOVES = {
    "edit": ("drafts.edit_draft", lambda draft: draft.is_editing),
    "submit": ("drafts.submit_draft", lambda draft: can_proceed(draft.mark_pending_review)),
    "withdraw": ("drafts.withdraw_draft", lambda draft: can_proceed(draft.mark_withdrawn)),
    "reopen": ("drafts.reopen_draft", lambda draft: can_proceed(draft.mark_reopened)),
    "discard": ("drafts.discard_draft", lambda draft: can_proceed(draft.mark_discarded)),
    "convert": ("drafts.convert_draft", lambda draft: can_proceed(draft.mark_converted)),
    "share": ("drafts.share_draft", lambda draft: not draft.is_final),
    "comment": ("drafts.comment_draft", lambda draft: draft.status != "discarded"),
}


def may(draft: Draft, *, actor: Actor) -> frozenset[str]:
    """The moves this person could make with the draft as it stands."""
    return frozenset(
        move
        for move, (perm, possible) in MOVES.items()
        if possible(draft) and actor.has_perm(perm, draft)
    )
