"""The words a run, its changes and its plan may be in."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    STOPPED_BY_DRIFT = "stopped_by_drift", _("Stopped, shop moved")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Undoing")
    UNDONE = "undone", _("Undone")
    UNDO_INCOMPLETE = "undo_incomplete", _("Partly undone")


ACTIVE = (RunState.RUNNING, RunState.UNDOING)
UNDOABLE = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.UNDO_INCOMPLETE)
EDGES = (
    (RunState.PENDING, RunState.RUNNING),
    (RunState.PENDING, RunState.CANCELLED),
    (RunState.RUNNING, RunState.SUCCEEDED),
    (RunState.RUNNING, RunState.FAILED),
    (RunState.RUNNING, RunState.STOPPED_BY_DRIFT),
    (RunState.RUNNING, RunState.CANCELLED),
    *((source, RunState.UNDOING) for source in UNDOABLE),
    (RunState.UNDOING, RunState.UNDONE),
    (RunState.UNDOING, RunState.UNDO_INCOMPLETE),
)


class Kind(models.TextChoices):
    SET = "set", _("Change")
    CREATE = "create", _("New")


class Phase(models.TextChoices):
    DRIFT = "drift", _("Check before the start")
    APPLY = "apply", _("Run")
    UNDO = "undo", _("Undo")


class Outcome(models.TextChoices):
    APPLIED = "applied", _("Applied")
    SKIPPED = "skipped", _("Skipped")
    RESTORED = "restored", _("Restored")
    KEPT = "kept", _("Kept")
    MOVED = "moved", _("Moved")


class Agent(models.TextChoices):
    DRAFT_CONVERTER = "draft_converter", _("From a draft")
    DIRECT = "direct", _("Direct run")


class Difference(models.TextChoices):
    """How a change of a later plan stands to the same change of an earlier one."""

    ADDED = "added", _("New")
    GONE = "gone", _("Gone")
    AFTER = "after", _("Other result")
    BEFORE = "before", _("Other starting value")


# Below this share of changes as planned, over a type's last runs, nothing of it runs at once.
FIDELITY_FLOOR = Decimal("0.98")


class Repeats(models.TextChoices):
    """How often a freeze comes again."""

    NEVER = "never", _("Once")
    WEEKLY = "weekly", _("Every week")
    YEARLY = "yearly", _("Every year")
