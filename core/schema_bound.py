"""A field in a form: what stands in it, what is wrong, and all a template needs to draw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.schema_fields import MISSING, SchemaField, translated
from core.schema_numbers import write_number
from core.schema_widgets import ORDER, Checks, Choice, Json, Lines, Products, Temporal, Widget

if TYPE_CHECKING:
    from core.schema_forms import SchemaForm

BEFORE = ("£", "$", "€")
NOTHING = gettext_lazy("Not set")


@dataclass(frozen=True, slots=True)
class ShownOption:
    token: str
    label: str
    checked: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    fields: "list[BoundField | BoundGroup]"

    @property
    def is_open(self) -> bool:
        """A folded group must not hide what needs the reader, nor what they have set."""
        return any(field.has_errors or field.differs for field in self.fields)


class _Bound:
    def __init__(self, form: "SchemaForm", field: SchemaField, value: Any) -> None:
        self.form, self.field, self.value = form, field, value

    @property
    def path(self) -> str:
        return ".".join(self.field.path)

    @property
    def name(self) -> str:
        return self.form.name(self.field.path)

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def help(self) -> str:
        return self.field.help_text

    @cached_property
    def errors(self) -> list[str]:
        return self.form.errors.get(self.path, [])

    @property
    def differs(self) -> bool:
        default = None if self.field.default is MISSING else self.field.default
        return self.value is not MISSING and self.value != default

    @property
    def after(self) -> str:
        return self.form.after_field


class BoundGroup(_Bound):
    """A nested object: a fieldset around its own fields."""

    is_group = True

    @cached_property
    def fields(self) -> "list[BoundField | BoundGroup]":
        values = self.value if isinstance(self.value, Mapping) else {}
        return [bound(self.form, child, values) for child in self.field.children]

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(field.has_errors for field in self.fields)


class BoundField(_Bound):
    is_group = False

    @cached_property
    def widget(self) -> Widget:
        return self.form.widget(self.field, self.value)

    @property
    def template(self) -> str:
        return f"components/schema_form/{self.widget.template}.html"

    @cached_property
    def texts(self) -> list[str]:
        """What stands in the control: as typed, or the value."""
        typed = self.form.texts(self.name)
        if typed is not None:
            return typed
        if self.value is MISSING:
            return []
        if self.field.unreadable(self.value):
            return [self.value]
        return self.field.texts(self.widget, self.value)

    @property
    def text(self) -> str:
        return self.texts[-1] if self.texts else ""

    @property
    def has_errors(self) -> bool:
        return bool(self.errors)

    @property
    def is_json(self) -> bool:
        """Shown as JSON although the field has a control of its own, which cannot carry it."""
        return isinstance(self.widget, Json)

    @property
    def is_plain_json(self) -> bool:
        """The answer has to say so, for it is read as JSON then."""
        return self.is_json and (bool(self.field.children) or not isinstance(self.field.own, Json))

    @property
    def required(self) -> bool:
        return self.field.required

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}-hint"] if self.help or self.limits or self.is_plain_json else []
        return " ".join([*ids, f"{self.id}-error"])

    @property
    def in_fieldset(self) -> bool:
        return self.widget.template in ("choice", "checks")

    # -- limits and looks

    @property
    def unit(self) -> str:
        unit = self.field.schema.get("unit", "")
        if unit != "currency":
            return translated(unit)
        symbols = {"GBP": "£", "USD": "$", "EUR": "€"}
        return symbols.get(self.form.currency, self.form.currency)

    @property
    def unit_first(self) -> bool:
        return self.unit in BEFORE

    @property
    def limits(self) -> str:
        """From 1 to 25 %: said before it is broken."""
        low, high = self._limit("minimum"), self._limit("maximum")
        unit = "" if self.unit_first else self.unit
        unit = f" {unit}" if unit and unit != "%" else unit
        if self.widget.template != "number" or (low is None and high is None):
            return ""
        if high is None:
            return _("%(low)s%(unit)s or more.") % {"low": low, "unit": unit}
        if low is None:
            return _("%(high)s%(unit)s at most.") % {"high": high, "unit": unit}
        return _("%(low)s to %(high)s%(unit)s.") % {"low": low, "high": high, "unit": unit}

    def _limit(self, which: str) -> str | None:
        schema = self.field.schema
        found = next(
            (s[which] for s in (schema, *schema.get("anyOf", [])) if s.get(which) is not None), None
        )
        if found is None:
            return None
        whole = float(found).is_integer()
        return write_number(str(int(found) if whole else found))

    @property
    def longest(self) -> int | None:
        return self.field.schema.get("maxLength")

    @property
    def is_whole(self) -> bool:
        return getattr(self.widget, "kind", "") == "integer"

    @property
    def input_type(self) -> str:
        kinds = {"date": "date", "time": "time", "datetime": "datetime-local"}
        return kinds.get(getattr(self.widget, "kind", ""), "text")

    @property
    def rows(self) -> int:
        least = int(self.field.schema.get("rows", 3))
        return min(max(least, self.text.count("\n") + 1), 16)

    @property
    def width(self) -> str:
        return str(self.field.schema.get("width", ""))

    @property
    def placeholder(self) -> str:
        return translated(self.field.schema.get("placeholder", ""))

    @property
    def was(self) -> str:
        return self.form.was.get(self.path, "")

    # -- choices

    @property
    def options(self) -> list[ShownOption]:
        if not isinstance(self.widget, Choice):
            return []
        chosen = [text for text in self.texts if text and not text.startswith(ORDER)]
        shown = [
            ShownOption(option.token, translated(option.label), option.token in chosen)
            for option in self.widget.options
        ]
        known = {option.token for option in shown}
        gone = [ShownOption(text, text, True, gone=True) for text in chosen if text not in known]
        return shown + gone

    @property
    def order(self) -> str:
        """The order things were ticked in, sent along when it is not that of the list."""
        return next((text for text in self.texts if text.startswith(ORDER)), "")

    @property
    def checked(self) -> bool:
        return self.text == "true"

    # -- products

    @property
    def products(self) -> list[tuple[str, str]]:
        ids = [line.strip() for line in self.text.splitlines() if line.strip()]
        names = self.form.product_names(ids) if ids and self.form.product_names else {}
        return [(one, names.get(one, one)) for one in ids]

    # -- read only

    @property
    def said(self) -> Any:
        """The value in words; lists as lists of words."""
        value = self.value
        if value is MISSING or value is None or value == "" or value == []:
            return ""
        if isinstance(value, bool):
            return pgettext("switch", "Yes") if value else pgettext("switch", "No")
        if isinstance(value, list):
            return self._said_list(value)
        return self._said_one(value)

    def _said_list(self, value: list[Any]) -> list[str]:
        if isinstance(self.widget, Products):
            return [label for _id, label in self.products]
        return [self._said_one(item) for item in value]

    def _said_one(self, value: Any) -> str:
        widget = self.widget.item if isinstance(self.widget, Lines) else self.widget
        if isinstance(widget, (Choice, Checks)):
            labels = {option.value: option.label for option in widget.options}
            return translated(labels.get(value, value))
        if isinstance(widget, Temporal) and widget.kind == "date":
            return _day(str(value))
        if self._is_number(value):
            return " ".join(self.field.texts(self.widget, value))
        return str(value)

    def _is_number(self, value: Any) -> bool:
        return self.widget.template == "number" and self.field.carries(self.widget, value)

    @property
    def said_as(self) -> str:
        if self.is_json and self.value is not MISSING and self.value is not None:
            return "json"
        if isinstance(self.said, list):
            return "list"
        return "text" if self.said else "nothing"


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j M Y")
    except ValueError:
        return text


def bound(
    form: "SchemaForm", field: SchemaField, values: Mapping[str, Any]
) -> BoundField | BoundGroup:
    """The field with its value: what is there, else its default where nothing was sent."""
    value = values.get(field.key, MISSING)
    if value is MISSING and form.texts(form.name(field.path)) is None:
        value = field.default
    apart = form.is_bound or value is MISSING or field.group_carries(value)
    if field.children and apart and not form.sent_as_json(field):
        return BoundGroup(form, field, {} if value is MISSING else value)
    return BoundField(form, field, value)
