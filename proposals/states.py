"""The words a proposal and what belongs to it may be in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """Snoozed is a date on a pending proposal, not a state."""

    PENDING = "pending", _("open")
    ACCEPTED = "accepted", _("accepted")
    DISMISSED = "dismissed", _("dismissed")
    EXPIRED = "expired", _("expired")


EDGES = (
    (ProposalState.PENDING, ProposalState.ACCEPTED),
    (ProposalState.PENDING, ProposalState.DISMISSED),
    (ProposalState.PENDING, ProposalState.EXPIRED),
    (ProposalState.DISMISSED, ProposalState.PENDING),
)


class Priority(models.TextChoices):
    LOW = "low", _("low")
    NORMAL = "normal", _("normal")
    HIGH = "high", _("high")
    URGENT = "urgent", _("urgent")


# For lists: urgent first.
PRIORITY_ORDER = {
    Priority.URGENT: 0,
    Priority.HIGH: 1,
    Priority.NORMAL: 2,
    Priority.LOW: 3,
}


class Reason(models.TextChoices):
    """Why somebody does not want it. Each says how much worse it has to get to come back."""

    ON_PURPOSE = "on_purpose", _("We did this on purpose")
    ALREADY_DONE = "already_done", _("We are dealing with it already")
    NOT_WORTH_IT = "not_worth_it", _("Not worth the effort")
    NOT_TRUE = "not_true", _("This is not true")
    OTHER = "other", _("Another reason")


class Trigger(models.TextChoices):
    SCHEDULE = "schedule", _("every night")
    COMMAND = "command", _("command line")
    PERSON = "person", _("a person")


class Verdict(models.TextChoices):
    BETTER = "better", _("It helped")
    NONE = "none", _("No effect to be seen")
    WORSE = "worse", _("It made things worse")
    NOT_ENOUGH_DATA = "not_enough_data", _("Not enough data to tell")
