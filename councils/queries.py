"""Every read of councils and reviews that is worth a name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Now
from django.db.models.lookups import Exact
from django.utils import timezone

from core.errors import NotFound
from councils.models import (
    Advice,
    AfterReview,
    Council,
    Delegation,
    FurtherCouncil,
    Guest,
    Opened,
    PolicyVersion,
    ReviewEntry,
    ReviewRound,
    RoundSeat,
    RoutingRule,
    Seat,
    SeatHolder,
    Session,
    Verdict,
)
from councils.quorum import Place
from councils.seating import holders_of, lent_seats, table_of
from councils.states import AfterReviewState, RoundState
from drafts.models import Comment, Contributor, Draft, Revision
from tenants.actors import Person
from tenants.models import Role, User
from tenants.queries import member_ids
from workflows.models import Plan, PlannedChange


def council_ids_of(user_id: str, role: str = "") -> tuple[str, ...]:
    """The active councils a person sits on, by name, by role or for somebody who lent their say.

    Reads without the tenant manager, as a member of shared councils may be in no tenant.
    """
    sits = Q(holders__user_id=user_id) | Q(Exists(lent_seats(user_id)))
    if role:
        sits |= Q(roles__contains=[role])
    seats = Seat._base_manager.filter(sits, is_active=True, council__is_active=True)
    return tuple(sorted(set(seats.values_list("council_id", flat=True))))


def councils() -> QuerySet[Council]:
    """The tenant's own and the shared ones, with seats and holders."""
    active = Seat.objects.filter(is_active=True).order_by("stage", "name", "id")
    holders = SeatHolder.objects.select_related("user").order_by("user__name", "user_id")
    return Council.objects.prefetch_related(
        Prefetch("seats", queryset=active.prefetch_related(Prefetch("holders", queryset=holders)))
    )


def councils_exist(actor: Person) -> bool:
    """Whether any council could review for this person's tenant."""
    return bool(actor.tenant_id) and Council.objects.filter(is_active=True).exists()


def council(council_id: str) -> Council:
    found = councils().filter(pk=council_id).first()
    if found is None:
        raise NotFound
    return found


def latest_policy() -> PolicyVersion | None:
    return PolicyVersion.objects.order_by("-number").first()


def policy(number: int) -> PolicyVersion | None:
    return PolicyVersion.objects.filter(number=number).first()


def policies() -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.select_related("made_by").order_by("-number")


def routing_rules() -> QuerySet[RoutingRule]:
    """In the order they are tried: the tenant's own first."""
    further = FurtherCouncil.objects.select_related("council").order_by("position", "id")
    return (
        RoutingRule.objects.filter(is_active=True, council__is_active=True)
        .select_related("council")
        .prefetch_related(Prefetch("further", queryset=further))
        .order_by("tenant_id", "position", "id")
    )


def open_round(draft: Draft) -> ReviewRound | None:
    return (
        ReviewRound.objects.filter(draft=draft, state=RoundState.OPEN)
        .select_related("council", "revision", "claimed_by", "draft")
        .first()
    )


def latest_round(draft: Draft) -> ReviewRound | None:
    return (
        ReviewRound.objects.filter(draft=draft)
        .select_related("council", "revision", "opened_by", "claimed_by", "draft")
        .order_by("-cycle")
        .first()
    )


def round_seats(round_: ReviewRound) -> list[RoundSeat]:
    return table_of(round_).asked


def standing_verdicts(round_: ReviewRound) -> QuerySet[Verdict]:
    """What was said and not taken back, in the order it was said."""
    return (
        Verdict.objects.filter(round=round_, taken_back_at=None)
        .select_related("user", "seat", "on_behalf_of")
        .order_by("created_at", "id")
    )


def verdict_of(round_: ReviewRound, user_id: str | None) -> Verdict | None:
    return standing_verdicts(round_).filter(user_id=user_id).first() if user_id else None


def approvers(round_: ReviewRound) -> list[str]:
    return table_of(round_).approvers


def places(round_: ReviewRound) -> list[Place]:
    """The round's seats with the people who may fill them today, stand-ins among them."""
    return [sitting.place for sitting in table_of(round_).sittings]


def opened_items(draft: Draft, fingerprint: str, user_id: str | None) -> dict[str, datetime]:
    """The red items of that plan this person opened, each with when."""
    rows = Opened.objects.filter(draft=draft, fingerprint=fingerprint, user_id=user_id)
    return dict(rows.values_list("item", "opened_at"))


def guests(draft: Draft) -> QuerySet[Guest]:
    """Everybody from outside who was ever asked about this draft, with what they said."""
    said = Advice.objects.order_by("created_at", "id")
    rows = Guest.objects.filter(draft=draft).select_related("invited_by")
    return rows.prefetch_related(Prefetch("advice", queryset=said)).order_by("created_at", "id")


def advice(draft: Draft) -> QuerySet[Advice]:
    rows = Advice.objects.filter(draft=draft).select_related("guest")
    return rows.order_by("created_at", "id")


def barred_ids(draft: Draft) -> set[str]:
    """Whoever created or edited the draft, or one it was re-planned from."""
    wrote = Contributor.objects.filter(draft=draft).values_list("user_id", flat=True)
    return {draft.created_by_id, *wrote}


def reviewers_of(draft: Draft) -> set[str]:
    """Who sees a submitted draft because of a seat in its councils, until it is final."""
    if draft.submitted_at is None or draft.is_final or not draft.assigned_council_id:
        return set()
    council_ids = [draft.assigned_council_id, *draft.further_council_ids]
    seats = Seat.objects.filter(council_id__in=council_ids, is_active=True, council__is_active=True)
    return {person for holders in holders_of(seats).values() for person in holders}


def spoke_in(draft: Draft) -> set[str]:
    """Whoever gave a verdict in any round, or commented."""
    judged = Verdict.objects.filter(draft=draft).values_list("user_id", flat=True)
    said = Comment.objects.filter(draft=draft).values_list("author_id", flat=True)
    return {*judged, *said}


def rounds(draft: Draft) -> QuerySet[ReviewRound]:
    return ReviewRound.objects.filter(draft=draft).select_related("council").order_by("-cycle")


def revision_before(round_: ReviewRound) -> Revision | None:
    """The revision that was reviewed before this one, for showing what moved since."""
    return (
        Revision.objects.filter(draft_id=round_.draft_id, number__lt=round_.revision_number)
        .order_by("-number")
        .first()
    )


def verdicts(draft: Draft) -> QuerySet[Verdict]:
    return (
        Verdict.objects.filter(draft=draft)
        .select_related("user", "seat", "round", "on_behalf_of")
        .order_by("created_at", "id")
    )


def entries_for(actor: Person) -> QuerySet[ReviewEntry]:
    """The queue rows a person may read: their councils' open ones, and those they had a part in.

    Owners and admins see their tenant's. The policies admit no more than that in any case.
    """
    mine = Q(author_id=actor.user_id) | Q(spoke__contains=[actor.user_id])
    if actor.council_ids:
        mine |= of_councils(actor) & Q(state=RoundState.OPEN)
    if actor.role in ("owner", "admin"):
        mine |= Q(tenant_id=actor.tenant_id)
    return ReviewEntry.objects.filter(mine)


def of_councils(actor: Person) -> Q:
    ids = list(actor.council_ids)
    return Q(council_id__in=ids) | Q(further_council_ids__overlap=ids)


def your_turn(actor: Person) -> QuerySet[ReviewEntry]:
    return entries_for(actor).filter(state=RoundState.OPEN, waiting_for__contains=[actor.user_id])


def waiting_on_others(actor: Person) -> QuerySet[ReviewEntry]:
    return (
        entries_for(actor)
        .filter(state=RoundState.OPEN)
        .exclude(waiting_for__contains=[actor.user_id])
    )


def done(actor: Person) -> QuerySet[ReviewEntry]:
    """Closed rounds; of a draft that was submitted again, the newest alone tells its story."""
    newer = ReviewEntry.objects.filter(
        draft_id=OuterRef("draft_id"), opened_at__gt=OuterRef("opened_at")
    )
    return entries_for(actor).filter(~Exists(newer)).exclude(state=RoundState.OPEN)


def scheduled(actor: Person) -> QuerySet[ReviewEntry]:
    """Approved and converted, waiting for their time; of the scope's tenant."""
    return done(actor).filter(
        tenant_id=actor.tenant_id,
        state=RoundState.APPROVED,
        draft__converted_to_workflow__status="pending",
        draft__converted_to_workflow__due_at__gt=Now(),
    )


def entry_of(actor: Person, draft_id: str) -> ReviewEntry | None:
    """The newest queue row of a draft that this person may read, in whichever tenant."""
    return entries_for(actor).filter(draft_id=draft_id).order_by("-opened_at", "-id").first()


def tenant_of_guest_draft(actor: Person, draft_id: str) -> str | None:
    """Where a draft lives that a shared council of this person has or had.

    What of it they may still see is judged there, on the draft itself (``drafts.rules.seen_by``).
    """
    if not actor.council_ids:
        return None
    entries = ReviewEntry.objects.filter(of_councils(actor), draft_id=draft_id)
    return entries.values_list("tenant_id", flat=True).first()


def names(user_ids: Iterable[str]) -> dict[str, str]:
    rows = User.objects.filter(pk__in=set(user_ids))
    return {user.pk: str(user) for user in rows}


def changes_since(plan: Plan, earlier_plan_id: str) -> QuerySet[PlannedChange]:
    """The rows of a plan that the earlier one did not have just so."""

    def text(name: str | OuterRef) -> Coalesce:
        return Coalesce(Cast(name, TextField()), Value(""), output_field=TextField())

    same = PlannedChange.objects.filter(
        plan_id=earlier_plan_id,
        entity=OuterRef("entity"),
        target_id=OuterRef("target_id"),
        field=OuterRef("field"),
    ).filter(
        Exact(text("before"), text(OuterRef("before"))),
        Exact(text("after"), text(OuterRef("after"))),
    )
    return PlannedChange.objects.filter(~Exists(same), plan=plan)


# Meetings


def councils_to_meet(actor: Person) -> list[dict[str, Any]]:
    """This person's councils that have something open: ``council_id, council_name, waiting``."""
    rows = ReviewEntry.objects.filter(council_id__in=actor.council_ids, state=RoundState.OPEN)
    counted = rows.order_by().values("council_id", "council_name").annotate(waiting=Count("pk"))
    return [dict(row) for row in counted.order_by("council_name", "council_id")]


def agenda(actor: Person, council_id: str) -> QuerySet[ReviewEntry]:
    """What is open in one of this person's councils, the oldest first."""
    theirs = Q(council_id=council_id) | Q(further_council_ids__contains=[council_id])
    rows = ReviewEntry.objects.filter(theirs, state=RoundState.OPEN)
    if council_id not in actor.council_ids:
        return rows.none()
    return rows.order_by("opened_at", "id")


def sessions() -> QuerySet[Session]:
    """The meetings of one's councils, as the policy admits them."""
    rows = Session.objects.select_related("led_by").annotate(item_count=Count("items"))
    return rows.order_by("-started_at", "-id")


def session(session_id: str) -> Session:
    found = Session.objects.select_related("led_by").filter(pk=session_id).first()
    if found is None:
        raise NotFound
    return found


def waiting_for(round_: ReviewRound) -> list[str]:
    """Whose verdict could count now, as the queue row says."""
    found = ReviewEntry.objects.filter(round=round_).values_list("waiting_for", flat=True).first()
    return list(found or [])


def assigned(round_: ReviewRound) -> list[str]:
    """Who it was given to, as it is stored now."""
    rows = ReviewRound.objects.filter(pk=round_.pk)
    return list(rows.values_list("assignee_ids", flat=True).first() or [])


def owner_ids(tenant_id: str) -> list[str]:
    return member_ids(tenant_id, roles=(Role.OWNER,))


def manager_ids(tenant_id: str) -> list[str]:
    return member_ids(tenant_id, roles=(Role.OWNER, Role.ADMIN))


def delegations() -> QuerySet[Delegation]:
    """The tenant's that hold now or will."""
    return (
        Delegation.objects.filter(tenant__isnull=False, ended_at=None, ends_at__gt=timezone.now())
        .select_related("from_user", "to_user", "made_by")
        .order_by("starts_at", "id")
    )


def after_reviews() -> QuerySet[AfterReview]:
    return AfterReview.objects.select_related("draft", "broken_by", "closed_by", "council")


def after_review_of(draft: Draft) -> AfterReview | None:
    """The newest; an open one is always the newest."""
    return after_reviews().filter(draft=draft).order_by("-opened_at", "-id").first()


def open_after_review_by(user_id: str | None) -> AfterReview | None:
    return after_reviews().filter(broken_by_id=user_id, state=AfterReviewState.OPEN).first()
