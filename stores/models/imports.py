"""Files that came in: what was in them, what became of every row."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core.ids import IdField
from core.models import StatefulModel, TimeStamped
from stores.models.base import one_of
from stores.states import IMPORT_EDGES, IMPORT_FINAL, ImportKind, ImportState
from tenants.models import TenantKey, TenantOwned


class ImportRun(TimeStamped, StatefulModel, TenantOwned):
    """One file. Its rows load in one transaction: all that can be kept is, or nothing is.

    ``path`` is where the upload waits, outside what the web server serves; it is emptied and the
    file deleted when the import ends or is discarded.
    """

    id = IdField(prefix="import")
    kind = models.CharField(_("kind"), max_length=32, choices=ImportKind.choices)
    status = FSMField(
        _("status"), default=ImportState.PREVIEWED, choices=ImportState.choices, protected=True
    )
    filename = models.CharField(_("file"), max_length=255)
    size = models.BigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_collation="C")
    path = models.CharField(max_length=255, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rows_read = models.IntegerField(_("rows read"), default=0)
    rows_kept = models.IntegerField(_("rows kept"), default=0)
    rows_refused = models.IntegerField(_("rows refused"), default=0)
    result = models.JSONField(default=dict, blank=True)
    problem = models.JSONField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            one_of(ImportKind, "kind", table="import_run"),
            models.CheckConstraint(
                name="import_run_every_row_accounted_for",
                condition=Q(rows_read=F("rows_kept") + F("rows_refused")),
            ),
            models.CheckConstraint(
                name="import_run_finished_has_a_time",
                condition=~Q(status__in=sorted(IMPORT_FINAL)) | Q(finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="import_run_list"),
            models.Index(
                fields=["tenant", "sha256"],
                name="import_run_done_files",
                condition=Q(status=ImportState.SUCCEEDED),
            ),
            models.Index(
                fields=["queued_at"],
                name="import_run_open",
                condition=Q(status__in=[ImportState.QUEUED, ImportState.RUNNING]),
            ),
            models.Index(
                fields=["created_at"],
                name="import_run_unconfirmed",
                condition=Q(status=ImportState.PREVIEWED),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_moves",
                field="status",
                transitions=[(str(before), str(after)) for before, after in IMPORT_EDGES],
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_final(self) -> bool:
        return self.status in IMPORT_FINAL

    @property
    def is_open(self) -> bool:
        return self.status in {ImportState.QUEUED, ImportState.RUNNING}

    @transition(
        status, source=[ImportState.PREVIEWED, ImportState.RUNNING], target=ImportState.QUEUED
    )
    def mark_queued(self) -> None:
        self.queued_at = timezone.now()

    @transition(status, source=ImportState.QUEUED, target=ImportState.RUNNING)
    def mark_running(self) -> None:
        self.started_at = timezone.now()
        self.attempts += 1

    @transition(status, source=ImportState.RUNNING, target=ImportState.SUCCEEDED)
    def mark_succeeded(self, *, read: int, kept: int, refused: int, result: dict) -> None:
        self.rows_read, self.rows_kept, self.rows_refused = read, kept, refused
        self.result = result
        self.finished_at = timezone.now()

    @transition(status, source=[ImportState.QUEUED, ImportState.RUNNING], target=ImportState.FAILED)
    def mark_failed(self, problem: dict) -> None:
        self.problem = problem
        self.finished_at = timezone.now()

    @transition(status, source=ImportState.PREVIEWED, target=ImportState.DISCARDED)
    def mark_discarded(self) -> None:
        self.finished_at = timezone.now()


class ImportRefusal(TenantOwned):
    """A row that was not kept: where, why, and its cells without the personal ones."""

    id = models.BigAutoField(primary_key=True)
    run = TenantKey(ImportRun, on_delete=models.CASCADE, related_name="refusals", db_index=False)
    line_number = models.IntegerField()
    reason = models.CharField(max_length=300)
    cells = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["tenant", "run", "line_number", "id"], name="refusal_list")]
        constraints = [
            models.CheckConstraint(
                name="import_refusal_says_why", condition=Q(reason__regex=r"\S")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_number}: {self.reason}"
