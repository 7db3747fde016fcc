"""The fields of a pydantic model, as a form needs them: structure, limits, words and control.

Words (title, description, labels) are English sources that pass through gettext when shown, so the
same model gives JSON Schema for programs and a form in the reader's language. What a model says by
``json_schema_extra``:

``widget``      textarea · json · products · select · radio
``unit``        shown beside a number: ``"%"``, ``"days"``, or ``"currency"`` for the tenant's own
``labels``      words for the values of a choice: ``{"short": "Short, about 40 words"}``
``group``       title of a group that is folded away; ``more: true`` is the group *More options*
``placeholder`` an example shown while empty
``width``       ``s`` or ``m``
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from django.utils.translation import gettext, gettext_lazy
from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from core.schema_choices import choice_widget, labels_of
from core.schema_widgets import (
    BLANK,
    Checks,
    Json,
    Lines,
    Number,
    Products,
    Switch,
    Temporal,
    Text,
    TextArea,
    Unreadable,
    Widget,
    as_sent,
)

MISSING: Any = object()
MORE = gettext_lazy("More options")
JSON = Json()
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One input. ``path`` is its place in the JSON; children make it a group of inputs."""

    path: tuple[str, ...]
    title: Any
    help: Any
    required: bool
    nullable: bool
    default: Any
    schema: Schema
    widget: Widget | None
    children: tuple["SchemaField", ...] = ()

    @property
    def key(self) -> str:
        return self.path[-1]

    @property
    def own(self) -> Widget:
        return self.widget or JSON

    @property
    def json(self) -> Json:
        return JSON

    @property
    def group(self) -> str:
        if self.schema.get("group"):
            return gettext(self.schema["group"])
        return str(MORE) if self.schema.get("more") else ""

    @property
    def label(self) -> str:
        return translated(self.title)

    @property
    def help_text(self) -> str:
        return translated(self.help)

    def meaning(self, widget: Widget, texts: Sequence[str]) -> Any:
        """The JSON value typed here; ``MISSING`` when the control says nothing."""
        value = widget.read(texts)
        if value is not BLANK and not (self.nullable and value == [] and isinstance(widget, Lines)):
            return value
        if self.nullable:
            return None
        may_be_empty = isinstance(widget, Text) and not self.schema.get("minLength")
        return "" if may_be_empty and not self.required else MISSING

    def carries(self, widget: Widget, value: Any) -> bool:
        """Whether this control brings the value back from the browser unharmed."""
        try:
            texts = self.texts(widget, value)
            sent = [as_sent(text, multiline=widget.multiline) for text in texts]
            back = self.meaning(widget, sent)
            if back is MISSING or value is None or back is None:
                return back is None and value is None
            return widget.same(back, value)
        except (ValueError, TypeError, ArithmeticError, AttributeError):
            return False

    def texts(self, widget: Widget, value: Any) -> list[str]:
        if value is None and not isinstance(widget, Json):
            return [""]
        return widget.write(value)

    def widget_for(self, value: Any) -> Widget:
        """The field's own control, or a plainer one that can carry this value."""
        own = self.own
        if value is MISSING or self.carries(own, value) or self.unreadable(value):
            return own
        if isinstance(own, Text) and self.carries(TextArea(), value):
            return TextArea()
        return JSON

    def group_carries(self, value: Any) -> bool:
        """Whether the fields of this group show all there is of an object."""
        return isinstance(value, Mapping) and set(value) <= {child.key for child in self.children}

    def unreadable(self, value: Any) -> bool:
        """Text that was kept although it means nothing here: ``"abc"`` for a number."""
        if not isinstance(value, str) or self.widget is None or isinstance(self.widget, Json):
            return False
        try:
            self.widget.read([value])
        except Unreadable:
            return True
        return False


def translated(words: Any) -> str:
    """English sources of a model, in the reader's language; lazy strings as they are."""
    return (gettext(words) if words else "") if type(words) is str else str(words or "")


@lru_cache(maxsize=256)
def fields_of(model: type[BaseModel]) -> tuple[SchemaField, ...]:
    schema = model.model_json_schema(mode="validation")
    return tuple(_fields(model, schema, schema.get("$defs", {}), ()))


def _fields(
    model: type[BaseModel], schema: Schema, defs: Schema, path: tuple[str, ...]
) -> Iterator[SchemaField]:
    properties = schema.get("properties", {})
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in properties:
            yield _field(info, properties[key], defs, (*path, key))


def _field(info: Any, raw: Schema, defs: Schema, path: tuple[str, ...]) -> SchemaField:
    schema, nullable = simplified(raw, defs)
    kind = bare_type(info.annotation)
    children: tuple[SchemaField, ...] = ()
    if isclass(kind) and issubclass(kind, BaseModel) and not nullable and "properties" in schema:
        children = tuple(_fields(kind, schema, defs, path))
    return SchemaField(
        path=path,
        title=_title(info, raw, path[-1]),
        help=info.description or "",
        required=info.is_required() and not nullable,
        nullable=nullable,
        default=_default(info),
        schema=schema,
        widget=None if children else widget_of(schema, kind, nullable),
        children=children,
    )


def _title(info: Any, raw: Schema, key: str) -> Any:
    if info.title:
        return info.title
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _default(info: Any) -> Any:
    if info.is_required() or getattr(info, "default_factory_takes_validated_data", False):
        return MISSING
    value = info.get_default(call_default_factory=True)
    return MISSING if value is PydanticUndefined else to_jsonable_python(value)


def simplified(raw: Schema, defs: Schema) -> tuple[Schema, bool]:
    """The schema with its reference followed, and whether ``null`` is one of its values."""
    schema = dict(raw)
    while "$ref" in schema:
        target = defs[schema.pop("$ref").removeprefix("#/$defs/")]
        schema = {**target, **schema}
    options = schema.get("anyOf", [])
    rest = [option for option in options if option.get("type") != "null"]
    if len(rest) == len(options):
        return schema, False
    schema.pop("anyOf")
    if len(rest) > 1:
        return {**schema, "anyOf": rest}, True
    inner, _again = simplified(rest[0], defs) if rest else ({}, True)
    return {**inner, **schema}, True


def bare_type(annotation: Any) -> Any:
    """``Annotated[X, …] | None`` → X; a real union stays as it is."""
    if get_origin(annotation) is Annotated:
        return bare_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        rest = [option for option in get_args(annotation) if option is not NoneType]
        return bare_type(rest[0]) if len(rest) == 1 else annotation
    return annotation


def widget_of(schema: Schema, kind: Any, nullable: bool) -> Widget:
    wanted = schema.get("widget", "")
    if wanted == "json":
        return Json()
    if "enum" in schema or "const" in schema:
        return choice_widget(schema, kind, nullable=nullable, wanted=wanted)
    if _is_decimal(kind):
        return Number(kind="decimal")
    if schema.get("type") == "array":
        return _list_widget(schema, kind)
    if schema.get("type") == "boolean" and nullable:
        return choice_widget({"enum": [True, False]}, kind, nullable=True, wanted="select")
    return _scalar_widget(schema) or Json()


def _scalar_widget(schema: Schema) -> Widget | None:
    match schema.get("type"):
        case "boolean":
            return Switch()
        case "integer" | "number":
            return Number(kind=schema["type"])
        case "string":
            return _string_widget(schema)
    return None


def _string_widget(schema: Schema) -> Widget:
    if schema.get("format") in ("date", "time"):
        return Temporal(kind=schema["format"])
    if schema.get("format") == "date-time":
        return Temporal(kind="datetime")
    longest = schema.get("maxLength")
    return TextArea(longest) if schema.get("widget") == "textarea" else Text(longest)


def _list_widget(schema: Schema, kind: Any) -> Widget:
    items = schema.get("items")
    if not isinstance(items, Mapping) or "prefixItems" in schema:
        return Json()
    inner = bare_type(next(iter(get_args(kind)), Any))
    if schema.get("widget") == "products":
        return Products()
    if "enum" in items or "const" in items or _is_enum(inner):
        return Checks(options=labels_of(schema, dict(items), inner))
    item = Number(kind="decimal") if _is_decimal(inner) else _scalar_widget(dict(items))
    return Lines(item=item) if isinstance(item, (Text, Number, Temporal)) else Json()


def _is_decimal(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, Decimal)


def _is_enum(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, Enum)
