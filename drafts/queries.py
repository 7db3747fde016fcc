"""Every read of drafts that is worth a name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.errors import NotFound
from core.models import Event
from core.scope import current_scope, require_tenant_id, scope
from drafts import rules
from drafts.models import (
    Approval,
    Comment,
    Draft,
    DraftShare,
    Foresight,
    Judge,
    Revision,
    Tolerance,
)
from drafts.states import DraftState
from stores.models import Variant
from tenants.actors import Person
from tenants.models import Membership, User
from workflows import queries as workflow_queries
from workflows.models import Plan, PlanDelta, PlannedChange, Workflow

LONGEST_CHAIN = 50
RELATED = ("created_by", "assigned_council", "plan")


def visible_to(actor: Actor) -> QuerySet[Draft]:
    """All drafts of the scope's tenant the actor may know of, discarded ones included."""
    here = current_scope()
    if here is None or not here.tenant_id:
        return Draft._base_manager.none()
    return Draft.objects.filter(rules.seen_by(actor))


def listed_for(actor: Actor, *, status: str = "") -> QuerySet[Draft]:
    """``visible_to`` as lists show it: discarded drafts appear only when asked for."""
    rows = visible_to(actor)
    return rows.filter(status=status) if status else rows.exclude(status=DraftState.DISCARDED)


def searched(rows: QuerySet[Draft], text: str) -> QuerySet[Draft]:
    for word in text.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
    return rows


def draft_for(actor: Actor, draft_id: str) -> Draft:
    """The draft with what its page shows, or ``NotFound`` for a stranger as for nothing."""
    draft = visible_to(actor).select_related(*RELATED, "reviewed_by").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    return draft


def counts_by_status(actor: Actor) -> dict[str, int]:
    rows = listed_for(actor).order_by().values_list("status").annotate(n=Count("pk"))
    return dict(rows)


def live_approval(draft: Draft) -> Approval | None:
    return (
        Approval.objects.filter(draft=draft, voided_at=None).select_related("approved_by").first()
    )


def is_live(approval: Approval | None) -> bool:
    return approval is not None and approval.until > timezone.now()


def latest_revision(draft: Draft) -> Revision | None:
    return Revision.objects.filter(draft=draft).order_by("-number").first()


def revisions(draft: Draft) -> QuerySet[Revision]:
    return Revision.objects.filter(draft=draft).select_related("submitted_by").order_by("-number")


def approved_before(draft: Draft) -> Approval | None:
    """Of a re-planned draft: the yes that people gave to the plan it follows, however often it
    was carried over since. The database keeps approvals of what was converted."""
    if draft.replanned_from_workflow_id is None:
        return None
    run = Workflow.objects.filter(pk=draft.replanned_from_workflow_id).first()
    if run is None:
        return None
    approvals = Approval.objects.select_related("plan", "carried_from")
    found = approvals.filter(draft_id=run.draft_id, plan_id=run.plan_id, voided_at=None).first()
    for _step in range(LONGEST_CHAIN):
        if found is None or found.carried_from_id is None:
            return found
        found = approvals.filter(pk=found.carried_from_id).first()
    return None


def earlier_plan(draft: Draft) -> Plan | None:
    """What its plan is to be compared with: the one submitted last, or, before that, the one
    that was approved and met a shop that had moved."""
    for revision in Revision.objects.filter(draft=draft).order_by("-number")[:2]:
        if revision.plan_id != draft.plan_id:
            return revision.plan
    before = approved_before(draft)
    return before.plan if before else None


def delta_of(draft: Draft, *, revision_number: int | None = None) -> PlanDelta | None:
    """What differs from that, of the plan as it stands or of a revision's; kept when the plan was
    made, and readable for guests."""
    plan_id = draft.plan_id
    if revision_number is not None:
        found = Revision.objects.filter(draft=draft, number=revision_number)
        plan_id = found.values_list("plan_id", flat=True).first()
    if plan_id is None:
        return None
    rows = PlanDelta.objects.filter(plan_id=plan_id)
    return rows.order_by("-computed_at", "-pk").first()


def foresight_of(draft: Draft, actor: Actor) -> tuple[Foresight | None, Plan | None]:
    """What this person asked about the future of the draft as it is written now, and its plan.

    Gone when the draft was edited since, or when a draft it tells of is not theirs to see now.
    """
    asked = Foresight.objects.filter(
        draft=draft, asked_by_id=actor.user_id, draft_version=draft.version
    ).first()
    if asked is None or not asked.plan_id:
        return asked, None
    plan = Plan.objects.filter(pk=asked.plan_id, what_if__isnull=False).first()
    if plan is None:
        return None, None
    told = {
        step["draft_id"] for step in (plan.what_if or {})["steps"] if step["workflow_id"] is None
    }
    known = visible_to(actor).filter(pk__in=told).count()
    return (asked, plan) if known == len(told) else (None, None)


def revision_of_plan(draft: Draft, plan_id: str) -> Revision | None:
    return Revision.objects.filter(draft=draft, plan_id=plan_id).order_by("-number").first()


def tolerance() -> Tolerance:
    """The tenant's, or the one everybody begins with: off."""
    return Tolerance.objects.first() or Tolerance(tenant_id=require_tenant_id())


def last_approved_inputs(draft: Draft) -> dict[str, object] | None:
    """What the newest approval of this draft said yes to, voided or not."""
    approval = (
        Approval.objects.filter(draft=draft, revision__isnull=False)
        .select_related("revision")
        .order_by("-created_at")
        .first()
    )
    return approval.revision.inputs if approval and approval.revision else None


def comments(draft: Draft) -> QuerySet[Comment]:
    return (
        Comment.objects.filter(draft=draft)
        .select_related("author", "resolved_by")
        .order_by("created_at", "id")
    )


def open_comments(draft: Draft) -> int:
    return Comment.objects.filter(draft=draft, parent=None, resolved_at=None).count()


def events(draft: Draft) -> QuerySet[Event]:
    return Event.objects.filter(tenant_id=draft.tenant_id, draft_id=draft.pk)


def story(draft: Draft) -> QuerySet[Event]:
    """Its history as people read it, newest first: a no is told by the move that follows it."""
    said_twice = Q(kind="review.verdict", data__decision__in=["reject", "request_changes"])
    return events(draft).exclude(said_twice).order_by("-at", "-id")


def has_judged(draft: Draft, user_id: str) -> bool:
    return Judge.objects.filter(draft=draft, user_id=user_id).exists()


def contributor_ids(draft: Draft) -> set[str]:
    """Who may never judge this draft: whoever created or edited it."""
    return {draft.created_by_id, *draft.contributors.values_list("user_id", flat=True)}


# Who else may find a draft, and in which tenant: councils say so for members of shared councils,
# who belong to no tenant or to another one. Registered by higher floors when they start.
guest_doors: list[Callable[[Person, str], str | None]] = []


@contextmanager
def opened(actor: Person, draft_id: str) -> Iterator[Draft]:
    """The draft, in a scope that shows it: the actor's own, or a guest's with this draft alone."""
    own = visible_to(actor).filter(pk=draft_id).exists() if actor.tenant_id else False
    if own:
        yield draft_for(actor, draft_id)
        return
    tenant_id = next((found for door in guest_doors if (found := door(actor, draft_id))), None)
    if tenant_id is None or tenant_id == actor.tenant_id:
        raise NotFound
    with scope(
        tenant_id=tenant_id,
        user_id=actor.user_id,
        council_ids=actor.council_ids,
        draft_id=draft_id,
    ):
        yield draft_for(actor, draft_id)


# Who else may see a draft because of what a higher floor knows; ids, asked in the tenant's scope.
audiences: list[Callable[[Draft], set[str]]] = []


def audience(draft: Draft) -> dict[str, User]:
    """The people who may see it now, whoever asks: what ``rules.seen_by`` says, the other way."""
    with scope(tenant_id=draft.tenant_id):
        members = dict(
            Membership.objects.filter(tenant_id=draft.tenant_id).values_list("user_id", "role")
        )
        shown = DraftShare.objects.filter(draft=draft).values_list("user_id", flat=True)
        found = {user_id for user_id, role in members.items() if role in ("owner", "admin")}
        found |= {draft.created_by_id, *shown} & members.keys()
        found |= set(Judge.objects.filter(draft=draft).values_list("user_id", flat=True))
        for more in audiences:
            found |= more(draft)
        return {user.pk: user for user in User.objects.filter(pk__in=found, is_active=True)}


def mentionable(draft: Draft, actor: Actor) -> dict[str, User]:
    """Whom this person may call by name: all who see it; a guest those they can know of."""
    found = audience(draft)
    if getattr(actor, "tenant_id", "") == draft.tenant_id:
        return found
    near = {draft.created_by_id, *draft.contributors.values_list("user_id", flat=True)}
    near |= set(Comment.objects.filter(draft=draft).values_list("author_id", flat=True))
    near |= set(Judge.objects.filter(draft=draft).values_list("user_id", flat=True))
    for more in audiences:
        near |= more(draft)
    return {user_id: user for user_id, user in found.items() if user_id in near}


def plan_changes(plan: Plan) -> QuerySet[PlannedChange]:
    return workflow_queries.changes(plan)


def changes_of(
    draft: Draft, *, text: str = "", group: str = "", field: str = ""
) -> tuple[QuerySet[PlannedChange], Callable[[], int] | None]:
    """The changes of the draft's plan, and how to count them without reading them all."""
    if draft.plan is None:
        return PlannedChange.objects.none(), None
    rows = workflow_queries.changes(draft.plan, text=text, group=group, field=field)
    total = draft.plan.change_count
    return rows, (None if text or group or field else lambda: total)


def has_at_most(draft: Draft, limit: int) -> bool:
    """Whether its plan can have no more targets than that: the products it names, or the shop."""
    named = draft.inputs.get("product_ids")
    if isinstance(named, list) and named:
        return len(named) <= limit
    return Variant.objects.order_by()[: limit + 1].count() <= limit
