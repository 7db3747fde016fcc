"""Small words and figures for templates: states, people, times, money, text differences."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import words
from core.money import format_money
from core.textdiff import GONE, NEW, word_diff

register = template.Library()


@register.filter
def status_word(status: str) -> str:
    """The state in plain words: ``pending_review`` → In review."""
    return words.status(status)


@register.filter
def risk_word(level: str) -> str:
    return words.risk(level)


@register.filter
def steps(state: str, run: str = "") -> Iterable[words.StateStep]:
    return words.state_line(state, run or "")


@register.filter
def initials(name: object) -> str:
    parts = str(name or "").replace("@", " ").split()
    return (
        "".join(part[0] for part in (parts[0], parts[-1])[: len(parts)]).upper() if parts else "?"
    )


@register.filter
def money(amount: object, currency: str) -> str:
    """``£1,180.00`` as the reader's language writes it; nothing stays nothing."""
    if amount is None or amount == "":
        return ""
    try:
        return format_money(Decimal(str(amount)), currency)
    except InvalidOperation:
        return str(amount)


@register.filter
def textdiff(before: object, after: object) -> SafeString:
    """Words gone and words new, escaped, as ``<del>`` and ``<ins>``."""
    tags = {GONE: "del", NEW: "ins"}
    pieces = []
    for kind, text in word_diff(str(before or ""), str(after or "")):
        if not text:
            continue
        tag = tags.get(kind)
        piece = format_html("<{0}>{1}</{0}>", tag, text) if tag and text.strip() else text
        pieces.append((piece,))
    return format_html_join("", "{}", pieces)


@register.filter
def shorttime(at: Any) -> str:
    """Today 12:04, yesterday *Sun 16:40*, this year *7 Dec*, before that with its year."""
    if not isinstance(at, datetime):
        return date_format(at, "j M Y") if isinstance(at, date) else str(at or "")
    here, now = _local(at), timezone.localtime()
    if here.date() == now.date():
        return date_format(here, "H:i")
    if timedelta() < abs(now - here) < timedelta(days=6):
        return date_format(here, "D H:i")
    return date_format(here, "j M" if here.year == now.year else "j M Y")


@register.filter
def fulltime(at: Any) -> str:
    if not isinstance(at, datetime):
        return date_format(at, "DATE_FORMAT") if isinstance(at, date) else ""
    return date_format(_local(at), "l j F Y, H:i:s")


@register.filter
def isotime(at: Any) -> str:
    return at.isoformat() if isinstance(at, (date, datetime, time)) else ""


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else timezone.make_aware(at)


@register.filter
def ago(at: datetime | None) -> str:
    """How long something waits: 40 min, 22 h, 3 d."""
    if at is None:
        return ""
    minutes = max(int((timezone.now() - at).total_seconds() // 60), 0)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s d") % {"n": minutes // 1440}


@register.filter
def left(until: datetime | None) -> str:
    """How long something is still there: 3 days left, 5 h left."""
    if until is None:
        return ""
    hours = max(int((until - timezone.now()).total_seconds() // 3600), 0)
    if hours < 48:
        return _("%(n)s h left") % {"n": hours}
    return _("%(n)s days left") % {"n": hours // 24}


@register.filter
def plain(number: object) -> str:
    """For attributes a machine reads: a point and no grouping, whatever the language."""
    return str(number)


@register.filter
def minus(one: Any, other: Any) -> str:
    return str(Decimal(str(one or 0)) - Decimal(str(other or 0)))


@register.filter
def is_check(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def control(field: BoundField, width: str = "") -> SafeString:
    """The field's own control in our clothes."""
    attrs: dict[str, str | bool] = {"class": "control"}
    if width:
        attrs["data-width"] = width
    return field.as_widget(attrs=attrs)


@register.filter(name="words")
def split_words(text: str) -> list[str]:
    return text.split()
