"""The queue rows: copies, written anew whenever their round or their people change."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from councils import queries
from councils.models import ReviewEntry, ReviewRound
from councils.quorum import Place, filled, open_stage, open_to, seated
from councils.seating import table_of
from councils.states import RoundState
from drafts.models import Draft
from tenants.queries import tenant


def open_entry(round_: ReviewRound, draft: Draft) -> ReviewEntry:
    entry = ReviewEntry.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        round=round_,
        council_id=round_.council_id,
        tenant_name=tenant(draft.tenant_id).name,
        council_name=round_.council.name,
        name=draft.name,
        workflow_type_id=draft.workflow_type_id,
        author_id=draft.created_by_id,
        author_name=str(draft.created_by),
        opened_at=round_.opened_at,
        **_of_the_plan(round_, draft),
    )
    return sync_entry(entry, round_, barred=queries.barred_ids(draft))


def renew_entry(round_: ReviewRound, draft: Draft) -> ReviewEntry | None:
    """Another revision is in review now: what the queue shows of its plan is that one's."""
    ReviewEntry.objects.filter(round=round_).update(**_of_the_plan(round_, draft))
    return sync_round(round_, draft)


def _of_the_plan(round_: ReviewRound, draft: Draft) -> dict[str, Any]:
    summary = draft.plan.summary if draft.plan else {}
    return {
        "revision_number": round_.revision_number,
        "effect": summary.get("effect", ""),
        "risk": (summary.get("risk") or {}).get("level", ""),
        "facts": {
            "counts": summary.get("counts", {}),
            "metrics": summary.get("metrics", []),
            "impact": summary.get("impact"),
            "origin": _origin(draft),
        },
    }


def _origin(draft: Draft) -> str:
    """Where it began: a machine's proposal, a template, or a person's own idea."""
    if draft.created_from_proposal_id:
        return "proposal"
    return "template" if draft.created_from_template_id else ""


def sync_round(round_: ReviewRound, draft: Draft) -> ReviewEntry | None:
    entry = ReviewEntry.objects.filter(round=round_).first()
    return sync_entry(entry, round_, barred=queries.barred_ids(draft)) if entry else None


def sync_entry(entry: ReviewEntry, round_: ReviewRound, *, barred: Iterable[str]) -> ReviewEntry:
    places = queries.places(round_)
    approvers = queries.approvers(round_)
    spoke = [given.user_id for given in table_of(round_).said]
    entry.state = round_.state
    entry.closed_at = round_.closed_at
    entry.seats = seat_facts(round_, places, approvers)
    _copy_times(entry, round_)
    entry.spoke = sorted(set(spoke))
    entry.waiting_for = (
        _waiting_for(places, approvers, {*barred, *spoke})
        if round_.state == RoundState.OPEN
        else []
    )
    entry.save()
    return entry


def _copy_times(entry: ReviewEntry, round_: ReviewRound) -> None:
    entry.further_council_ids = round_.further_council_ids
    entry.priority = round_.priority
    entry.due_at = round_.due_at
    entry.escalated_at = round_.escalated_at
    entry.claimed_by_id = round_.claimed_by_id or ""
    entry.claimed_by_name = str(round_.claimed_by or "")
    entry.claimed_until = round_.claimed_until


def sync_council(council_id: str) -> None:
    """Somebody was seated or left: the open rounds of this council wait for other people now."""
    theirs = Q(council_id=council_id) | Q(further_council_ids__contains=[council_id])
    sync_open_rounds(ReviewRound.objects.filter(theirs))


def sync_open_rounds(rounds: QuerySet[ReviewRound]) -> None:
    open_rounds = rounds.filter(state=RoundState.OPEN)
    for round_ in open_rounds.select_related("draft", "council"):
        sync_round(round_, round_.draft)


def seat_facts(
    round_: ReviewRound, places: list[Place], approvers: list[str]
) -> list[dict[str, object]]:
    """The seats as lists and the API show them: name, how many are needed, how many there are."""
    counts = filled(places, seated(places, approvers))
    stage = open_stage(places, approvers)
    return [
        {
            "id": item.pk,
            "name": item.name,
            "council": item.council_name,
            "stage": item.stage,
            "needed": item.needed,
            "filled": counts.get(item.pk, 0),
            "is_open": stage is not None and item.stage <= stage,
        }
        for item in queries.round_seats(round_)
    ]


def _waiting_for(places: list[Place], approvers: list[str], not_these: set[str]) -> list[str]:
    everyone = {person for place in places for person in place.holders} - not_these
    return sorted(person for person in everyone if open_to(places, approvers, person))
