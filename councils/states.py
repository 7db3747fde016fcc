"""The words a review may be in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A round is decided once; an approval taken back opens it again.
ROUND_EDGES = (
    (RoundState.OPEN, RoundState.APPROVED),
    (RoundState.OPEN, RoundState.REJECTED),
    (RoundState.OPEN, RoundState.CHANGES_REQUESTED),
    (RoundState.OPEN, RoundState.WITHDRAWN),
    (RoundState.APPROVED, RoundState.OPEN),
)


class Decision(models.TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    REQUEST_CHANGES = "request_changes", _("Request changes")
