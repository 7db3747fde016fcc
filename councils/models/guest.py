"""People from outside who are asked what they think of one draft. They hold no seat, so what
they say is advice: there is no way from here to a verdict."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.ids import IdField
from councils.states import Stance
from tenants.models import TenantKey, TenantOwned

User = settings.AUTH_USER_MODEL


class Guest(TenantOwned):
    """One address, one draft, one link. Of the link's secret only the hash is kept."""

    guest_path = "draft_id"

    id = IdField(prefix="guest")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="guests")
    email = models.EmailField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    link_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "email"], name="guest_open_once", condition=Q(revoked_at=None)
            ),
            models.CheckConstraint(name="guest_ends", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="guest_link_is_a_hash", condition=Q(link_hash__regex="^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class Advice(TenantOwned):
    """What a guest says of one revision, once; written and never changed."""

    guest_path = "draft_id"

    id = IdField(prefix="advice")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    guest = TenantKey(Guest, on_delete=models.PROTECT, related_name="advice")
    revision_number = models.PositiveIntegerField()
    stance = models.CharField(max_length=8, choices=Stance.choices)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guest", "revision_number"], name="advice_once_a_revision"
            ),
            models.CheckConstraint(
                name="advice_against_has_a_reason",
                condition=Q(stance=Stance.FOR) | Q(text__regex=r"\S"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.stance} by {self.guest_id}"
