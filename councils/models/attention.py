"""What each reviewer has looked at, where looking is a condition of saying yes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned


class Opened(TenantOwned):
    """One red item opened by one person, of the plan with this fingerprint and of no other."""

    guest_path = "draft_id"

    id = IdField(prefix="opened")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    revision_number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    item = models.CharField(max_length=40)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "user", "fingerprint", "item"], name="opened_once"
            ),
            models.CheckConstraint(name="opened_names_an_item", condition=~Q(item="")),
        ]

    def __str__(self) -> str:
        return f"{self.item} by {self.user_id}"
