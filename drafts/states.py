"""The states of a draft and every way between them (DECISIONS.md §2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftState(models.TextChoices):
    EDITING = "editing", _("Editing")
    PENDING_REVIEW = "pending_review", _("In review")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    CONVERTED = "converted", _("Converted")
    DISCARDED = "discarded", _("Discarded")


FINAL = (DraftState.CONVERTED, DraftState.DISCARDED)

# From, to. The database refuses every other step, whoever asks (drafts/models/draft.py).
EDGES = (
    (DraftState.EDITING, DraftState.PENDING_REVIEW),
    (DraftState.EDITING, DraftState.APPROVED),
    (DraftState.EDITING, DraftState.DISCARDED),
    (DraftState.PENDING_REVIEW, DraftState.EDITING),
    (DraftState.PENDING_REVIEW, DraftState.APPROVED),
    (DraftState.PENDING_REVIEW, DraftState.REJECTED),
    (DraftState.APPROVED, DraftState.EDITING),
    (DraftState.APPROVED, DraftState.PENDING_REVIEW),
    (DraftState.APPROVED, DraftState.CONVERTED),
    (DraftState.APPROVED, DraftState.DISCARDED),
    (DraftState.REJECTED, DraftState.EDITING),
    (DraftState.REJECTED, DraftState.DISCARDED),
)


class PreviewState(models.TextChoices):
    """Where a preview too large to make at once stands; empty when none is asked for."""

    NONE = "", _("None")
    COMPUTING = "computing", _("Computing")
    FAILED = "failed", _("Failed")


class ApprovalKind(models.TextChoices):
    COUNCIL = "council", _("Council")
    STANDING = "standing", _("Standing approval")
    CARRY_OVER = "carry_over", _("Carried over")
    BREAK_GLASS = "break_glass", _("Break-glass")
