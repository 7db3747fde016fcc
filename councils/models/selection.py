"""What a reviewer has unticked so far, kept while they read on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned

MOST_SINGLE, MOST_FILTERS = 400, 20


class Unticked(TenantOwned):
    """Changes of one plan that one reviewer means to leave out; nothing is decided by it.

    ``positions`` are left out one by one; ``filters`` (``{"group": "up"}``) leave out all they
    find but for ``keeping``. Bounded, as the whole choice is sent with the decision.
    """

    guest_path = "draft_id"

    id = IdField(prefix="unticked")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    positions = ArrayField(models.PositiveIntegerField(), size=MOST_SINGLE, default=list)
    keeping = ArrayField(models.PositiveIntegerField(), size=MOST_SINGLE, default=list)
    filters = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "user", "fingerprint"], name="unticked_once_a_plan"
            ),
            models.CheckConstraint(
                name="unticked_is_bounded",
                condition=models.Q(positions__len__lte=MOST_SINGLE, keeping__len__lte=MOST_SINGLE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.draft_id}"
