"""What pydantic found wrong, in plain words and the reader's language, by field."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import ValidationError

from core.schema_numbers import write_number

Path = tuple[str | int, ...]
EMPTY: tuple[object, ...] = ("", None, [], {})
Words = Callable[[Mapping[str, Any]], str]


def messages_of(error: ValidationError, *, of_gaps: bool = True) -> dict[Path, list[str]]:
    """Message lists by place; the same message is not said twice of one place.

    Without ``of_gaps`` only what was written is judged, not what is still to be written.
    """
    found: dict[Path, list[str]] = {}
    for one in error.errors(include_url=False):
        if not of_gaps and (one["type"] == "missing" or one["input"] in EMPTY):
            continue
        said = found.setdefault(tuple(one["loc"]), [])
        words = in_plain_words(one)
        if words not in said:
            said.append(words)
    return found


def invalid_fields(
    error: ValidationError, prefix: str = "inputs", *, of_gaps: bool = True
) -> dict[str, list[str]]:
    """For ``core.errors.Invalid``: ``{"inputs.tone": ["…"]}``; a rule over all is ``inputs``."""
    fields: dict[str, list[str]] = {}
    for place, said in messages_of(error, of_gaps=of_gaps).items():
        fields.setdefault(".".join([prefix, *map(str, place)]), []).extend(said)
    return fields


def in_plain_words(one: Mapping[str, Any]) -> str:
    kind, context = one["type"], one.get("ctx") or {}
    if kind in ("value_error", "assertion_error") and context.get("error"):
        return str(context["error"])
    words = WORDS.get(kind) or WORDS.get(kind.split("_")[0])
    return words(context) if words else str(one["msg"])


def _number(value: Any) -> str:
    """A limit without the point that a float drags along: 25, not 25.0."""
    whole = isinstance(value, float) and value.is_integer()
    return write_number(str(int(value) if whole else value))


def _items(context: Mapping[str, Any], key: str) -> int:
    return int(context.get(key) or 0)


def _too_few(context: Mapping[str, Any]) -> str:
    least = _items(context, "min_length")
    return ngettext("Choose at least %(n)s.", "Choose at least %(n)s.", least) % {"n": least}


def _too_many(context: Mapping[str, Any]) -> str:
    most = _items(context, "max_length")
    return ngettext("Choose at most %(n)s.", "Choose at most %(n)s.", most) % {"n": most}


def _too_short(context: Mapping[str, Any]) -> str:
    least = _items(context, "min_length")
    if least == 1:
        return _("This is needed.")
    return ngettext(
        "Write at least %(n)s character.", "Write at least %(n)s characters.", least
    ) % {"n": least}


def _too_long(context: Mapping[str, Any]) -> str:
    most = _items(context, "max_length")
    return ngettext("Write at most %(n)s character.", "Write at most %(n)s characters.", most) % {
        "n": most
    }


WORDS: dict[str, Words] = {
    "missing": lambda context: _("This is needed."),
    "int": lambda context: _("Write a whole number."),
    "float": lambda context: _("Write a number."),
    "decimal": lambda context: _("Write a number."),
    "decimal_max_places": lambda context: (
        _("At most %(n)s digits after the point.") % {"n": context.get("decimal_places")}
    ),
    "bool": lambda context: _("Say yes or no."),
    "string_type": lambda context: _("Write some text."),
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_pattern_mismatch": lambda context: _("This does not have the right form."),
    "too_short": _too_few,
    "too_long": _too_many,
    "list": lambda context: _("Give a list."),
    "set": lambda context: _("Give a list."),
    "dict": lambda context: _("Give an object with names and values."),
    "model": lambda context: _("Give an object with names and values."),
    "enum": lambda context: (
        _("Choose one of those offered: %(options)s.") % {"options": context.get("expected")}
    ),
    "literal": lambda context: (
        _("Choose one of those offered: %(options)s.") % {"options": context.get("expected")}
    ),
    "greater_than": lambda context: (
        _("More than %(limit)s.") % {"limit": _number(context.get("gt"))}
    ),
    "greater_than_equal": lambda context: (
        _("At least %(limit)s.") % {"limit": _number(context.get("ge"))}
    ),
    "less_than": lambda context: _("Less than %(limit)s.") % {"limit": _number(context.get("lt"))},
    "less_than_equal": lambda context: (
        _("At most %(limit)s.") % {"limit": _number(context.get("le"))}
    ),
    "multiple_of": lambda context: (
        _("In steps of %(limit)s.") % {"limit": _number(context.get("multiple_of"))}
    ),
    "date": lambda context: _("Write a date as year-month-day, like 2026-11-23."),
    "datetime": lambda context: _("Write a date and time, like 2026-11-23T18:30."),
    "time": lambda context: _("Write a time as hours and minutes, like 18:30."),
    "timezone": lambda context: _("Say the time zone too."),
    "url": lambda context: _("Write a full web address."),
    "extra": lambda context: _("There is no such input."),
    "finite": lambda context: _("Write a number."),
}
