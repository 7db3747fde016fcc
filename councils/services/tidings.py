"""Who is told when time has passed over a review, a say is lent, or approval was done without."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.models import AfterReview, Delegation, ReviewRound
from councils.services.delta import asked_details, draft_details, plan_details
from drafts.models import Draft
from notifications.services import notify


def reminded(draft: Draft, round_: ReviewRound, people: Iterable[str]) -> None:
    people = set(people)
    _tell(
        draft,
        people,
        kind="review.reminder",
        subject=_("“{draft}” still waits for your review").format(draft=draft.name),
        text=_("It should be decided by {due}.").format(due=_when(round_.due_at)),
        url=f"/portal/reviews/{draft.pk}",
        details=asked_details(draft, round_, people),
        key=f"{round_.pk}:reminded:{_stamp(round_.reminded_at)}",
    )


def escalated(draft: Draft, round_: ReviewRound, people: Iterable[str]) -> None:
    """The people of the next council, who may decide now; without one the owners."""
    people = set(people)
    _tell(
        draft,
        people,
        kind="review.escalated",
        subject=_("“{draft}” was not decided in time").format(draft=draft.name),
        text=_("{council} did not decide it in time, so it was passed on to you.").format(
            council=round_.council.name
        ),
        url=f"/portal/reviews/{draft.pk}",
        details=asked_details(draft, round_, people),
        key=f"{round_.pk}:escalated:{_stamp(round_.escalated_at)}",
    )


def assigned(draft: Draft, round_: ReviewRound, people: Iterable[str]) -> None:
    people = set(people)
    _tell(
        draft,
        people,
        kind="review.assigned",
        subject=_("“{draft}” was given to you to review").format(draft=draft.name),
        text="",
        url=f"/portal/reviews/{draft.pk}",
        details=asked_details(draft, round_, people),
        key=f"{round_.pk}:assigned:{_stamp(timezone.now())}",
    )


def delegated(made: Delegation, people: Iterable[str]) -> None:
    subject = _("{to} decides for {who} from {start} to {end}")
    _tell_of_delegation(made, people, "delegation.made", subject, "made")


def delegation_over(made: Delegation, people: Iterable[str]) -> None:
    subject = _("{to} does not decide for {who} any more")
    _tell_of_delegation(made, people, "delegation.over", subject, "over")


def _tell_of_delegation(
    made: Delegation, people: Iterable[str], kind: str, subject: str, key: str
) -> None:
    last = made.ends_at - timedelta(seconds=1)
    notify(
        tenant_id=str(made.tenant_id),
        user_ids=people,
        kind=kind,
        subject=subject.format(
            to=made.to_user, who=made.from_user, start=_when(made.starts_at), end=_when(last)
        ),
        text=made.reason,
        url="/portal/settings/councils/delegations",
        dedupe_key=f"{made.pk}:{key}",
    )


def broken_glass(draft: Draft, after: AfterReview, people: Iterable[str]) -> None:
    text = _("{who} said: “{reason}” Look at it afterwards, by {due}.")
    _tell(
        draft,
        people,
        kind="review.break_glass",
        subject=_("{who} approved “{draft}” without a review").format(
            who=after.broken_by, draft=draft.name
        ),
        text=text.format(who=after.broken_by, reason=after.reason, due=_when(after.due_at)),
        url=f"/portal/reviews/{draft.pk}/after",
        details=plan_details(draft),
        key=f"{after.pk}:opened",
    )


def after_review_closed(draft: Draft, after: AfterReview, people: Iterable[str]) -> None:
    subject = _("{who} looked at the run of “{draft}” without approval: {verdict}")
    _tell(
        draft,
        people,
        kind="review.after_closed",
        subject=subject.format(
            who=after.closed_by, draft=draft.name, verdict=after.get_state_display()
        ),
        text=after.text,
        url=f"/portal/reviews/{draft.pk}/after",
        key=f"{after.pk}:closed",
    )


def after_review_overdue(draft: Draft, after: AfterReview, people: Iterable[str]) -> None:
    _tell(
        draft,
        people,
        kind="review.after_overdue",
        subject=_("Nobody looked at the run of “{draft}” without approval").format(
            draft=draft.name
        ),
        text=_("It was due by {due}. Owners and admins may close it now as well.").format(
            due=_when(after.due_at)
        ),
        url=f"/portal/reviews/{draft.pk}/after",
        key=f"{after.pk}:overdue",
    )


def _when(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j M Y, H:i") if at else "–"


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _tell(
    draft: Draft,
    people: Iterable[str],
    *,
    kind: str,
    subject: str,
    text: str,
    url: str,
    key: str,
    details: dict[str, object] | None = None,
) -> None:
    notify(
        tenant_id=draft.tenant_id,
        user_ids=people,
        kind=kind,
        subject=subject,
        text=text,
        url=url,
        details=details or draft_details(draft),
        dedupe_key=key,
    )
