"""Somebody's say, lent to somebody else for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import IdField
from councils.models import guards
from tenants.models import TenantOrPlatform

User = settings.AUTH_USER_MODEL


class Delegation(TenantOrPlatform):
    """``to_user`` may fill ``from_user``'s chairs between two instants, and no longer.

    A tenant's row speaks for the tenant's own councils; a shared row, kept by staff, for shared
    ones. ``begun_at`` and ``over_at`` say that the queues were told of its start and its end;
    who may decide is read from the dates themselves.
    """

    id = IdField(prefix="delegation")
    from_user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations_given")
    to_user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations_held")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="delegation_to_another", condition=~Q(from_user=F("to_user"))
            ),
            models.CheckConstraint(name="delegation_ends", condition=Q(ends_at__gt=F("starts_at"))),
        ]
        indexes = [
            models.Index(
                fields=["to_user", "ends_at"],
                name="delegation_held",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["ends_at"], name="delegation_open", condition=Q(over_at__isnull=True)
            ),
        ]
        triggers = [guards.DELEGATION_UNCHAINED]

    def __str__(self) -> str:
        return f"{self.from_user_id} lends to {self.to_user_id}"
