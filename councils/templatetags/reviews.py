"""Panels of the review that the draft's page shows: this floor's own, named in that template."""

from django import template

from councils import queries, services
from councils.views.decision import seats_panel
from councils.views.submitting import route_panel as route_context

register = template.Library()


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
