"""Numbers in a reason lead to the rows they stand on."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# A figure with its sign and unit; a date is one figure: 18 December 2026.
NUMBER = re.compile(r"\d{1,2}\.? [^\W\d]+ \d{4}|(?:[£€$¥]\s?)?[+\-−]?\d(?:[\d.,]*\d)?(?:\s?[%€])?")


@register.filter
def linked(reason: str, url: str) -> SafeString:
    """Every number of a sentence as a link to ``url``; the words between are escaped."""
    pieces, place = [], 0
    for found in NUMBER.finditer(reason):
        pieces.append((reason[place : found.start()],))
        pieces.append((format_html('<a href="{}">{}</a>', url, found.group()),))
        place = found.end()
    return format_html_join("", "{}", [*pieces, (reason[place:],)])
