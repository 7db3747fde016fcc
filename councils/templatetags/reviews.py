"""Panels of the review that the draft's page shows: this floor's own, named in that template."""

from datetime import timedelta

from django import template
from django.utils import timezone

from councils import queries, services
from councils.views.decision import seats_panel
from councils.views.submitting import route_panel as route_context

register = template.Library()
LATE_AFTER = timedelta(days=2)


@register.filter
def is_late(entry) -> bool:
    """Past its due date, or, without one, waiting for more than two days."""
    until = getattr(entry, "due_at", None) or entry.opened_at + LATE_AFTER
    return until < timezone.now()


@register.filter
def duration(seconds: int) -> str:
    """``4:05``: minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def edits(entry) -> int:
    """The changes of a queue row that are no new rows."""
    counts = entry.facts.get("counts") or {}
    return counts.get("changes", 0) - counts.get("creates", 0)


@register.filter
def from_machine(entry) -> str:
    return "yes" if entry.facts.get("origin") == "proposal" else ""


@register.inclusion_tag("councils/review_panel.html", takes_context=True)
def review_panel(context, draft):
    """Seats and verdicts of the newest round; nothing before the first submission."""
    round_ = queries.latest_round(draft)
    return {
        "draft": draft,
        "round": round_,
        "seats": seats_panel(round_),
        "verdicts": list(queries.standing_verdicts(round_)) if round_ else [],
    }


@register.inclusion_tag("councils/route_panel.html", takes_context=True)
def route_panel(context, draft):
    wrote = context["request"].actor.user_id in queries.barred_ids(draft)
    return {**route_context(draft), "wrote_in_it": wrote}


@register.inclusion_tag("councils/review_button.html", takes_context=True)
def review_button(context, draft):
    """Review, for who may decide; the way past it, for an owner."""
    actor = context["request"].actor
    in_review = draft.status == "pending_review"
    return {
        "may_decide": in_review and services.say_of(draft, actor=actor).decide,
        "may_break_glass": (in_review or draft.is_editing)
        and actor.has_perm("drafts.break_glass", draft),
        "draft": draft,
    }


@register.inclusion_tag("councils/time_panel.html", takes_context=True)
def time_panel(context, draft):
    """Due when, who is looking at it, who it was given to; for the page a decision is made on."""
    actor, round_ = context["request"].actor, queries.latest_round(draft)
    if round_ is None:
        return {"round": None}
    is_open = round_.state == "open"
    now = timezone.now()
    held = bool(is_open and round_.claimed_until and round_.claimed_until > now)
    mine = held and round_.claimed_by_id == actor.user_id
    decides = is_open and actor.has_perm("drafts.decide_draft", draft)
    return {
        "draft": draft,
        "round": round_,
        "is_open": is_open,
        "late": is_open and round_.due_at is not None and round_.due_at < now,
        "held": held,
        "may_claim": decides and not held,
        "may_release": held and (mine or actor.has_perm("councils.manage_councils", draft)),
        "may_assign": is_open and actor.has_perm("councils.assign_review", draft),
        "assignees": sorted(queries.names(round_.assignee_ids).values()),
        "is_guest": draft.tenant_id != actor.tenant_id,
    }
