"""Running without approval in an emergency, and the look that is taken at it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from core.actors import Actor, SystemActor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.lifecycle import locked, record
from councils import queries
from councils.models import AfterReview, Council, ReviewRound, Seat
from councils.seating import holders_of
from councils.services import tidings
from councils.services.entries import open_entry
from councils.services.persons import require_person
from councils.services.policies import policy_number
from councils.services.routing import Route, find_route
from councils.services.submitting import close_round, write_round
from councils.states import AfterReviewState, RoundState
from drafts import services as drafts
from drafts.models import Draft
from drafts.queries import latest_revision

KEEPER = SystemActor("timekeeper")
HOURS = 72
TEXT_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Circle:
    """Who is told of a break-glass, and who of them may look at it afterwards."""

    councils: Sequence[Council]
    told: frozenset[str]
    reviewers: frozenset[str]


@transaction.atomic
def break_glass(*, draft_id: str, reason: str, typed_name: str, actor: Actor) -> Draft:
    """An owner approves without the council. ``typed_name`` has to be the draft's name.

    Everyone on the council is told at once, and has to look at it afterwards by a deadline. The
    same person cannot do it again until that is done. Limits and freezes hold all the same.
    """
    require_person(actor)
    draft = drafts.hold_draft(draft_id=draft_id, actor=actor)
    if not actor.has_perm("drafts.break_glass", draft):
        raise NotAllowed(perm="drafts.break_glass")
    # Asked before the approval is written: an approved draft has one, and has no need of another.
    if not can_proceed(draft.mark_approved_by_break_glass):
        raise IllegalMove(
            _("Only a draft in editing or in review can be approved without one."),
            state=str(draft.status),
        )
    _require_typed(draft, reason, typed_name)
    _require_none_open(actor)
    if draft.is_editing:
        draft = drafts.ensure_plan(draft_id=draft_id, actor=actor)
    if draft.plan is None or draft.plan.change_count == 0:
        raise Invalid({"inputs": [_("This would change nothing.")]})
    round_, route = queries.open_round(draft), find_route(draft)
    circle = _circle(draft, round_, route, actor)
    draft = drafts.approve_by_break_glass(
        draft_id=draft_id,
        reason=reason,
        actor=actor,
        council_ids=[council.pk for council in circle.councils],
    )
    _write_round(draft, round_, route, actor)
    after = _open_after(draft, circle, reason, actor)
    drafts.remember_judges(draft=draft, user_ids=circle.reviewers)
    tidings.broken_glass(draft, after, circle.told)
    return draft


@transaction.atomic
def close_after_review(*, after_id: str, right: bool, text: str, actor: Actor) -> AfterReview:
    """Somebody else says whether it was right, and why; then the owner is free to do it again."""
    require_person(actor)
    after = locked(AfterReview, after_id)
    if not actor.has_perm("councils.close_after_review", after):
        raise NotAllowed(_why_not(after, actor), perm="councils.close_after_review")
    if after.state != AfterReviewState.OPEN:
        raise IllegalMove(_("This was looked at already."), state=after.state)
    if not text.strip() or len(text) > TEXT_LIMIT:
        raise Invalid({"text": [_("Say in a few words why.")]})
    after.state = AfterReviewState.RIGHT if right else AfterReviewState.NOT_RIGHT
    after.text = text.strip()
    after.closed_at, after.closed_by_id = timezone.now(), actor.user_id
    after.save()
    data = {"verdict": after.state, "text": after.text, "draft_id": after.draft_id}
    record("review.after_closed", after, actor=actor, before="open", after=after.state, data=data)
    after.refresh_from_db()
    people = {after.broken_by_id, *after.reviewer_ids, *queries.owner_ids(after.tenant_id)}
    tidings.after_review_closed(after.draft, after, people - {str(actor.user_id)})
    return after


@transaction.atomic
def escalate_after_review(*, after_id: str) -> bool:
    """Overdue: owners and admins are told, and may close it too. False when it is not."""
    after = AfterReview.objects.select_for_update().filter(pk=after_id).first()
    if after is None or after.state != AfterReviewState.OPEN or after.escalated_at:
        return False
    if after.due_at > timezone.now():
        return False
    after.escalated_at = timezone.now()
    after.save()
    people = sorted({*after.reviewer_ids, *queries.manager_ids(after.tenant_id)})
    record("review.after_overdue", after, actor=KEEPER, data={"user_ids": people})
    tidings.after_review_overdue(after.draft, after, people)
    return True


def _require_typed(draft: Draft, reason: str, typed_name: str) -> None:
    errors = {}
    if not reason.strip():
        errors["reason"] = [_("Say why this cannot wait for a review.")]
    if typed_name.strip() != draft.name:
        errors["typed_name"] = [_("Type the name of the draft exactly as it stands.")]
    if errors:
        raise Invalid(errors)


def _require_none_open(actor: Actor) -> None:
    waiting = queries.open_after_review_by(actor.user_id)
    if waiting is not None:
        said = _("Nobody has looked at your last run without approval yet: “{draft}”.")
        raise Conflict(said.format(draft=waiting.draft.name), after_review_id=waiting.pk)


def _circle(draft: Draft, round_: ReviewRound | None, route: Route | None, actor: Actor) -> Circle:
    """The people of the councils that would have decided; without any, other owners and admins."""
    councils = _councils(round_, route)
    seats = Seat.objects.filter(council__in=councils, is_active=True)
    sit = {person for people in holders_of(seats).values() for person in people}
    barred = queries.barred_ids(draft) | {str(actor.user_id)}
    managers = set(queries.manager_ids(draft.tenant_id))
    reviewers = (sit - barred) or (managers - barred)
    if not reviewers:
        raise Conflict(
            _(
                "Nobody else could look at it afterwards. Make somebody owner or admin, or seat"
                " them in a council, under Settings."
            )
        )
    told = (sit or managers) | reviewers
    return Circle(councils, frozenset(told - {str(actor.user_id)}), frozenset(reviewers))


def _councils(round_: ReviewRound | None, route: Route | None) -> list[Council]:
    if round_ is None:
        return list(route.councils) if route else []
    ids = [round_.council_id, *round_.further_council_ids]
    found = {council.pk: council for council in Council.objects.filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def _write_round(
    draft: Draft, round_: ReviewRound | None, route: Route | None, actor: Actor
) -> None:
    """The open review ends; of a draft never submitted a closed one tells what passed it by."""
    if round_ is not None:
        close_round(round_, draft, RoundState.BREAK_GLASS)
        return
    revision = latest_revision(draft)
    if route is None or revision is None:
        return
    if ReviewRound.objects.filter(revision=revision).exists():
        return
    now = timezone.now()
    closed = {"state": RoundState.BREAK_GLASS, "closed_at": now}
    written = write_round(draft, revision, route, actor, **closed)
    open_entry(written, draft)


def _open_after(draft: Draft, circle: Circle, reason: str, actor: Actor) -> AfterReview:
    hours = max((council.after_review_hours for council in circle.councils), default=HOURS)
    after = AfterReview.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        council=circle.councils[0] if circle.councils else None,
        broken_by_id=str(actor.user_id),
        reason=reason.strip(),
        fingerprint=draft.plan.fingerprint if draft.plan else "",
        policy_number=policy_number(draft.tenant_id),
        reviewer_ids=sorted(circle.reviewers),
        due_at=timezone.now() + timedelta(hours=hours),
    )
    after.refresh_from_db()
    return after


def _why_not(after: AfterReview, actor: Actor) -> str:
    if actor.user_id == after.broken_by_id:
        return _("You ran it yourself, so somebody else has to look at it.")
    return _("This is for the people who were asked to look at it.")
