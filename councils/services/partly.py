"""Approving a part: what a reviewer left standing is what is approved, and nothing else runs."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid
from core.lifecycle import record
from councils import queries
from councils.models import ReviewRound
from councils.seating import look_again, one_look
from councils.services import notices
from councils.services.deciding import give_verdict, held_for_verdict, said
from councils.services.entries import renew_entry
from councils.states import Decision
from drafts import services as drafts
from drafts.models import Draft, Revision

TRIMMED = "trimmed"


@transaction.atomic
@one_look()
def approve_part(
    *,
    draft_id: str,
    revision_number: int | None,
    actor: Actor,
    without: Sequence[int] = (),
    matching: Sequence[Mapping[str, str]] = (),
    keeping: Sequence[int] = (),
    comment: str = "",
) -> Draft:
    """Untick changes and approve the rest, as the draft's next revision with its own fingerprint.

    ``without`` are positions in the plan of the revision that was read; ``matching`` are filters
    (``group``, ``field``, ``q``) whose changes all go, but for those of ``keeping``. What others
    said was about another plan: it is void, and their seats are asked again.
    """
    draft, round_ = held_for_verdict(draft_id, Decision.APPROVE, revision_number, actor)
    text = said(Decision.APPROVE, comment)
    if revision_number is None:
        raise Invalid({"revision": [_("Say which revision you unticked changes of.")]})
    revision = drafts.trim_draft(
        draft_id=draft_id, actor=actor, without=without, matching=matching, keeping=keeping
    )
    voided = _void_verdicts(round_, actor)
    _move_round(round_, revision)
    look_again()
    draft.refresh_from_db()
    renew_entry(round_, draft)
    draft, given = give_verdict(draft, round_, Decision.APPROVE, text, actor)
    notices.approved_in_part(draft, round_, given, voided)
    return draft


def _void_verdicts(round_: ReviewRound, actor: Actor) -> list[str]:
    """Whose verdicts were about the plan as it was: they are told and asked again."""
    standing = list(queries.standing_verdicts(round_))
    for given in standing:
        given.taken_back_at = timezone.now()
        given.voided_why = TRIMMED
        given.save()
    people = sorted({given.user_id for given in standing})
    if people:
        data = {"why": TRIMMED, "count": len(people), "user_ids": people}
        record("review.verdicts_voided", round_, actor=actor, data=data)
    return people


def _move_round(round_: ReviewRound, revision: Revision) -> None:
    round_.revision = revision
    round_.revision_number = revision.number
    round_.fingerprint = revision.fingerprint
    round_.save()
