"""What time does to a review: claims run out, people are reminded, and it is passed on."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.actors import SystemActor
from core.lifecycle import record
from councils import queries
from councils.models import Council, ReviewRound
from councils.services import tidings
from councils.services.entries import sync_round
from councils.states import RoundState
from drafts import services as drafts
from drafts.models import Draft

KEEPER = SystemActor("timekeeper", grants=frozenset({"drafts.widen_review"}))


@transaction.atomic
def keep_time(*, round_id: str) -> bool:
    """Do what is due for one round; False when nothing is. Safe to run twice.

    The draft's lock comes first, as for every verdict, and the row is read again under it.
    """
    found = ReviewRound.objects.filter(pk=round_id).values_list("draft_id", flat=True).first()
    if found is None:
        return False
    draft = drafts.hold_draft(draft_id=found, actor=KEEPER)
    round_ = ReviewRound.objects.select_related("council", "escalated_to", "draft").get(pk=round_id)
    if round_.state != RoundState.OPEN:
        return False
    now = timezone.now()
    done = _end_claim(round_, now)
    if _is_over(round_, now):
        _escalate(round_, draft, now)
        done = True
    elif round_.remind_at and round_.remind_at <= now and round_.reminded_at is None:
        _remind(round_, draft, now)
        done = True
    return done


def _end_claim(round_: ReviewRound, now: datetime) -> bool:
    if round_.claimed_until is None or round_.claimed_until > now:
        return False
    data = {"user_id": round_.claimed_by_id}
    round_.claimed_by = round_.claimed_until = None
    round_.save()
    sync_round(round_, round_.draft)
    record("review.claim_expired", round_, actor=KEEPER, data=data)
    return True


def _is_over(round_: ReviewRound, now: datetime) -> bool:
    """Once for each due time: after the next council was asked it has a due time of its own."""
    if round_.due_at is None or round_.due_at > now:
        return False
    return round_.escalated_at is None or round_.escalated_at < round_.due_at


def _remind(round_: ReviewRound, draft: Draft, now: datetime) -> None:
    round_.reminded_at = now
    round_.save()
    entry = sync_round(round_, draft)
    people = entry.waiting_for if entry else []
    record("review.reminded", round_, actor=KEEPER, data={"user_ids": people})
    tidings.reminded(draft, round_, people)


def _escalate(round_: ReviewRound, draft: Draft, now: datetime) -> None:
    """To the next council, whose people may then fill the open seats too; after that to the
    owners, who can seat somebody or see to it themselves."""
    next_council = _next_council(round_)
    fresh = sync_round(round_, draft)
    asked = set(fresh.waiting_for if fresh else [])
    round_.escalated_at = round_.reminded_at = now
    if next_council is not None:
        hours = getattr(next_council, f"hours_{round_.priority}")
        round_.escalated_to = next_council
        round_.further_council_ids = [*round_.further_council_ids, next_council.pk]
        round_.due_at = now + timedelta(hours=hours)
        round_.remind_at = now + timedelta(hours=hours) * 0.75
        round_.reminded_at = None
        drafts.widen_review(draft_id=draft.pk, council_id=next_council.pk, actor=KEEPER)
    round_.save()
    entry = sync_round(round_, draft)
    newly = set(entry.waiting_for if entry else []) - asked
    people = newly or set(queries.owner_ids(round_.tenant_id))
    data = {"council_id": next_council.pk if next_council else None, "user_ids": sorted(people)}
    record("review.escalated", round_, actor=KEEPER, data=data)
    tidings.escalated(draft, round_, people)


def _next_council(round_: ReviewRound) -> Council | None:
    """None when the owners are next: no such council, it rests, or it was asked already."""
    found = round_.council.escalates_to
    if round_.escalated_to_id or found is None or not found.is_active:
        return None
    return found if found.pk not in round_.further_council_ids else None
