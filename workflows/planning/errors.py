"""What pydantic found wrong with inputs, said per field and in plain words."""

from collections import defaultdict
from typing import Any

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_

from core.errors import DomainError, Invalid

WORDS = {
    "missing": N_("This is needed."),
    "extra_forbidden": N_("There is no such input."),
    "string_type": N_("This has to be text."),
    "string_too_short": N_("Needs at least %(min_length)s characters."),
    "string_too_long": N_("Takes at most %(max_length)s characters."),
    "too_short": N_("Needs at least %(min_length)s entries."),
    "too_long": N_("Takes at most %(max_length)s entries."),
    "int_type": N_("This has to be a whole number."),
    "int_parsing": N_("This has to be a whole number."),
    "int_from_float": N_("This has to be a whole number."),
    "decimal_type": N_("This has to be a number."),
    "decimal_parsing": N_("This has to be a number."),
    "decimal_max_places": N_("Takes at most %(decimal_places)s decimal places."),
    "finite_number": N_("This has to be a number."),
    "bool_type": N_("This has to be yes or no."),
    "bool_parsing": N_("This has to be yes or no."),
    "date_parsing": N_("This has to be a date, like 2026-11-27."),
    "date_from_datetime_parsing": N_("This has to be a date, like 2026-11-27."),
    "date_type": N_("This has to be a date, like 2026-11-27."),
    "list_type": N_("This has to be a list."),
    "dict_type": N_("This has to be an object."),
    "greater_than": N_("Has to be more than %(gt)s."),
    "greater_than_equal": N_("Has to be %(ge)s or more."),
    "less_than": N_("Has to be less than %(lt)s."),
    "less_than_equal": N_("Has to be %(le)s or less."),
    "enum": N_("Choose one of: %(expected)s."),
    "literal_error": N_("Choose one of: %(expected)s."),
}


class PlanFailed(DomainError):
    """A fault of the type, not of the person: nothing was stored, the trace is in the log."""

    status = 422
    code = "plan_failed"
    title = gettext_lazy("The plan could not be made")


def invalid_inputs(error: pydantic.ValidationError) -> Invalid:
    fields: dict[str, list[str]] = defaultdict(list)
    for fault in error.errors(include_url=False):
        where = ".".join(["inputs", *(str(part) for part in fault["loc"])])
        fields[where].append(_in_words(fault))
    return Invalid(fields)


def _in_words(fault: Any) -> str:
    words = WORDS.get(fault["type"])
    if words is not None:
        return _(words) % fault.get("ctx", {})
    # A validator of the type itself: its message follows "Value error, ".
    return str(fault["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
