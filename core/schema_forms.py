"""An accessible form from a pydantic model: works without script, never loses what was typed.

``SchemaForm(model, data=request.POST, initial=draft.inputs)`` shows and reads the inputs of a
workflow type. It does not decide whether they are right (the engine does): ``to_inputs()`` answers
what stands in the form, also while it is incomplete; ``is_valid()`` and ``errors`` say what the
model thinks of it, and ``add_errors(invalid.fields)`` puts what a service refused beside its field.

In a template ``{{ form }}`` renders all fields (no ``<form>`` round them), ``{{ form.read_only }}``
the values alone. What models may say about their fields: ``core.schema_fields``.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from core.schema_bound import BoundField, BoundGroup, Section, bound
from core.schema_errors import invalid_fields
from core.schema_fields import MISSING, SchemaField, fields_of
from core.schema_widgets import Unreadable

Data = MultiValueDict[str, str] | Mapping[str, Any]
Names = Callable[[Sequence[str]], Mapping[str, str]]


class SchemaForm:
    """``initial``: the inputs as JSON. The other arguments say what stands around the fields:

    ``products_url`` answers ``{"results": [{"id", "label", "note"}]}`` to ``?q=``;
    ``product_names`` gives titles for ids; ``currency`` is the unit ``"currency"``;
    ``judge`` says of a form that shows saved inputs what is wrong in them, not what is missing;
    ``was`` remarks by path (``{"max_step": "last approved: 8%"}``);
    ``after_field`` names a template put after each field, with ``field`` in its context.
    """

    def __init__(
        self,
        model: type[BaseModel],
        data: Data | None = None,
        initial: Mapping[str, Any] | None = None,
        *,
        prefix: str = "inputs",
        products_url: str = "",
        product_names: Names | None = None,
        currency: str = "",
        judge: bool = False,
        was: Mapping[str, str] | None = None,
        after_field: str = "",
    ) -> None:
        self.model, self.prefix = model, prefix
        self.data = None if data is None else _lists(data)
        self.initial = dict(initial or {})
        self.products_url, self.product_names = products_url, product_names
        self.currency, self.was, self.after_field = currency, dict(was or {}), after_field
        self.judge = judge
        self._added: dict[str, list[str]] = {}

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    # -- what it says

    def to_inputs(self) -> dict[str, Any]:
        """The inputs as they stand: JSON values; text that cannot be read stays as typed."""
        known = {field.key for field in fields_of(self.model)}
        kept = {key: value for key, value in self.initial.items() if key not in known}
        if self.model.model_config.get("extra") != "allow":
            kept = {}
        return kept | self._values(fields_of(self.model), self.initial)

    def is_valid(self) -> bool:
        return self.is_bound and not self.errors

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """Messages by path (``"tone"``, ``"guard.max_step"``); ``""``: of no one field."""
        merged: dict[str, list[str]] = {}
        for path, said in [*self._found.items(), *self._added.items()]:
            place = self._place(path)
            here = merged.setdefault(place, [])
            here.extend(one for one in _by_entry(path, place, said) if one not in here)
        return merged

    @property
    def non_field_errors(self) -> list[str]:
        return self.errors.get("", [])

    def add_errors(self, fields: Mapping[str, Iterable[object]]) -> None:
        """What a service refused: ``{"inputs.tone": ["…"]}``. Other forms' fields are left out."""
        self.__dict__.pop("errors", None)
        for name, said in fields.items():
            if name == self.prefix or name.startswith(f"{self.prefix}."):
                path = name[len(self.prefix) + 1 :]
                self._added.setdefault(path, []).extend(str(one) for one in said)

    # -- what it shows

    @cached_property
    def shown(self) -> dict[str, Any]:
        """The values of an unbound form: as given, in the model's own spelling where it accepts."""
        try:
            whole = self.model.model_validate_json(json.dumps(self.initial))
        except (ValidationError, ValueError, TypeError):
            return self.initial
        return whole.model_dump(mode="json", by_alias=True)

    @property
    def fields(self) -> list[BoundField | BoundGroup]:
        values = self.initial if self.is_bound else self.shown
        return [bound(self, field, values) for field in fields_of(self.model)]

    @property
    def sections(self) -> list[Section]:
        """Fields in their groups; the first group has no title and is always open."""
        groups: dict[str, list[BoundField | BoundGroup]] = {"": []}
        for field in self.fields:
            groups.setdefault(field.field.group, []).append(field)
        return [Section(title, fields) for title, fields in groups.items() if fields]

    @property
    def every_field(self) -> list[BoundField]:
        return list(_flat(self.fields))

    @property
    def wrong_fields(self) -> list[BoundField]:
        return [field for field in self.every_field if field.errors]

    @property
    def errors_alone(self) -> SafeString:
        """The errors of all fields as out-of-band pieces, for the answer to an autosave."""
        return render_to_string("components/schema_form/errors_oob.html", {"form": self})

    def __str__(self) -> SafeString:
        return render_to_string("components/schema_form/form.html", {"form": self})

    __html__ = __str__

    @property
    def read_only(self) -> SafeString:
        return render_to_string("components/schema_form/read_only.html", {"form": self})

    # -- reading

    def name(self, path: Sequence[str]) -> str:
        return ".".join([self.prefix, *path])

    def texts(self, name: str) -> list[str] | None:
        """What was sent under this name; ``None`` when the form did not carry it."""
        return None if self.data is None else self.data.get(name)

    def _values(self, fields: Iterable[SchemaField], before: Mapping[str, Any]) -> dict[str, Any]:
        values = {}
        for field in fields:
            value = self._value(field, before.get(field.key, MISSING))
            if value is not MISSING:
                values[field.key] = value
        return values

    def _value(self, field: SchemaField, before: Any) -> Any:
        if field.children and not self.sent_as_json(field):
            inside = self._values(field.children, before if isinstance(before, Mapping) else {})
            return inside if inside or self._sent_some_of(field) else before
        texts = self.texts(self.name(field.path))
        if texts is None:
            return before
        try:
            return field.meaning(self.widget(field, before), texts)
        except Unreadable:
            return texts[-1]

    def _sent_some_of(self, field: SchemaField) -> bool:
        inside = f"{self.name(field.path)}."
        return any(name.startswith(inside) for name in self.data or {})

    def sent_as_json(self, field: SchemaField) -> bool:
        return bool(self.data) and f"{self.name(field.path)}.json" in (self.data or {})

    def widget(self, field: SchemaField, value: Any) -> Any:
        """The control this field was sent from, or the one that will show ``value``."""
        texts = self.texts(self.name(field.path))
        if texts is None:
            return field.widget_for(value)
        if self.sent_as_json(field):
            return field.json
        return field.own.for_typed(texts)

    @cached_property
    def _found(self) -> dict[str, list[str]]:
        if not self.is_bound and not self.judge:
            return {}
        unread = self._unreadable(fields_of(self.model))
        try:
            self.model.model_validate_json(json.dumps(self.to_inputs()))
        except ValidationError as error:
            said = invalid_fields(error, "", of_gaps=self.is_bound)
            return {path.lstrip("."): words for path, words in said.items()} | unread
        except ValueError:
            return unread
        return unread

    def _unreadable(self, fields: Iterable[SchemaField]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for field in fields:
            if field.children and not self.sent_as_json(field):
                found |= self._unreadable(field.children)
                continue
            texts = self.texts(self.name(field.path))
            try:
                if texts is not None:
                    field.meaning(self.widget(field, MISSING), texts)
            except Unreadable as problem:
                found[".".join(field.path)] = [str(problem)]
        return found

    def _place(self, path: str) -> str:
        """The nearest field on the way to ``path``: an item's error stands at its list."""
        known = {".".join(field.path) for field in _every(fields_of(self.model))}
        while path and path not in known:
            path = path.rpartition(".")[0]
        return path


def _by_entry(path: str, place: str, said: Sequence[str]) -> list[str]:
    """An error of one entry of a list says which."""
    entry = path[len(place) :].lstrip(".").partition(".")[0]
    if not place or not entry.isdigit():
        return list(said)
    return [_("Entry %(n)s: %(what)s") % {"n": int(entry) + 1, "what": one} for one in said]


def _lists(data: Data) -> dict[str, list[str]]:
    if isinstance(data, MultiValueDict):
        return {key: data.getlist(key) for key in data}
    many = {key: value if isinstance(value, list) else [value] for key, value in data.items()}
    return {key: [str(text) for text in texts] for key, texts in many.items()}


def _every(fields: Iterable[SchemaField]) -> Iterable[SchemaField]:
    for field in fields:
        yield field
        yield from _every(field.children)


def _flat(fields: Iterable[BoundField | BoundGroup]) -> Iterable[BoundField]:
    for field in fields:
        if isinstance(field, BoundGroup):
            yield from _flat(field.fields)
        else:
            yield field
