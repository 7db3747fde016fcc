"""A yes to one fingerprint, for a time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from drafts.models import guards
from drafts.states import ApprovalKind
from tenants.models import TenantKey, TenantOwned
from workflows.models.plans import of_a_real_plan


class Approval(TenantOwned):
    """Who said yes to what until when. Void as soon as the draft leaves ``approved`` unrun."""

    guest_path = "draft_id"

    id = IdField(prefix="approval")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="approvals")
    revision = TenantKey(
        "drafts.Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="approvals"
    )
    plan = TenantKey("workflows.Plan", on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(
        max_length=16, choices=ApprovalKind.choices, default=ApprovalKind.COUNCIL
    )
    council = TenantKey(
        "councils.Council", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    standing_approval_id = models.CharField(max_length=64, null=True, blank=True)
    carried_from = TenantKey(
        "drafts.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    until = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_why = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], name="approval_one_live", condition=Q(voided_at__isnull=True)
            ),
            models.CheckConstraint(
                name="approval_voided_says_why",
                condition=Q(voided_at__isnull=True, voided_why="")
                | Q(voided_at__isnull=False) & ~Q(voided_why=""),
            ),
            models.CheckConstraint(
                name="approval_names_who_said_yes",
                condition=Q(
                    kind=ApprovalKind.COUNCIL, council__isnull=False, revision__isnull=False
                )
                | Q(kind=ApprovalKind.STANDING, standing_approval_id__isnull=False)
                | Q(kind=ApprovalKind.CARRY_OVER, carried_from__isnull=False)
                | Q(kind=ApprovalKind.BREAK_GLASS, approved_by__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"], name="approval_expiry", condition=Q(voided_at__isnull=True)
            )
        ]
        triggers = [*guards.APPROVAL, of_a_real_plan()]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:12]}"
