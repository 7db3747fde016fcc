"""Who is told of what in a review; each once, in the transaction of the move."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from councils import queries
from councils.models import Advice, ReviewEntry, ReviewRound, Verdict
from councils.services.delta import asked_details, said_details
from councils.states import Decision, RoundState
from drafts.models import Draft
from notifications.services import notify

SUBJECTS = {
    Decision.APPROVE: "{who} approved “{draft}”",
    Decision.REJECT: "{who} rejected “{draft}”",
    Decision.REQUEST_CHANGES: "{who} asks for changes to “{draft}”",
}


def review_asked(draft: Draft, round_: ReviewRound, people: Iterable[str]) -> None:
    people = set(people)
    _tell(
        draft,
        people,
        kind="review.asked",
        subject=_("“{draft}” waits for your review").format(draft=draft.name),
        text=draft.plan.summary.get("effect", "") if draft.plan else "",
        details=asked_details(draft, round_, people),
        url=f"/portal/reviews/{draft.pk}",
        key=f"{round_.pk}:asked",
    )


def verdict_given(draft: Draft, round_: ReviewRound, given: Verdict) -> None:
    """All participants but the one who decided, each with the words that came with it."""
    subject = _(SUBJECTS[Decision(given.decision)])
    _tell_participants(
        draft,
        {given.user_id},
        kind="review.verdict",
        subject=subject.format(who=given.user, draft=draft.name),
        text=given.comment,
        details=said_details(draft, round_, given.user, given.comment),
        key=f"{given.pk}:given",
    )


def approved_in_part(
    draft: Draft, round_: ReviewRound, given: Verdict, voided: Iterable[str]
) -> None:
    """Who spoke before is asked again; everyone else learns that a part was approved."""
    again = set(voided) - {given.user_id}
    part = (draft.plan.summary.get("part") or {}) if draft.plan else {}
    share = {"kept": part.get("kept", 0), "total": part.get("total", 0)}
    _tell(
        draft,
        again,
        kind="review.asked_again",
        subject=_("“{draft}” was cut to {kept} of {total} changes: please look again").format(
            draft=draft.name, **share
        ),
        text=_("What you said was about the whole plan, so it is void. {who} wrote: {text}").format(
            who=given.user, text=given.comment or "–"
        ),
        details=asked_details(draft, round_, again),
        url=f"/portal/reviews/{draft.pk}",
        key=f"{given.pk}:asked_again",
    )
    subject = _("{who} approved {kept} of {total} changes of “{draft}”")
    _tell_participants(
        draft,
        again | {given.user_id},
        kind="review.verdict",
        subject=subject.format(who=given.user, draft=draft.name, **share),
        text=given.comment,
        details=said_details(draft, round_, given.user, given.comment),
        key=f"{given.pk}:given",
    )


def advice_given(draft: Draft, round_: ReviewRound, who: str, made: Advice) -> None:
    """A guest's advice: those who decide, and those who take part."""
    entry = ReviewEntry.objects.filter(draft=draft, state=RoundState.OPEN).first()
    deciding = set(entry.waiting_for) if entry else set()
    subject = _("{who} on “{draft}”: {stance}")
    said = subject.format(who=who, draft=draft.name, stance=made.get_stance_display())
    told: dict[str, Any] = {
        "kind": "review.advice",
        "subject": said,
        "text": made.text,
        "details": said_details(draft, round_, who, made.text),
        "key": f"{made.pk}:given",
    }
    _tell(draft, deciding, url=f"/portal/reviews/{draft.pk}#thread", **told)
    _tell_participants(draft, deciding, **told)


def verdict_taken_back(draft: Draft, round_: ReviewRound, given: Verdict) -> None:
    subject = _("{who} took the approval of “{draft}” back")
    _tell_participants(
        draft,
        {given.user_id},
        kind="review.taken_back",
        subject=subject.format(who=given.user, draft=draft.name),
        text="",
        details=said_details(draft, round_, given.user, ""),
        key=f"{given.pk}:taken_back",
    )


def _tell_participants(draft: Draft, without: set[str], **told: Any) -> None:
    """Those who wrote in it are led to the draft; those who judged or spoke to its review,
    which members of a shared council can open as well."""
    authors = queries.barred_ids(draft)
    others = queries.spoke_in(draft) - authors
    for people, url in (
        (authors, f"/portal/workflows/drafts/{draft.pk}"),
        (others, f"/portal/reviews/{draft.pk}"),
    ):
        _tell(draft, people - without, url=url, **told)


def _tell(
    draft: Draft,
    people: Iterable[str],
    *,
    kind: str,
    subject: str,
    text: str,
    details: dict[str, object],
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
        details=details,
        dedupe_key=key,
    )
