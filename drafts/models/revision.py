"""What was submitted, word for word, each time it was submitted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from drafts.models import guards
from tenants.models import TenantKey, TenantOwned
from workflows.models.plans import of_a_real_plan


class Revision(TenantOwned):
    """Immutable. Verdicts name it, so a verdict on revision 1 never lands on revision 2."""

    guest_path = "draft_id"

    id = IdField(prefix="revision")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    workflow_type_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    inputs = models.JSONField(default=dict)
    preview_data = models.JSONField(null=True, blank=True)
    plan = TenantKey("workflows.Plan", on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["draft", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="revision_number_once"),
            models.CheckConstraint(name="revision_counts_from_one", condition=Q(number__gte=1)),
        ]
        triggers = [*guards.REVISION, of_a_real_plan()]

    def __str__(self) -> str:
        return f"{self.name}, revision {self.number}"
