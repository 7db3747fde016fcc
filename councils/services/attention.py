"""Looking before saying yes: which red items a reviewer has opened, and which are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import Actor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from councils import queries
from councils.models import Opened, ReviewRound
from councils.red import RedItem, red_items
from drafts.models import Draft
from drafts.queries import draft_for
from drafts.states import DraftState

NAMED = 10


class RedItemsLeft(Conflict):
    code = "red_items_unopened"


@dataclass(frozen=True, slots=True)
class Attention:
    """``items`` of the plan in review, with when this person opened each."""

    items: tuple[tuple[RedItem, datetime | None], ...] = ()

    @property
    def left(self) -> list[RedItem]:
        return [item for item, opened_at in self.items if opened_at is None]

    @property
    def opened(self) -> int:
        return len(self.items) - len(self.left)


def attention_of(draft: Draft, *, actor: Actor) -> Attention:
    items = red_items(draft.plan)
    if not items or draft.plan is None:
        return Attention()
    marks = queries.opened_items(draft, draft.plan.fingerprint, actor.user_id)
    return Attention(tuple((item, marks.get(item.key)) for item in items))


@transaction.atomic
def open_items(*, draft_id: str, items: Sequence[str], actor: Actor) -> Attention:
    """Remember that this reviewer opened these red items of the plan in review now."""
    draft = draft_for(actor, draft_id)
    if actor.user_id is None or not actor.has_perm("drafts.decide_draft", draft):
        raise NotAllowed(perm="drafts.decide_draft")
    round_ = queries.open_round(draft)
    if draft.status != DraftState.PENDING_REVIEW or round_ is None:
        raise IllegalMove(_("This draft is not in review."), state=str(draft.status))
    known = {item.key for item in red_items(draft.plan)}
    if unknown := [key for key in items if key not in known]:
        raise Invalid({"items": [_("“{item}” is not a red item.").format(item=unknown[0])]})
    made = [
        Opened(
            tenant_id=draft.tenant_id,
            draft=draft,
            user_id=actor.user_id,
            revision_number=round_.revision_number,
            fingerprint=round_.fingerprint,
            item=key,
        )
        for key in dict.fromkeys(items)
    ]
    Opened.objects.bulk_create(made, ignore_conflicts=True)
    return attention_of(draft, actor=actor)


def require_opened(draft: Draft, round_: ReviewRound, *, actor: Actor) -> None:
    """A yes to a high-risk draft needs every red item opened by the one who gives it."""
    left = attention_of(draft, actor=actor).left
    if not left:
        return
    said = ngettext(
        "{n} red item is still to be opened: {items}.",
        "{n} red items are still to be opened: {items}.",
        len(left),
    )
    names = [item.title for item in left[:NAMED]]
    raise RedItemsLeft(
        said.format(n=len(left), items="; ".join(names) + ("; …" if len(left) > NAMED else "")),
        unopened=[{"item": item.key, "title": item.title} for item in left],
        revision=round_.revision_number,
    )
