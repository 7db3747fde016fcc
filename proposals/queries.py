"""Every read of proposals worth a name. All of them run in a tenant's scope."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from core.scope import require_tenant_id
from proposals.models import (
    Calibration,
    DetectorSettings,
    Mute,
    Outcome,
    PooledCalibration,
    Proposal,
    ProposerRun,
)
from proposals.states import PRIORITY_ORDER, ProposalState
from proposals.statistics.calibration import SHRINK, Bin, calibrated, reliability, shrunk
from proposals.statistics.calibration import brier_score as brier_of

AT_ONCE = 5
FEWEST_TENANTS = 5


def in_order(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Urgent first; inside a priority by expected value, confidence and urgency."""
    whens = [When(priority=name, then=Value(place)) for name, place in PRIORITY_ORDER.items()]
    place = Case(*whens, default=Value(9), output_field=IntegerField())
    return rows.order_by(place, "-rank", "id")


def all_proposals() -> QuerySet[Proposal]:
    return Proposal.objects.all()


def awake() -> Q:
    now = timezone.now()
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)


def open_proposals() -> QuerySet[Proposal]:
    """What the dashboard shows: pending, not snoozed, its time not over."""
    pending = Q(status=ProposalState.PENDING, expires_at__gt=timezone.now())
    return in_order(Proposal.objects.filter(pending & awake()))


def snoozed_proposals() -> QuerySet[Proposal]:
    return Proposal.objects.filter(
        status=ProposalState.PENDING,
        snoozed_until__gt=timezone.now(),
        expires_at__gt=timezone.now(),
    ).order_by("snoozed_until", "id")


def count_open() -> int:
    return min(open_proposals().order_by().count(), AT_ONCE)


def open_mutes() -> QuerySet[Mute]:
    return (
        Mute.objects.filter(ended_at__isnull=True)
        .select_related("proposal", "muted_by")
        .order_by("-muted_at", "-id")
    )


def history() -> QuerySet[Proposal]:
    return (
        Proposal.objects.exclude(status=ProposalState.PENDING)
        .select_related("created_draft", "decided_by")
        .order_by("-decided_at", "-id")
    )


def last_run() -> ProposerRun | None:
    return ProposerRun.objects.filter(finished_at__isnull=False).first()


def settings_rows() -> dict[str, DetectorSettings]:
    return {row.detector: row for row in DetectorSettings.objects.all()}


class Experience(NamedTuple):
    """What is known of a detector's luck: over all shops, and on this one."""

    own: Calibration | None
    pooled: PooledCalibration | None

    def confidence(self, said: float) -> float:
        """What was said, corrected first by all shops' outcomes, then by this shop's."""
        for record in (self.pooled, self.own):
            if record is not None:
                said = calibrated(said, [(p[0], p[1], p[2]) for p in record.points])
        return round(min(max(said, 0.01), 0.99), 3)

    def impact_factor(self) -> float:
        """Measured over expected effect; 1 as long as nothing speaks against it."""
        factor = 1.0
        for record in (self.pooled, self.own):
            if record is not None and record.impact_factor is not None:
                factor = shrunk(record.impact_factor, record.total, factor, SHRINK)
        return min(max(factor, 0.1), 3.0)

    @property
    def record(self) -> tuple[int, int, bool] | None:
        """(right, of how many, on this shop?) to be shown; None when there is nothing to say."""
        if self.own is not None and self.own.total:
            return self.own.right, self.own.total, True
        if self.pooled is not None and self.pooled.tenants >= FEWEST_TENANTS:
            return self.pooled.right, self.pooled.total, False
        return None


def experience() -> dict[str, Experience]:
    own = {row.detector: row for row in Calibration.objects.all()}
    pooled = {row.detector: row for row in PooledCalibration.objects.all()}
    return {name: Experience(own.get(name), pooled.get(name)) for name in {*own, *pooled}}


def liking() -> dict[str, float]:
    """How this tenant takes to each detector's proposals: 1 when nothing is known, up to 2."""
    rows = (
        Proposal.objects.filter(status__in=[ProposalState.ACCEPTED, ProposalState.DISMISSED])
        .values("detector")
        .annotate(taken=Count("id", filter=Q(status=ProposalState.ACCEPTED)), decided=Count("id"))
        .order_by()
    )
    return {row["detector"]: 2 * (row["taken"] + 2) / (row["decided"] + 4) for row in rows}


class Reliability(NamedTuple):
    bins: Sequence[Bin]
    brier: float | None
    right: int
    total: int
    too_few: int


def track_record() -> Reliability:
    """Said against come true, over this tenant's measured outcomes."""
    rows = Outcome.objects.values_list("said_confidence", "verdict")
    told = [(said, verdict == "better") for said, verdict in rows if verdict != "not_enough_data"]
    said, right = [pair[0] for pair in told], [pair[1] for pair in told]
    return Reliability(
        bins=reliability(said, right),
        brier=brier_of(said, right),
        right=sum(right),
        total=len(told),
        too_few=len(rows) - len(told),
    )


def outcomes() -> QuerySet[Outcome]:
    return Outcome.objects.select_related("proposal", "workflow").order_by("-measured_at", "-id")


def settled_lately(days: int, *states: str) -> QuerySet[Proposal]:
    since = timezone.now() - timedelta(days=days)
    return Proposal.objects.filter(
        tenant_id=require_tenant_id(), status__in=states, decided_at__gte=since
    )
