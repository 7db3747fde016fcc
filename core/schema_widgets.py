"""The controls of a schema form: each turns a JSON value into what the browser shows, and back.

``write(value)`` gives the texts a control shows; ``read(texts)`` gives the JSON value they mean,
``BLANK`` for an empty control, or raises ``Unreadable`` with what to say. A value that a control
cannot carry there and back unharmed is shown as JSON instead (``can_show``), so nothing is ever
changed by merely opening and saving a form.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.schema_numbers import read_number, write_number

BLANK: Any = object()
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
WHOLE = 1e15  # below it a float is written as people write whole numbers
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Unreadable(ValueError):
    """What was typed is not a value of this kind. The text itself is kept."""


@dataclass(frozen=True, slots=True)
class Option:
    token: str
    value: Any
    label: Any


@dataclass(frozen=True, slots=True)
class Widget:
    template = "text"
    multiline = False

    def write(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            raise Unreadable
        return [value]

    def read(self, texts: Sequence[str]) -> Any:
        text = texts[-1] if texts else ""
        return unix_lines(text) if text.strip() else BLANK

    def same(self, one: Any, other: Any) -> bool:
        return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)

    def for_typed(self, texts: Sequence[str]) -> "Widget":
        """The control that shows this text again without losing any."""
        return self


@dataclass(frozen=True, slots=True)
class Text(Widget):
    longest: int | None = None

    def for_typed(self, texts: Sequence[str]) -> Widget:
        return TextArea(self.longest) if any("\n" in text for text in texts) else self


@dataclass(frozen=True, slots=True)
class TextArea(Text):
    template = "textarea"
    multiline = True


@dataclass(frozen=True, slots=True)
class Number(Widget):
    """``kind``: integer, number (a float) or decimal (a string in JSON, exact)."""

    template = "number"
    kind: str = "number"

    def write(self, value: Any) -> list[str]:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise Unreadable
        if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE:
            value = int(value)
        plain = value if isinstance(value, str) else repr(value)
        if not re.fullmatch(PLAIN_NUMBER, plain):
            raise Unreadable
        return [write_number(plain)]

    def read(self, texts: Sequence[str]) -> Any:
        text = texts[-1] if texts else ""
        if not text.strip():
            return BLANK
        try:
            number = read_number(text)
        except ValueError as wrong:
            whole = self.kind == "integer"
            words = _("Write a whole number.") if whole else _("Write a number.")
            raise Unreadable(words) from wrong
        return self._as_json(number, text)

    def _as_json(self, number: Decimal, text: str) -> Any:
        if self.kind == "decimal":
            return str(number)
        if self.kind == "number":
            return float(number)
        if number != number.to_integral_value():
            raise Unreadable(_("Write a whole number."))
        return int(number)

    def same(self, one: Any, other: Any) -> bool:
        if self.kind == "decimal":
            return Decimal(str(one)) == Decimal(str(other))
        return not isinstance(other, str) and bool(one == other)


@dataclass(frozen=True, slots=True)
class Switch(Widget):
    template = "switch"

    def write(self, value: Any) -> list[str]:
        if not isinstance(value, bool):
            raise Unreadable
        return ["true"] if value else [""]

    def read(self, texts: Sequence[str]) -> Any:
        return bool(texts) and texts[-1] == "true"


@dataclass(frozen=True, slots=True)
class Temporal(Widget):
    """``kind``: date, time or datetime. A moment is shown in the tenant's zone and sent in UTC."""

    template = "temporal"
    kind: str = "date"

    def write(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            raise Unreadable
        if self.kind != "datetime":
            return [value]
        moment = datetime.fromisoformat(value)
        if timezone.is_aware(moment):
            moment = timezone.make_naive(moment, timezone.get_current_timezone())
        return [moment.isoformat()]

    def read(self, texts: Sequence[str]) -> Any:
        text = (texts[-1] if texts else "").strip()
        if not text:
            return BLANK
        if self.kind == "date":
            return self._date(text)
        return self._moment(text) if self.kind == "datetime" else self._time(text)

    def _date(self, text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as wrong:
            raise Unreadable(_("Write a date as year-month-day, like 2026-11-23.")) from wrong

    def _time(self, text: str) -> str:
        if re.fullmatch(r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?", text):
            return text
        raise Unreadable(_("Write a time as hours and minutes, like 18:30."))

    def _moment(self, text: str) -> str:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as wrong:
            raise Unreadable(_("Write a date and time, like 2026-11-23T18:30.")) from wrong
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment, timezone.get_current_timezone())
        return moment.astimezone(UTC).isoformat()

    def same(self, one: Any, other: Any) -> bool:
        if self.kind != "datetime":
            return bool(one == other)
        here, there = datetime.fromisoformat(one), datetime.fromisoformat(other)
        return timezone.is_aware(there) and here == there and not here.microsecond % 1000


@dataclass(frozen=True, slots=True)
class Choice(Widget):
    """One of a list; radio buttons while they are few. A value no longer offered stays visible."""

    template = "select"
    options: tuple[Option, ...] = ()

    def write(self, value: Any) -> list[str]:
        for option in self.options:
            if Widget.same(self, option.value, value):
                return [option.token]
        if isinstance(value, str) and value not in {option.token for option in self.options}:
            return [value]
        raise Unreadable

    def read(self, texts: Sequence[str]) -> Any:
        token = texts[-1] if texts else ""
        if not token:
            return BLANK
        return next((option.value for option in self.options if option.token == token), token)


@dataclass(frozen=True, slots=True)
class Radio(Choice):
    template = "choice"


@dataclass(frozen=True, slots=True)
class Checks(Choice):
    """Any of a list. The order they were chosen in comes back, because it may carry meaning."""

    template = "checks"

    def write(self, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise Unreadable
        tokens = [Choice.write(self, item)[0] for item in value]
        if len(set(tokens)) != len(tokens):
            raise Unreadable
        listed = [option.token for option in self.options if option.token in tokens]
        return tokens if tokens == listed else [ORDER + ORDER.join(tokens), *tokens]

    def read(self, texts: Sequence[str]) -> Any:
        tokens = [text for text in texts if text]
        order = next((text[1:] for text in tokens if text.startswith(ORDER)), "").split(ORDER)
        chosen = [token for token in tokens if not token.startswith(ORDER)]
        chosen.sort(key=lambda token: order.index(token) if token in order else len(order))
        return [Choice.read(self, [token]) for token in chosen]


ORDER = "\t"


@dataclass(frozen=True, slots=True)
class Lines(Widget):
    """A list, one entry on each line."""

    template = "lines"
    multiline = True
    item: Widget = field(default_factory=Text)

    def write(self, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise Unreadable
        return ["\n".join(self.item.write(entry)[0] for entry in value)]

    def read(self, texts: Sequence[str]) -> Any:
        lines = unix_lines(texts[-1] if texts else "").split("\n")
        return [self._entry(at, line) for at, line in enumerate(lines, 1) if line.strip()]

    def _entry(self, at: int, line: str) -> Any:
        try:
            return self.item.read([line.strip()])
        except Unreadable as wrong:
            raise Unreadable(
                _("Line %(line)s: %(problem)s") % {"line": at, "problem": wrong}
            ) from wrong

    def same(self, one: Any, other: Any) -> bool:
        return len(one) == len(other) and all(map(self.item.same, one, other))


@dataclass(frozen=True, slots=True)
class Products(Lines):
    template = "products"


@dataclass(frozen=True, slots=True)
class Json(Widget):
    """Anything, as JSON text."""

    template = "json"
    multiline = True

    def write(self, value: Any) -> list[str]:
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
        try:
            text.encode()
        except UnicodeEncodeError:
            text = json.dumps(value, indent=2, allow_nan=False)
        return [re.sub(r"[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text)]

    def read(self, texts: Sequence[str]) -> Any:
        text = texts[-1] if texts else ""
        if not text.strip():
            return BLANK
        try:
            return json.loads(text, parse_constant=_no_constant)
        except RecursionError as wrong:
            raise Unreadable(_("This is nested too deeply.")) from wrong
        except json.JSONDecodeError as wrong:
            place = {"line": wrong.lineno, "column": wrong.colno, "problem": wrong.msg}
            raise Unreadable(
                _("Line %(line)s, column %(column)s: not valid JSON (%(problem)s).") % place
            ) from wrong
        except ValueError as wrong:
            raise Unreadable(_("This is not valid JSON.")) from wrong


def unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_sent(text: str, *, multiline: bool) -> str:
    """What a browser sends for a control with this text; raises where it would lose something."""
    text.encode()
    if multiline:
        text = re.sub(r"\r\n|\r|\n", "\r\n", text)
        if CONTROL.search(text.replace("\r\n", "").replace("\t", "")):
            raise Unreadable
    elif CONTROL.search(text.replace("\t", "")):
        raise Unreadable
    return text


def _no_constant(name: str) -> Any:
    raise ValueError(name)
