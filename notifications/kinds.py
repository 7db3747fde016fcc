"""Every kind of notice, by group, with the words for choosing it."""

from django.utils.translation import gettext_lazy as _

from notifications.states import Group, MailChoice

# Always in the inbox and mailed at once: nobody may learn of these tomorrow.
ALARMS = frozenset({"review.break_glass", "review.after_overdue", "endpoint.disabled"})
DECISIONS = frozenset(
    {"review.verdict", "review.taken_back", "review.after_closed", "review.carried_over"}
)
BY_PREFIX = {
    "review": Group.REVIEWS,
    "delegation": Group.REVIEWS,
    "comment": Group.COMMENTS,
    "workflow": Group.RUNS,
    "template": Group.TEMPLATES,
    "proposal": Group.PROPOSALS,
    "draft": Group.DECISIONS,
}
MAILED = dict.fromkeys(Group, MailChoice.NOW) | {Group.PROPOSALS: MailChoice.DIGEST}
CHOSEN = tuple(group for group in Group if group != Group.ALARMS)

# What an endpoint can ask for. A kind that is not listed reaches endpoints that ask for all.
OFFERED = (
    ("review.asked", _("A review is asked for")),
    ("review.asked_again", _("A review is asked for once more")),
    ("review.assigned", _("A review was given to somebody")),
    ("review.reminder", _("A review is late")),
    ("review.escalated", _("A review was passed on")),
    ("review.after_closed", _("Somebody looked at a run without approval")),
    ("review.after_overdue", _("Nobody looked at a run without approval")),
    ("delegation.made", _("A seat was passed on for a while")),
    ("delegation.over", _("A delegation is over")),
    ("review.advice", _("A guest gave advice")),
    ("review.verdict", _("A reviewer decided")),
    ("review.taken_back", _("An approval was taken back")),
    ("review.break_glass", _("Somebody ran without approval")),
    ("draft.approval_expired", _("An approval has ended")),
    ("review.carried_over", _("An approval was carried over")),
    ("comment.mention", _("Somebody was mentioned")),
    ("comment.reply", _("A comment was answered")),
    ("comment.added", _("A comment was written")),
    ("workflow.succeeded", _("A run has finished")),
    ("workflow.failed", _("A run stopped with an error")),
    ("workflow.stopped_by_drift", _("A run was stopped: the shop had moved")),
    ("workflow.cancelled", _("A run was stopped half-way")),
    ("workflow.undone", _("A run was undone")),
    ("workflow.undo_incomplete", _("A run was undone in part")),
    ("template.suspended", _("A template was suspended")),
    ("template.eligible", _("A template has earned a standing approval")),
    ("template.person_blocked", _("Instant runs of a person were stopped")),
)


def group_of(kind: str) -> Group:
    if kind in ALARMS:
        return Group.ALARMS
    if kind in DECISIONS:
        return Group.DECISIONS
    return BY_PREFIX.get(kind.partition(".")[0], Group.SHOP)
