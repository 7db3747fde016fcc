"""How the detectors are set for a tenant, and the log of their runs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import IdField
from core.models import TimeStamped
from proposals.states import Trigger
from tenants.models import TenantOwned


class DetectorSettings(TimeStamped, TenantOwned):
    """What a tenant changed of a detector; ``values`` holds only that, checked by its type."""

    id = IdField(prefix="detector_settings")
    detector = models.CharField(max_length=64, db_collation="C")
    is_on = models.BooleanField(default=True)
    values = models.JSONField(default=dict, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "ai_detector_settings"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "detector"], name="detector_settings_once")
        ]

    def __str__(self) -> str:
        return self.detector


class ProposerRun(TenantOwned):
    """One look at one shop: what was found, what of it was proposed, what it cost.

    ``detail`` says per detector: found or not, and why a finding was held back. ``cost`` counts
    seconds, queries, rows read and calls of a language model.
    """

    id = IdField(prefix="proposer_run")
    trigger = models.CharField(max_length=16, choices=Trigger.choices)
    today = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    found = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)
    detail = models.JSONField(default=dict, blank=True)
    cost = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "ai_proposer_runs"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="proposer_run_adds_up", condition=Q(found=F("proposed") + F("held_back"))
            ),
            models.CheckConstraint(
                name="proposer_run_ends_after_it_starts",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-started_at", "-id"], name="proposer_run_list")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.today}"
