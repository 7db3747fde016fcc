"""The words a review may be in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    BREAK_GLASS = "break_glass", _("Run without approval")


# A round is decided once; an approval taken back opens it again.
ROUND_EDGES = (
    (RoundState.OPEN, RoundState.APPROVED),
    (RoundState.OPEN, RoundState.REJECTED),
    (RoundState.OPEN, RoundState.CHANGES_REQUESTED),
    (RoundState.OPEN, RoundState.WITHDRAWN),
    (RoundState.OPEN, RoundState.BREAK_GLASS),
    (RoundState.APPROVED, RoundState.OPEN),
)


class Decision(models.TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    REQUEST_CHANGES = "request_changes", _("Request changes")


class Stance(models.TextChoices):
    """What a guest may say of a draft: advice, never a verdict."""

    FOR = "for", _("For it")
    AGAINST = "against", _("Against it")
    UNSURE = "unsure", _("Has doubts")


class Origin(models.TextChoices):
    """How a draft came to be."""

    PERSON = "person", _("Written by a person")
    TEMPLATE = "template", _("From a template")
    PROPOSAL = "proposal", _("From a proposal")


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class AfterReviewState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    RIGHT = "right", _("Was right")
    NOT_RIGHT = "not_right", _("Was not right")
