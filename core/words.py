"""The words for states and levels, in one place, so that every page says the same."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

STATUS = {
    "editing": _l("Editing"),
    "pending_review": _l("In review"),
    "approved": _l("Approved"),
    "rejected": _l("Rejected"),
    "converted": _l("Converted"),
    "discarded": _l("Discarded"),
    "pending": _l("Pending"),
    "running": _l("Running"),
    "succeeded": _l("Succeeded"),
    "failed": _l("Failed"),
    "stopped_by_drift": _l("Stopped by drift"),
    "cancelled": _l("Cancelled"),
    "undoing": _l("Undoing"),
    "undone": _l("Undone"),
    "undo_incomplete": _l("Undo incomplete"),
    "urgent": _l("Urgent"),
    "high": _l("High"),
    "normal": _l("Normal"),
    "low": _l("Low"),
    "accepted": _l("Accepted"),
    "dismissed": _l("Dismissed"),
    "expired": _l("Expired"),
    "pre_approved": _l("Pre-approved"),
    "suspended": _l("Needs review"),
    "frozen": _l("Frozen"),
    "on_track": _l("Reached"),
    "behind": _l("Behind"),
    "applied": _l("Applied"),
    "skipped": _l("Skipped"),
    "drifted": _l("Moved"),
    "kept": _l("Kept"),
    "open": _l("Open"),
    "done": _l("Done"),
    "imported": _l("Imported"),
    "refused": _l("Refused"),
    "changes_requested": _l("Changes requested"),
}
RISK = {"low": _l("Low risk"), "medium": _l("Medium risk"), "high": _l("High risk")}

LINE = ("editing", "pending_review", "approved", "running", "done")
AT = {
    "editing": 0,
    "pending_review": 1,
    "approved": 2,
    "converted": 3,
    "pending": 3,
    "running": 3,
    "undoing": 3,
    "succeeded": 4,
    "undone": 4,
}
STOPPED_AT = {
    "rejected": 1,
    "discarded": 0,
    "failed": 3,
    "stopped_by_drift": 3,
    "cancelled": 3,
    "undo_incomplete": 4,
}


@dataclass(frozen=True, slots=True)
class StateStep:
    label: str
    state: str  # done · now · next · stopped


def status(name: str) -> str:
    return str(STATUS.get(name) or name.replace("_", " ").capitalize())


def risk(level: str) -> str:
    return str(RISK.get(level, level))


def state_line(draft: str, run: str = "") -> list[StateStep]:
    """Draft, in review, approved, running, done: where this one is, and where it stopped."""
    state = run or draft
    at, stopped = STOPPED_AT.get(state), state in STOPPED_AT
    if at is None:
        at = AT.get(state, 0)
    labels = [_("Draft"), _("In review"), _("Approved"), _("Running"), _("Done")]
    if stopped or state in ("undoing", "undone"):
        labels[at] = status(state)
    marks = ["done"] * at + ["stopped" if stopped else "now"] + ["next"] * (len(LINE) - at - 1)
    return [StateStep(label, mark) for label, mark in zip(labels, marks, strict=True)]
