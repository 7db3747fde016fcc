"""What holds plans and runs back, as the tenant has set it: limits and freezes, read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from core.errors import NotFound
from tenants.models import Tenant
from workflows import freezing
from workflows.models import FreezeWindow, LimitSet
from workflows.queries import database_now

# Limits


def limit_sets() -> list[LimitSet]:
    """The versions in force: that for everything first, then those of families."""
    return list(LimitSet.objects.order_by("family", "-number").distinct("family"))


def limit_set(family: str) -> LimitSet | None:
    return LimitSet.objects.filter(family=family).order_by("-number").first()


def limit_history() -> QuerySet[LimitSet]:
    return LimitSet.objects.select_related("set_by").order_by("-created_at", "-id")


def limits_of(family: str) -> list[LimitSet]:
    """Those that hold for a family, all of them at once."""
    return [one for one in limit_sets() if one.family in ("", family)]


# Freezes


def freezes() -> QuerySet[FreezeWindow]:
    return FreezeWindow.objects.order_by("starts_on", "starts_at", "id")


def freeze(freeze_id: str) -> FreezeWindow:
    found = FreezeWindow.objects.filter(pk=freeze_id).first()
    if found is None:
        raise NotFound
    return found


def freeze_at(
    tenant_id: str, workflow_type_id: str, at: datetime | None = None
) -> freezing.Frozen | None:
    """The freeze in which no run of this type may start at ``at``, or now."""
    family = workflow_type_id.partition(".")[0]
    windows = list(freezes().filter(Q(families=[]) | Q(families__contains=[family])))
    if not windows:
        return None
    return freezing.frozen(windows, zone_of(tenant_id), at or database_now())


def frozen_until(tenant_id: str, workflow_type_id: str, at: datetime) -> datetime | None:
    found = freeze_at(tenant_id, workflow_type_id, at)
    return found.until if found else None


def next_free_slot(tenant_id: str, workflow_type_id: str, at: datetime) -> datetime:
    """``at`` itself, or the first moment after it at which a run of this type may start."""
    return frozen_until(tenant_id, workflow_type_id, at) or at


def coming_freezes_of(
    tenant_id: str, workflow_type_id: str = "", days: int = 90
) -> list[freezing.Occurrence]:
    """Freezes of a type, or all of them, that are on or begin soon."""
    rows = freezes()
    if workflow_type_id:
        family = workflow_type_id.partition(".")[0]
        rows = rows.filter(Q(families=[]) | Q(families__contains=[family]))
    return coming_freezes(tenant_id, rows, days)


def coming_freezes(
    tenant_id: str, windows: Iterable[FreezeWindow], days: int
) -> list[freezing.Occurrence]:
    """Those that are on or begin within so many days."""
    now = database_now()
    until = now + timedelta(days=days)
    return freezing.occurrences(windows, zone_of(tenant_id), now, until)


def zone_of(tenant_id: str) -> ZoneInfo:
    return ZoneInfo(Tenant.objects.values_list("timezone", flat=True).get(pk=tenant_id))
