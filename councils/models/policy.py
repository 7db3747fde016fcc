"""How a tenant reviews, as it was at each moment: written down whenever it changed."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.ids import IdField
from tenants.models import TenantOwned


class PolicyVersion(TenantOwned):
    """The whole policy in force: councils, seats, who sits there, rules and limits.

    Shared councils are in it as the tenant meets them. Rounds and verdicts name its ``number``.
    """

    append_only = True

    id = IdField(prefix="policy")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by_label = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="policy_number_once")
        ]

    def __str__(self) -> str:
        return f"policy {self.number}"
