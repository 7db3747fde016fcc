"""Words for a run's timeline, and marks in a plan's sentence."""

import re
from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.money import format_money
from workflows import freezing, presentation
from workflows.models import LimitSet
from workflows.models.limits import LIMITS

register = template.Library()
register.filter("freeze_rule", freezing.freeze_in_words)
register.filter("family", presentation.family_label)
register.filter("type_record", presentation.record_in_words)
BOLD = re.compile(r"\*\*(.+?)\*\*")

EVENTS = {
    "workflow.created": _l("{who} handed it over, {changes} changes"),
    "workflow.start_asked": _l("{who} pressed start"),
    "workflow.held": _l("Waits: “{freeze}” is on"),
    "workflow.started": _l("Started"),
    "workflow.resumed": _l("Taken up by another worker"),
    "workflow.checked": _l("Shop read again, all {changes} as approved"),
    "workflow.succeeded": _l("Finished: {applied} applied, {skipped} skipped"),
    "workflow.stopped_by_drift": _l("Stopped: {moved} moved since the approval, nothing written"),
    "workflow.cancel_asked": _l("{who} asked to stop"),
    "workflow.cancelled": _l("Stopped by {who}"),
    "workflow.failed": _l("Stopped with an error"),
    "workflow.given_up": _l("Given up"),
    "workflow.undo_started": _l("{who} started the undo"),
    "workflow.undone": _l("Undone: {restored} put back"),
    "workflow.undo_incomplete": _l("Undone in part: {restored} put back, {kept} kept"),
}
FIGURES = ("changes", "applied", "skipped", "moved", "restored", "kept")
TONES = {
    "workflow.held": "warn",
    "workflow.succeeded": "good",
    "workflow.undone": "good",
    "workflow.stopped_by_drift": "warn",
    "workflow.failed": "warn",
    "workflow.given_up": "warn",
    "workflow.undo_incomplete": "warn",
}


@register.filter
def run_event(event) -> str:
    """The event as a sentence; an unknown kind by its own name."""
    figures = {name: whole(event.data.get(name, 0)) for name in FIGURES}
    words = str(EVENTS.get(event.kind, "{who}: {kind}"))
    if event.kind == "workflow.resumed" and event.data.get("attempt") == 1:
        words = _("Work on it began")
    freeze = event.data.get("freeze", "")
    return words.format(who=event.actor_label, kind=event.kind, freeze=freeze, **figures)


@register.filter
def run_event_tone(event) -> str:
    return TONES.get(event.kind, "")


@register.filter
def limit_lines(limits: LimitSet, currency: str) -> list[str]:
    """The limits that are on, each in a few words."""
    shown = {name: getattr(limits, name) for name in LIMITS}
    words = {
        "max_items": _("{n} items"),
        "max_step_percent": _("price moves of {n}%"),
        "max_discount_percent": _("discounts of {n}%"),
        "max_money_at_risk": _("{n} at risk"),
        "max_revenue_percent": _("{n}% of the revenue"),
        "max_recipients": _("{n} customers written to"),
    }
    return [
        words[name].format(n=_limit(name, value, currency))
        for name, value in shown.items()
        if value is not None
    ]


def _limit(name: str, value: Decimal | int, currency: str) -> str:
    if name == "max_money_at_risk":
        return format_money(Decimal(value), currency)
    return whole(value) if isinstance(value, int) else f"{value.normalize():f}"


@register.filter
def marked(text: object) -> SafeString:
    """``**41 prices**`` in bold; everything else escaped."""
    parts = BOLD.split(str(text or ""))
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<strong>{}</strong>", part) if odd % 2 else part,)
            for odd, part in enumerate(parts)
        ),
    )


@register.filter
def whole(number: int | None) -> str:
    """60002 → 60,002, as the reader's language groups it."""
    return number_format(number, force_grouping=True) if number is not None else ""


@register.filter
def percent_of_one(share: object) -> str:
    """ "0.1234" → 12.3%."""
    if share in (None, ""):
        return ""
    return f"{number_format(Decimal(str(share)) * 100, 1)}%"


@register.filter
def seconds(count: int | None) -> str:
    """“about 20 seconds”, “about 3 minutes”."""
    if count is None:
        return ""
    if count < 90:
        return _("about {n} seconds").format(n=count) if count != 1 else _("about a second")
    return _("about {n} minutes").format(n=round(count / 60))


@register.filter
def bars(histogram: dict) -> list[dict[str, object]]:
    """Rectangles of a histogram in a 100 by 100 box, and what each of them says."""
    bins = histogram.get("bins") or []
    if not bins:
        return []
    most = max(one["count"] for one in bins) or 1
    width = 100 / len(bins)
    return [
        {
            "x": f"{number * width + width * 0.07:.2f}",
            "width": f"{width * 0.86:.2f}",
            "y": f"{100 - 100 * one['count'] / most:.2f}",
            "height": f"{100 * one['count'] / most:.2f}",
            "tone": one["tone"] if one["tone"] in ("up", "down") else "plain",
            "label": one["label"],
            "count": one["count"],
            "most": most,
        }
        for number, one in enumerate(bins)
    ]
