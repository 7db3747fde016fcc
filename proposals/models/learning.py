"""What became of proposals that were followed, and what the proposer learned from it."""

from django.db import models
from django.db.models import F, Q

from core.ids import IdField
from core.models import TimeStamped
from proposals.models.proposal import Proposal
from proposals.states import Verdict
from tenants.models import TenantKey, TenantOwned


class Outcome(TenantOwned):
    """The measured effect of a workflow that came from a proposal.

    ``effect`` and its interval are in the unit of ``metric``; ``baseline`` is what would have
    been without it. Measured once, when the window after the run has passed.
    """

    id = IdField(prefix="outcome")
    proposal = TenantKey(Proposal, on_delete=models.CASCADE, related_name="outcomes")
    workflow = TenantKey("workflows.Workflow", on_delete=models.CASCADE, related_name="+")
    detector = models.CharField(max_length=64, db_collation="C")
    said_confidence = models.FloatField()
    expected_low = models.FloatField(null=True, blank=True)
    expected_high = models.FloatField(null=True, blank=True)
    metric = models.CharField(max_length=64)
    unit = models.CharField(max_length=16, blank=True)
    method = models.CharField(max_length=64)
    window_days = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    baseline = models.FloatField(null=True, blank=True)
    effect = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    sample = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    why = models.TextField(blank=True)
    measured_at = models.DateTimeField()

    class Meta:
        db_table = "ai_proposal_outcomes"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "workflow"], name="outcome_once"),
            models.CheckConstraint(
                name="outcome_verdict_is_known", condition=Q(verdict__in=Verdict.values)
            ),
            models.CheckConstraint(
                name="outcome_measured_has_an_interval",
                condition=Q(verdict=Verdict.NOT_ENOUGH_DATA)
                | Q(effect__isnull=False, low__lte=F("effect"), high__gte=F("effect")),
            ),
            models.CheckConstraint(
                name="outcome_window_ends", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]
        indexes = [models.Index(fields=["tenant", "detector"], name="outcome_of_detector")]

    def __str__(self) -> str:
        return f"{self.detector} {self.verdict}"


class Record(TimeStamped):
    """How often a detector was right, and at which stated confidence.

    ``points`` is [[said, share that came true, how many], …], never falling. ``impact_factor`` is
    the median of measured over expected effect.
    """

    detector = models.CharField(max_length=64, db_collation="C")
    right = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    points = models.JSONField(default=list, blank=True)
    brier = models.FloatField(null=True, blank=True)
    impact_factor = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True


class Calibration(Record, TenantOwned):
    """The record of a detector on one shop."""

    id = IdField(prefix="calibration")

    class Meta:
        db_table = "ai_detector_calibrations"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "detector"], name="calibration_once"),
            models.CheckConstraint(
                name="calibration_right_of_total", condition=Q(right__lte=F("total"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.right}/{self.total}"


class PooledCalibration(Record):
    """The record over all shops: counts alone, and shown only from five shops on."""

    id = IdField(prefix="pooled")
    tenants = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "ai_detector_pooled"
        constraints = [
            models.UniqueConstraint(fields=["detector"], name="pooled_calibration_once"),
            models.CheckConstraint(
                name="pooled_right_of_total", condition=Q(right__lte=F("total"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.right}/{self.total}"
