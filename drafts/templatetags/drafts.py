"""Words for a draft's history and marks, for templates."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

register = template.Library()
BOLD = re.compile(r"\*\*(.+?)\*\*")

EVENTS = {
    "draft.created": _l("{who} began the draft"),
    "draft.edited": _l("{who} edited {what}"),
    "draft.previewed": _l("{who} previewed, {n} changes"),
    "draft.submitted": _l("{who} submitted revision {revision}"),
    "draft.trimmed": _l("{who} left out {left_out} changes, {kept} are left: revision {revision}"),
    "draft.withdrawn": _l("{who} withdrew it from review"),
    "draft.changes_requested": _l("{who} asked for changes"),
    "draft.approved": _l("{who} filled the last seat: approved"),
    "draft.approved_by_standing": _l("Approved by a standing approval"),
    "draft.approval_carried_over": _l("The earlier approval was carried over"),
    "draft.break_glass": _l("{who} broke the glass"),
    "draft.approval_revoked": _l("{who} took the approval back"),
    "draft.approval_expired": _l("The approval expired"),
    "draft.rejected": _l("{who} rejected it"),
    "draft.reopened": _l("{who} reopened it"),
    "draft.converted": _l("{who} converted it into a run"),
    "draft.discarded": _l("{who} discarded it"),
    "draft.shared": _l("{who} shared it"),
    "draft.unshared": _l("{who} stopped sharing it"),
    "draft.commented": _l("{who} commented"),
    "draft.comment_resolved": _l("{who} resolved a comment"),
    "draft.comment_reopened": _l("{who} opened a comment again"),
    "workflow.created": _l("The run was made"),
    "workflow.started": _l("The run started"),
    "workflow.succeeded": _l("The run finished"),
    "workflow.failed": _l("The run failed"),
    "workflow.stopped_by_drift": _l("The run stopped: the shop had moved"),
    "workflow.cancelled": _l("The run was cancelled"),
    "workflow.undone": _l("The run was undone"),
    "review.verdict": _l("{who}: {decision}"),
    "review.verdict_taken_back": _l("{who} took a verdict back"),
    "review.verdicts_voided": _l("Earlier verdicts are void: {n} asked again"),
}
DECISIONS = {
    "approve": _l("approved"),
    "reject": _l("rejected"),
    "request_changes": _l("asked for changes"),
}
SAID = ("comment", "note", "reason")
GOOD = ("draft.approved", "draft.converted", "draft.approved_by_standing")
WARN = ("draft.rejected", "draft.approval_expired", "draft.approval_revoked", "draft.break_glass")


@register.filter
def event_words(event) -> str:
    """``Eddie edited inputs.tone``: the event as a sentence; an unknown kind by its own name."""
    words = EVENTS.get(event.kind)
    if words is None:
        return f"{event.actor_label}: {event.kind}"
    data = event.data
    return str(words).format(
        who=event.actor_label,
        what=_edited(data) if event.kind == "draft.edited" else "",
        n=data.get("change_count", data.get("count", 0)),
        left_out=data.get("left_out", 0),
        kept=data.get("kept", 0),
        revision=data.get("revision", ""),
        decision=DECISIONS.get(data.get("decision", ""), data.get("decision", "")),
    )


def _edited(data: dict) -> str:
    names = [name.removeprefix("inputs.").replace("_", " ") for name in data]
    if len(names) > 3:
        return _("{n} fields").format(n=len(names))
    return ", ".join(names)


@register.filter
def event_text(event) -> str:
    """What was said with it: a verdict's comment, a note, a reason."""
    return next((event.data[key] for key in SAID if event.data.get(key)), "")


@register.filter
def event_tone(event) -> str:
    if event.kind in GOOD:
        return "good"
    return "warn" if event.kind in WARN else ""


@register.filter
def bold_parts(text: str) -> SafeString:
    """``**41 prices**`` in bold; everything is escaped first."""
    pieces = BOLD.split(str(text or ""))
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<strong>{}</strong>", piece) if number % 2 else piece,)
            for number, piece in enumerate(pieces)
        ),
    )


@register.filter
def comments_on(field) -> list:
    return field.form.comments.get(field.path, [])
