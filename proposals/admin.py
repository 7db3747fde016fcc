"""For staff: proposals of all tenants, and the log of the proposer's runs with their cost."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.text import Truncator

from core.admin import ReadOnlyAdmin
from proposals.models import (
    Calibration,
    DetectorSettings,
    Mute,
    Outcome,
    PooledCalibration,
    Proposal,
    ProposerRun,
)

# From then on its night is handed out again.
GIVEN_UP_AFTER = timedelta(minutes=30)


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "tenant_id",
        "title",
        "detector",
        "priority",
        "status",
        "confidence_score",
        "rank",
    )
    list_filter = ("status", "detector", "priority")
    search_fields = ("id", "tenant_id", "title")


@admin.register(ProposerRun)
class ProposerRunAdmin(ReadOnlyAdmin):
    list_display = (
        "started_at",
        "tenant_id",
        "trigger",
        "progress",
        "result",
        "spent",
        "short_error",
    )
    list_filter = ("trigger", "started_at")
    search_fields = ("id", "tenant_id", "error")

    @admin.display(description="progress")
    def progress(self, run: ProposerRun) -> str:
        if run.error:
            return "failed"
        if run.finished_at:
            return "finished"
        is_late = timezone.now() - run.started_at > GIVEN_UP_AFTER
        return "lost with its worker" if is_late else "running"

    @admin.display(description="result")
    def result(self, run: ProposerRun) -> str:
        return f"{run.found} found: {run.proposed} proposed, {run.held_back} held back"

    @admin.display(description="cost")
    def spent(self, run: ProposerRun) -> str:
        """Seconds, statements and rows of the detectors; tokens of a model, if one was asked."""
        return ", ".join(f"{value:g} {name}" for name, value in run.cost.items())

    @admin.display(description="error")
    def short_error(self, run: ProposerRun) -> str:
        return Truncator(run.error).chars(80)


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ("measured_at", "tenant_id", "detector", "verdict", "effect", "low", "high")
    list_filter = ("verdict", "detector")
    search_fields = ("tenant_id", "proposal__title")


@admin.register(Mute)
class MuteAdmin(ReadOnlyAdmin):
    list_display = ("muted_at", "tenant_id", "detector", "target", "reason_code", "ended_at")
    list_filter = ("detector", "reason_code")
    search_fields = ("tenant_id", "reason")


@admin.register(DetectorSettings)
class DetectorSettingsAdmin(ReadOnlyAdmin):
    list_display = ("tenant_id", "detector", "is_on", "values", "updated_at")
    list_filter = ("detector", "is_on")


@admin.register(Calibration)
class CalibrationAdmin(ReadOnlyAdmin):
    list_display = ("tenant_id", "detector", "right", "total", "brier", "impact_factor")
    list_filter = ("detector",)


@admin.register(PooledCalibration)
class PooledCalibrationAdmin(ReadOnlyAdmin):
    list_display = ("detector", "right", "total", "tenants", "brier", "impact_factor")
