"""What was learned from outcomes: how often each detector is right, and at which confidence."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

import structlog
from django.db import connection, transaction

from core.scope import scope
from proposals.models import Calibration, Outcome, PooledCalibration
from proposals.states import Verdict
from proposals.statistics.calibration import brier_score, curve

log = structlog.get_logger(__name__)
COUNTS = "SELECT detector, said, was_right, outcomes, tenants, ratio FROM codex_outcome_counts()"


class Told(NamedTuple):
    said: float
    right: bool
    ratio: float | None


def recalibrate_all(*, tenant_ids: Sequence[str]) -> None:
    """Every tenant's own record, then the pooled one; a tenant that fails stops nobody."""
    for tenant_id in tenant_ids:
        try:
            with scope(tenant_id=tenant_id):
                recalibrate(tenant_id=tenant_id)
        except Exception:
            log.exception("recalibration_failed", tenant_id=tenant_id)
    recalibrate_pooled()


@transaction.atomic
def recalibrate(*, tenant_id: str) -> list[Calibration]:
    """In the tenant's scope: the record of each detector from this tenant's outcomes."""
    told: dict[str, list[Told]] = {}
    for outcome in Outcome.objects.exclude(verdict=Verdict.NOT_ENOUGH_DATA).order_by("id"):
        told.setdefault(outcome.detector, []).append(_told(outcome))
    return [
        Calibration.objects.update_or_create(
            tenant_id=tenant_id, detector=detector, defaults=_record(rows)
        )[0]
        for detector, rows in sorted(told.items())
    ]


def _told(outcome: Outcome) -> Told:
    right = outcome.verdict == Verdict.BETTER
    if outcome.expected_low is None or outcome.expected_high is None or outcome.effect is None:
        return Told(outcome.said_confidence, right, None)
    expected = (outcome.expected_low + outcome.expected_high) / 2
    ratio = outcome.effect / expected if expected > 0 else None
    return Told(outcome.said_confidence, right, ratio)


def _record(rows: Sequence[Told]) -> dict[str, object]:
    said, right = [row.said for row in rows], [row.right for row in rows]
    ratios = [row.ratio for row in rows if row.ratio is not None]
    return {
        "right": sum(right),
        "total": len(rows),
        "points": [list(point) for point in curve(said, right)],
        "brier": brier_score(said, right),
        "impact_factor": median(ratios) if ratios else None,
    }


@transaction.atomic
def recalibrate_pooled() -> list[PooledCalibration]:
    """Over all shops, from counts alone."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        rows = cursor.fetchall()
    found = []
    for detector in sorted({row[0] for row in rows}):
        counts = [row for row in rows if row[0] == detector and row[1] is not None]
        (whole,) = (row for row in rows if row[0] == detector and row[1] is None)
        defaults = _pooled(counts) | {"tenants": whole[4], "impact_factor": whole[5]}
        found.append(
            PooledCalibration.objects.update_or_create(detector=detector, defaults=defaults)[0]
        )
    return found


def _pooled(counts: Iterable[tuple]) -> dict[str, object]:
    rows = [
        Told(said, was_right, None)
        for _detector, said, was_right, number, *_more in counts
        for _ in range(number)
    ]
    return _record(rows)
