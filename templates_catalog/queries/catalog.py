"""What stands in the catalog: templates a tenant can use, their versions, sorted and counted."""

from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from core.errors import NotFound
from templates_catalog.models import StandingApproval, Template, TemplateTrack, TemplateVersion
from templates_catalog.states import Category
from workflows.models import Workflow
from workflows.states import RunState

SHELF = Case(
    *[When(category=name, then=Value(place)) for place, name in enumerate(Category.values)],
    default=Value(len(Category.values)),
)
SORTS = {
    "used": (F("usage_count").desc(), "name", "pk"),
    "recent": (F("last_used_at").desc(nulls_last=True), "name", "pk"),
    "best": (F("went_well").desc(nulls_last=True), F("usage_count").desc(), "name", "pk"),
}


def catalog(*, include_retired: bool = False) -> QuerySet[Template]:
    """What this tenant can use, with its own usage and whether instant run is offered."""
    mine = TemplateTrack.objects.filter(template_id=OuterRef("pk"))
    live = StandingApproval.objects.filter(
        template_id=OuterRef("pk"),
        version__number=OuterRef("version"),
        revoked_at=None,
        until__gt=Now(),
    )
    rows = (
        Template.objects.filter(in_library=False)
        .annotate(
            usage_count=Coalesce(Subquery(mine.values("usage_count")), 0),
            last_used_at=Subquery(mine.values("last_used_at")),
            is_suspended=Exists(mine.filter(suspended_at__isnull=False)),
            has_standing=Exists(live),
        )
        .annotate(
            is_pre_approved=Case(
                When(Q(has_standing=True, is_suspended=False, retired_at=None), then=Value(True)),
                default=Value(False),
            )
        )
    )
    return rows if include_retired else rows.filter(retired_at=None)


def shelved(rows: QuerySet[Template], sort: str) -> QuerySet[Template]:
    """By category, and within it by use, by last use, or by how often its runs went well."""
    if sort == "best":
        rows = rows.annotate(went_well=Subquery(_share_that_went_well()))
    return rows.annotate(shelf=SHELF).order_by("shelf", *SORTS[sort])


def _share_that_went_well() -> QuerySet[Workflow, Any]:
    good = Case(
        When(status=RunState.SUCCEEDED, then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    return (
        Workflow.objects.filter(
            draft__created_from_template_id=OuterRef("pk"), finished_at__isnull=False
        )
        .order_by()
        .values("draft__created_from_template_id")
        .annotate(share=Avg(good))
        .values("share")
    )


def searched(rows: QuerySet[Template], text: str) -> QuerySet[Template]:
    for word in text.split()[:8]:
        found = Q(name__icontains=word) | Q(description__icontains=word)
        rows = rows.filter(found | Q(tags__contains=[word.lower()]) | Q(tags__contains=[word]))
    return rows


def catalog_counts(rows: QuerySet[Template]) -> dict[str, int]:
    """How many each filter of the catalog would show."""
    return rows.order_by().aggregate(
        all=Count("pk"),
        instant=Count("pk", filter=Q(is_pre_approved=True)),
        ours=Count("pk", filter=Q(tenant__isnull=False)),
        shared=Count("pk", filter=Q(tenant=None)),
    )


def template(template_id: str) -> Any:
    found = catalog(include_retired=True).filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found


def version_in_force(template: Template) -> TemplateVersion:
    return TemplateVersion.objects.get(template=template, number=template.version)


def versions(template: Template) -> QuerySet[TemplateVersion]:
    """Newest first."""
    return TemplateVersion.objects.filter(template=template).order_by("-number")


def version(template: Template, number: int) -> TemplateVersion:
    found = versions(template).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def versions_of(templates: list[Template]) -> dict[str, TemplateVersion]:
    """The version in force of each, by template id, in one query."""
    rows = TemplateVersion.objects.filter(template__in=templates, number=F("template__version"))
    return {row.template_id: row for row in rows}
