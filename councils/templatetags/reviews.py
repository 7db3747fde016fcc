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
    if draft.status != "pending_review":
        return {"may_decide": False, "draft": draft}
    say = services.say_of(draft, actor=context["request"].actor)
    return {"may_decide": say.decide, "draft": draft}
