"""Who is told of what in a review; each once, in the transaction of the move."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from councils import queries
from councils.models import ReviewRound, Verdict
from councils.states import Decision
from drafts.models import Draft
from notifications.services import notify

SUBJECTS = {
    Decision.APPROVE: "{who} approved “{draft}”",
    Decision.REJECT: "{who} rejected “{draft}”",
    Decision.REQUEST_CHANGES: "{who} asks for changes to “{draft}”",
}


def review_asked(draft: Draft, round_: ReviewRound, people: Iterable[str]) -> None:
    _tell(
        draft,
        people,
        kind="review.asked",
        subject=_("“{draft}” waits for your review").format(draft=draft.name),
        text=draft.plan.summary.get("effect", "") if draft.plan else "",
        url=f"/portal/reviews/{draft.pk}",
        key=f"{round_.pk}:asked",
    )


def verdict_given(draft: Draft, round_: ReviewRound, given: Verdict) -> None:
    """The author, everyone who wrote in it and everyone who spoke: each but the one who decided."""
    subject = _(SUBJECTS[Decision(given.decision)])
    _tell(
        draft,
        _participants(draft, round_) - {given.user_id},
        kind="review.verdict",
        subject=subject.format(who=given.user, draft=draft.name),
        text=given.comment,
        url=f"/portal/workflows/drafts/{draft.pk}",
        key=f"{given.pk}:given",
    )


def verdict_taken_back(draft: Draft, round_: ReviewRound, given: Verdict) -> None:
    _tell(
        draft,
        _participants(draft, round_) - {given.user_id},
        kind="review.taken_back",
        subject=_("{who} took the approval of “{draft}” back").format(
            who=given.user, draft=draft.name
        ),
        text="",
        url=f"/portal/workflows/drafts/{draft.pk}",
        key=f"{given.pk}:taken_back",
    )


def _participants(draft: Draft, round_: ReviewRound) -> set[str]:
    spoke = queries.standing_verdicts(round_).values_list("user_id", flat=True)
    return queries.barred_ids(draft) | set(spoke)


def _tell(
    draft: Draft,
    people: Iterable[str],
    *,
    kind: str,
    subject: str,
    text: str,
    url: str,
    key: str,
) -> None:
    notify(
        tenant_id=draft.tenant_id,
        user_ids=people,
        kind=kind,
        subject=subject,
        text=text,
        url=url,
        dedupe_key=key,
    )
