"""Words of the catalog for templates."""

from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.utils.text import Truncator

from templates_catalog import showing
from templates_catalog.forms import ASKING, KEEP
from workflows.presentation import Shown

register = template.Library()
SENTENCE = 30  # shorter ones are dates and names, which the row's label tells


@register.filter
def share(value: Decimal | None) -> str:
    return showing.percent(value)


@register.filter
def told(change: Shown) -> str:
    """What a new row says, in one text: the longest it has that is written for people."""
    texts = [text for _label, text in change.created if " " in text and text[0] not in "[{"]
    longest = max(texts, key=len, default="")
    return Truncator(longest).chars(220) if len(longest) >= SENTENCE else ""


@register.filter
def aside(change: Shown) -> str:
    """The extra figures of a row, in one line."""
    return " · ".join(cell for cell in change.cells if cell)


@register.filter
def asking(field) -> list[tuple[str, object, bool]]:
    """How an input of a template is treated: value, words, and whether that is chosen."""
    choice_of = getattr(field.form, "choice_of", None)
    if choice_of is None or "." in field.path:
        return []
    chosen = choice_of(field.path) or KEEP
    return [(value, words, value == chosen) for value, words in ASKING.items()]


@register.inclusion_tag("templates_catalog/save_as.html", takes_context=True)
def save_as_template(context, draft=None, run=None):
    """A way from a draft, or from a run that succeeded, to a template made of it."""
    may = context["request"].actor.has_perm("templates.create_template")
    good = draft is not None or (run is not None and run.status == "succeeded")
    asked = {"draft": draft.pk} if draft is not None else {"run": run.pk if run else ""}
    return {"offers": may and good, "asked": urlencode(asked)}
