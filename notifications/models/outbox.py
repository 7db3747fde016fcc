"""A row that has to leave the house. The row decides; the broker's message is only a hint."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications.states import Sending

LEASE = timedelta(seconds=90)


class Outgoing(models.Model):
    """Claimed by counting ``attempts`` up and moving ``due_at`` past the lease, in one statement.

    Whoever was killed while sending has left a row that is due again when the lease is over.
    Who finishes names the attempt it claimed, so that a slow one never speaks for a later one.
    """

    state = models.CharField(
        _("state"), max_length=16, choices=Sending.choices, default=Sending.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), db_default=Now())
    last_error = models.CharField(_("last problem"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        abstract = True


def states_are_known(name: str, *states: Sending) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(state__in=states))


def sent_has_a_time(name: str) -> models.CheckConstraint:
    """A row that says it was sent says when."""
    return models.CheckConstraint(
        name=name, condition=~Q(state=Sending.SENT) | Q(sent_at__isnull=False)
    )


def claim(rows: models.QuerySet, pk: object) -> bool:
    """True for the one worker that may send it now."""
    due = rows.filter(pk=pk, state=Sending.PENDING, due_at__lte=Now())
    return due.update(attempts=F("attempts") + 1, due_at=Now() + LEASE) == 1
