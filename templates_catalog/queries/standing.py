"""Yes in advance: which are live, how often they were used, and by whom too often."""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from templates_catalog.models import (
    InstantBlock,
    StandingApproval,
    Template,
    TemplateSettings,
    TemplateTrack,
    TemplateUse,
    TemplateVersion,
)

DAY = timedelta(hours=24)
FINDERS = (
    "codex_revoked_but_waiting",
    "codex_templates_broken",
    "codex_templates_earned",
    "codex_standing_ending",
)


def standing(version: TemplateVersion) -> StandingApproval | None:
    """The live yes in advance to this version."""
    return (
        StandingApproval.objects.filter(version=version, revoked_at=None, until__gt=Now())
        .select_related("council")
        .first()
    )


def standing_history(template: Template) -> QuerySet[StandingApproval]:
    return (
        StandingApproval.objects.filter(template=template)
        .select_related("version", "council")
        .order_by("-created_at", "-id")
    )


def standing_of_councils(council_ids: Collection[str]) -> QuerySet[StandingApproval]:
    """Live ones of these councils, the next to end first; also for a person without a tenant,
    who sees those of shared councils."""
    return (
        StandingApproval._base_manager.filter(
            council_id__in=council_ids, revoked_at=None, until__gt=Now()
        )
        .select_related("template", "version", "council")
        .order_by("until", "id")
    )


def suspended_for(council_ids: Collection[str]) -> QuerySet[TemplateTrack]:
    """Templates of these councils that are suspended in this tenant."""
    return (
        TemplateTrack.objects.filter(
            template__council_id__in=council_ids, suspended_at__isnull=False
        )
        .select_related("template")
        .order_by("-suspended_at")
    )


def earned_for(council_ids: Collection[str]) -> QuerySet[TemplateTrack]:
    """Templates that have earned a yes in advance and have none."""
    live = StandingApproval.objects.filter(
        template_id=OuterRef("template_id"), revoked_at=None, until__gt=Now()
    )
    return (
        TemplateTrack.objects.filter(
            ~Exists(live),
            template__council_id__in=council_ids,
            template__retired_at=None,
            eligible_at__isnull=False,
        )
        .select_related("template")
        .order_by("-eligible_at")
    )


def count_to_look_at(council_ids: Collection[str]) -> int:
    """How many templates of these councils are suspended here, or have earned a yes."""
    live = StandingApproval.objects.filter(
        template_id=OuterRef("template_id"), revoked_at=None, until__gt=Now()
    )
    earned = Q(eligible_at__isnull=False, template__retired_at=None) & ~Exists(live)
    rows = TemplateTrack.objects.filter(template__council_id__in=council_ids)
    return rows.filter(Q(suspended_at__isnull=False) | earned).count()


def blocks_for(council_ids: Collection[str]) -> QuerySet[InstantBlock]:
    """People for whom instant run is off until one of these councils lifts it."""
    return (
        InstantBlock.objects.filter(template__council_id__in=council_ids, lifted_at=None)
        .select_related("user", "template")
        .order_by("-created_at")
    )


def _at_once() -> QuerySet[TemplateUse]:
    """Uses that ran on a yes in advance, by whichever door."""
    return TemplateUse.objects.filter(at_once_at__isnull=False)


def instant_runs_today(template: Template, user_id: str | None = None) -> int:
    """In the last 24 hours, of the tenant or of one person."""
    rows = _at_once().filter(template=template, at_once_at__gt=Now() - DAY)
    return (rows.filter(user_id=user_id) if user_id else rows).count()


def daily_history(template: Template, user_id: str, days: int = 28) -> list[int]:
    """A person's instant runs of a template on each past day that had any, newest first."""
    rows = (
        _at_once()
        .filter(
            template=template,
            user_id=user_id,
            at_once_at__lte=Now() - DAY,
            at_once_at__gt=Now() - timedelta(days=days),
        )
        .annotate(day=TruncDate("at_once_at"))
        .values("day")
        .annotate(n=Count("pk"))
        .order_by("-day")
    )
    return [row["n"] for row in rows]


def block_of(user_id: str | None) -> InstantBlock | None:
    return InstantBlock.objects.filter(user_id=user_id, lifted_at=None).first()


def blocks(template: Template) -> QuerySet[InstantBlock]:
    """People for whom instant run is off since a spike of this template."""
    return (
        InstantBlock.objects.filter(template=template, lifted_at=None)
        .select_related("user")
        .order_by("-created_at")
    )


def waiting_on(given: StandingApproval) -> list[tuple[str, str]]:
    """(tenant, draft) in every shop: approved by it or about to run on it, and not begun."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, draft_id FROM codex_runs_of_standing(%s)", [given.pk])
        return cursor.fetchall()


def found_by(finder: str) -> list[tuple[str, str]]:
    """(tenant, id) in every shop, from one of the watch's finders."""
    if finder not in FINDERS:
        raise LookupError(finder)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {finder}()")  # noqa: S608 -- one of the names above
        return cursor.fetchall()


def switches() -> TemplateSettings:
    """The tenant's own, or how it is where nobody has changed them."""
    return TemplateSettings.objects.first() or TemplateSettings()


def asks_to_confirm() -> bool:
    return switches().asks_to_confirm


def clean_runs_needed() -> int:
    return switches().clean_runs_needed
