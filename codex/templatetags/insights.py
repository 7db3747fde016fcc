"""Figures of the insights page in words."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django import template

from codex.insights import showing

register = template.Library()


@register.filter
def duration(seconds: float | None) -> str:
    return showing.duration(seconds)


@register.filter
def named(names: Mapping[str, str], key: str) -> str:
    """The name of an id; one that is not known any more stays an id."""
    return names.get(key, key)


@register.filter
def asquery(values: Mapping[str, str]) -> str:
    return urlencode(values)
