"""What one person asked about the future of a draft, and where the answer is."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned


class Foresight(TenantOwned):
    """One a person and draft: what they may see of others' plans decides what is in it.

    ``plan_id`` names the what-if plan, which is forgotten after a day like any preview that
    nothing refers to; hence no foreign key. Without it and without ``problem`` it is under way.
    """

    id = IdField(prefix="foresight")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField()
    draft_version = models.PositiveIntegerField()
    plan_id = models.CharField(max_length=64, blank=True)
    hidden = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "asked_by"], name="foresight_once"),
            models.CheckConstraint(
                name="foresight_has_one_answer", condition=Q(plan_id="") | Q(problem="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} for {self.asked_by_id}"

    @property
    def is_computing(self) -> bool:
        return not self.plan_id and not self.problem
