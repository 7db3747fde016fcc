"""What a person wants to hear of, where, and when their digest comes."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.rls import DRAFT, USER
from notifications.models.outbox import Outgoing, sent_has_a_time, states_are_known
from notifications.states import Group, MailChoice, Sending

User = settings.AUTH_USER_MODEL
OWN = f"user_id = {USER} AND {DRAFT} = ''"
MORNING = 8


class Preference(models.Model):
    """One group of notices: in the inbox or not, and how by mail. No row means as shipped."""

    rls = "own"
    rls_using = OWN

    id = IdField(prefix="preference")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(_("group"), max_length=16, choices=Group.choices)
    in_app = models.BooleanField(_("in the inbox"), default=True)
    mail = models.CharField(_("by e-mail"), max_length=8, choices=MailChoice.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="preference_once"),
            models.CheckConstraint(
                name="preference_is_known",
                condition=Q(group__in=Group.values, mail__in=MailChoice.values),
            ),
            models.CheckConstraint(
                name="preference_leaves_alarms_alone", condition=~Q(group=Group.ALARMS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.get_mail_display()}"


class DigestTime(models.Model):
    """At which hour, on whose clock; without a zone on the clock of the shop."""

    rls = "own"
    rls_using = OWN

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=MORNING, validators=[MaxValueValidator(23)]
    )
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="digest_hour_is_of_a_day", condition=Q(hour__lte=23))
        ]

    def __str__(self) -> str:
        return f"{self.hour}:00 {self.timezone}"


class Digest(Outgoing):
    """One mail a local day, with everything that waited for it; the pair of person and day is
    the slot, so a second beat makes no second one."""

    rls = "own"
    rls_using = OWN

    id = IdField(prefix="digest")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day"),
            states_are_known(
                "digest_state_is_known",
                Sending.PENDING,
                Sending.SENT,
                Sending.FAILED,
                Sending.SKIPPED,
            ),
            sent_has_a_time("digest_sent_has_a_time"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="digest_to_send", condition=Q(state=Sending.PENDING)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
