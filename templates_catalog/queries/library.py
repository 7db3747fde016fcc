"""What stands in the library for all shops, what a shop has of it, and how it went elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from core.errors import NotFound
from templates_catalog.models import Template, TemplateVersion
from templates_catalog.queries.catalog import catalog, version

FEWEST_SHOPS = 5


@dataclass(frozen=True, slots=True)
class Results:
    """Over all shops together, never of one: there are none below five shops.

    ``low``, ``middle`` and ``high``: a quarter, half and three quarters of the runs went at most
    so much as planned.
    """

    shops: int
    runs: int
    succeeded: int
    broken: int
    fidelity: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal

    @property
    def success(self) -> Decimal:
        return Decimal(self.succeeded) / self.runs


def library() -> QuerySet[Template]:
    """What may be installed, with the id of this shop's copy where it has one."""
    mine = Template.objects.filter(tenant__isnull=False, origin_id=OuterRef("pk"), retired_at=None)
    return (
        Template.objects.filter(tenant=None, in_library=True, retired_at=None)
        .annotate(
            installed_id=Subquery(mine.values("pk")[:1]),
            installed_version=Subquery(mine.values("origin_version")[:1]),
        )
        .order_by("name", "pk")
    )


def installable(template_id: str) -> Any:
    """From the library, or shared with all shops; both may be copied."""
    found = Template.objects.filter(pk=template_id, tenant=None, retired_at=None).first()
    if found is None:
        raise NotFound
    return found


def copy_of(origin: Template) -> Any:
    """This shop's live copy."""
    return catalog().filter(tenant__isnull=False, origin=origin).first()


def update_of(template: Template) -> tuple[TemplateVersion, TemplateVersion] | None:
    """The version a copy is pinned to and the newer one of its origin, if there is one."""
    if template.origin_id is None or template.origin_version is None or template.retired_at:
        return None
    origin = Template.objects.filter(pk=template.origin_id).first()
    if origin is None or origin.version <= template.origin_version:
        return None
    return version(origin, template.origin_version), version(origin, origin.version)


def results(template_ids: Collection[str]) -> dict[str, Results]:
    """How they went over all shops, those that at least five shops have run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM codex_template_results(%s)", [list(template_ids)])
        return {template_id: Results(*figures) for template_id, *figures in cursor.fetchall()}
