"""Who reviews what: councils, their seats, who sits there, and which drafts come to them.

Each belongs to one tenant, or, without a tenant, is shared and serves all; what belongs to a
shared council is shared too. The staff's login alone writes shared rows.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from tenants.models import Role, TenantKey, TenantOrPlatform


class Council(TimeStamped, TenantOrPlatform):
    id = IdField(prefix="council")
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    approval_days = models.PositiveSmallIntegerField(_("days an approval lasts"), default=14)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"], name="council_name_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="council_approval_lasts_a_while",
                condition=Q(approval_days__gte=1, approval_days__lte=365),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(TenantOrPlatform):
    """A say that has to be heard: ``needed`` people, named holders or members of these roles.

    Seats of a higher ``stage`` open when all lower ones are filled.
    """

    id = IdField(prefix="seat")
    council = TenantKey(Council, on_delete=models.CASCADE, related_name="seats")
    name = models.CharField(_("name"), max_length=80)
    needed = models.PositiveSmallIntegerField(_("people needed"), default=1)
    stage = models.PositiveSmallIntegerField(_("stage"), default=1)
    roles = ArrayField(
        models.CharField(max_length=16, choices=Role.choices),
        verbose_name=_("roles that may sit here"),
        default=list,
        blank=True,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["stage", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "name"], name="seat_name_once"),
            models.CheckConstraint(
                name="seat_needs_someone", condition=Q(needed__gte=1, needed__lte=20, stage__gte=1)
            ),
            models.CheckConstraint(
                name="seat_roles_are_a_tenants", condition=Q(tenant__isnull=False) | Q(roles=[])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SeatHolder(TenantOrPlatform):
    """A person on a seat. Only people sit: there is no way to seat a machine."""

    id = IdField(prefix="holder")
    seat = TenantKey(Seat, on_delete=models.CASCADE, related_name="holders")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="council_seats"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "user"], name="seat_holder_once")]
        indexes = [models.Index(fields=["user", "seat"], name="seat_holder_user")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.seat_id}"


class RoutingRule(TimeStamped, TenantOrPlatform):
    """The first active rule that fits sends the draft to its council; a tenant's own come first.

    Empty conditions fit everything, so a default is the last rule without any.
    """

    id = IdField(prefix="rule")
    position = models.PositiveIntegerField(_("position"), default=100)
    name = models.CharField(_("name"), max_length=120)
    family = models.CharField(_("workflow family"), max_length=64, blank=True)
    workflow_type_id = models.CharField(_("workflow type"), max_length=100, blank=True)
    council = TenantKey(Council, on_delete=models.CASCADE, related_name="rules")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="rule_names_family_or_type",
                condition=Q(family="") | Q(workflow_type_id=""),
            )
        ]

    def __str__(self) -> str:
        return self.name
