"""Times in which no run may start, on the clock of the shop."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from tenants.models import TenantOwned
from workflows.states import Repeats


class FreezeWindow(TenantOwned, TimeStamped):
    """From one moment to another on the wall clock of the tenant's time zone; once, or again.

    The two moments are those of the first time. A weekly one comes on ``weekdays`` (0 is Monday;
    none means the day of the first time), a yearly one on the same dates, both until the day
    ``until`` when it is given. No ``families`` means all.
    """

    id = IdField(prefix="freeze")
    name = models.CharField(_("Name"), max_length=100)
    families = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    repeats = models.CharField(
        _("Repeats"), max_length=8, choices=Repeats.choices, default=Repeats.NEVER
    )
    starts_on = models.DateField(_("First day"))
    starts_at = models.TimeField(_("From"))
    ends_on = models.DateField(_("Last day"))
    ends_at = models.TimeField(_("Until"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    until = models.DateField(_("Last time on"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "workflow_freezes"
        constraints = [
            models.CheckConstraint(name="freeze_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="freeze_repeats_is_known", condition=Q(repeats__in=Repeats.values)
            ),
            models.CheckConstraint(
                name="freeze_ends_after_its_start",
                condition=Q(ends_on__gt=F("starts_on"))
                | Q(ends_on=F("starts_on"), ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="freeze_weekdays_are_weekly",
                condition=Q(weekdays=[])
                | Q(repeats=Repeats.WEEKLY, weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
            ),
            models.CheckConstraint(
                name="freeze_until_is_of_repeats",
                condition=Q(until=None) | ~Q(repeats=Repeats.NEVER) & Q(until__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="freeze_leaves_room_to_run",
                condition=Q(repeats=Repeats.NEVER)
                | Q(repeats=Repeats.WEEKLY, ends_on__lte=F("starts_on") + timedelta(days=6))
                | Q(repeats=Repeats.YEARLY, ends_on__lte=F("starts_on") + timedelta(days=300)),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "starts_on"], name="freeze_of_tenant")]

    def __str__(self) -> str:
        return self.name
