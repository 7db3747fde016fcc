"""Every read of the catalog worth a name. Each runs in a tenant's scope."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from core.errors import NotFound
from drafts.models import Approval, Draft
from drafts.states import ApprovalKind
from templates_catalog.bounds import Effect
from templates_catalog.models import (
    InstantBlock,
    StandingApproval,
    Template,
    TemplateSettings,
    TemplateTrack,
    TemplateUse,
    TemplateVersion,
)
from templates_catalog.states import UseKind
from workflows.models import Plan, Workflow
from workflows.states import RunState

BROKEN = (RunState.FAILED, RunState.UNDOING, RunState.UNDONE, RunState.UNDO_INCOMPLETE)


def catalog(*, include_retired: bool = False) -> QuerySet[Template]:
    """What this tenant can use, with its own usage and whether instant run is offered."""
    mine = TemplateTrack.objects.filter(template_id=OuterRef("pk"))
    live = StandingApproval.objects.filter(
        template_id=OuterRef("pk"),
        version__number=OuterRef("version"),
        revoked_at=None,
        until__gt=Now(),
    )
    rows = Template.objects.annotate(
        usage_count=Coalesce(Subquery(mine.values("usage_count")), 0),
        last_used_at=Subquery(mine.values("last_used_at")),
        is_suspended=Exists(mine.filter(suspended_at__isnull=False)),
        has_standing=Exists(live),
    ).annotate(
        is_pre_approved=Case(
            When(Q(has_standing=True, is_suspended=False, retired_at=None), then=Value(True)),
            default=Value(False),
        )
    )
    return rows if include_retired else rows.filter(retired_at=None)


def template(template_id: str) -> Any:
    found = catalog(include_retired=True).filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found


def version_in_force(template: Template) -> TemplateVersion:
    return TemplateVersion.objects.get(template=template, number=template.version)


def versions_of(templates: list[Template]) -> dict[str, TemplateVersion]:
    """The version in force of each, by template id, in one query."""
    rows = TemplateVersion.objects.filter(template__in=templates, number=F("template__version"))
    return {row.template_id: row for row in rows}


def standing(version: TemplateVersion) -> StandingApproval | None:
    """The live yes in advance to this version."""
    return StandingApproval.objects.filter(
        version=version, revoked_at=None, until__gt=Now()
    ).first()


def uses(template: Template) -> QuerySet[TemplateUse]:
    return (
        TemplateUse.objects.filter(template=template)
        .select_related("user", "draft", "version")
        .order_by("-created_at", "-id")
    )


def track(template: Template) -> TemplateTrack | None:
    return TemplateTrack.objects.filter(template=template).first()


def runs(template: Template) -> QuerySet[Workflow]:
    """This tenant's runs of drafts that came from the template."""
    drafts = Draft.objects.filter(created_from_template_id=template.pk)
    return Workflow.objects.filter(draft__in=drafts)


def clean_reviewed_runs(template: Template) -> int:
    """Runs a council approved, that went exactly as planned and were not undone."""
    reviewed = Approval.objects.filter(
        draft_id=OuterRef("draft_id"), kind=ApprovalKind.COUNCIL, voided_at=None
    )
    return runs(template).filter(Exists(reviewed), status=RunState.SUCCEEDED, fidelity=1).count()


def first_broken_run(template: Template, track: TemplateTrack | None) -> Workflow | None:
    """A run that failed or was undone since a council last cleared the template here."""
    rows = runs(template).filter(status__in=BROKEN)
    if track and track.cleared_at:
        rows = rows.filter(finished_at__gt=track.cleared_at)
    return rows.order_by("finished_at").first()


def instant_runs_today(template: Template, user_id: str | None = None) -> int:
    """In the last 24 hours, of the tenant or of one person."""
    rows = TemplateUse.objects.filter(
        template=template, kind=UseKind.INSTANT, created_at__gt=Now() - timedelta(hours=24)
    )
    return (rows.filter(user_id=user_id) if user_id else rows).count()


PRICE_MOVE = """
SELECT coalesce(max(abs((after #>> '{}')::numeric - (before #>> '{}')::numeric) * 100
                    / nullif((before #>> '{}')::numeric, 0)), 0)
FROM workflow_planned_changes
WHERE plan_id = %s AND entity = 'variant' AND field = 'price' AND before IS NOT NULL
"""
DISCOUNT = """
SELECT coalesce(max((after ->> 'value')::numeric), 0)
FROM workflow_planned_changes
WHERE plan_id = %s AND entity = 'promotion' AND kind = 'create' AND after ->> 'kind' = 'percent'
"""


def effect_of(plan: Plan) -> Effect:
    """Read from the plan's rows, not from what its summary says of itself."""
    with connection.cursor() as cursor:
        cursor.execute(PRICE_MOVE, [plan.pk])
        move = cursor.fetchone()[0]
        cursor.execute(DISCOUNT, [plan.pk])
        discount = cursor.fetchone()[0]
    return Effect(price_move=round(move, 2), discount=discount)


def daily_history(template: Template, user_id: str, days: int = 28) -> list[int]:
    """A person's instant runs of a template on each past day that had any, newest first."""
    rows = (
        TemplateUse.objects.filter(
            template=template,
            user_id=user_id,
            kind=UseKind.INSTANT,
            created_at__lte=Now() - timedelta(hours=24),
            created_at__gt=Now() - timedelta(days=days),
        )
        .values("created_at__date")
        .annotate(n=Count("pk"))
        .order_by("-created_at__date")
    )
    return [row["n"] for row in rows]


def block_of(user_id: str | None) -> InstantBlock | None:
    return InstantBlock.objects.filter(user_id=user_id, lifted_at=None).first()


def asks_to_confirm() -> bool:
    found = TemplateSettings.objects.first()
    return found.asks_to_confirm if found else True


def record_of(template: Template) -> dict[str, Any]:
    """Success and fidelity of this tenant's runs, for cards and the detail page."""
    rows = runs(template).aggregate(
        finished=Count("pk", filter=Q(finished_at__isnull=False)),
        succeeded=Count("pk", filter=Q(status=RunState.SUCCEEDED)),
    )
    return {**rows, "clean": clean_reviewed_runs(template)}
