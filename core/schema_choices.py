"""Values and words of a choice, from JSON Schema and, where there is one, the enum behind it."""

import json
from collections.abc import Iterable
from enum import Enum
from inspect import isclass
from typing import Any

from core.schema_widgets import Choice, Option, Radio

FEW = 4
LONG_LABEL = 28


def choice_widget(schema: dict[str, Any], kind: Any, *, nullable: bool, wanted: str) -> Choice:
    options = labels_of(schema, schema, kind)
    few = len(options) + nullable <= FEW
    short = all(len(str(option.label)) <= LONG_LABEL for option in options)
    radio = wanted == "radio" or (wanted != "select" and few and short)
    return Radio(options=options) if radio else Choice(options=options)


def labels_of(schema: dict[str, Any], values: dict[str, Any], kind: Any) -> tuple[Option, ...]:
    """``schema`` carries the words, ``values`` the values (of a list these are its items)."""
    members = {member.value: member for member in kind} if _is_enum(kind) else {}
    plain = list(members) or values.get("enum") or [values["const"]]
    words = {str(key): word for key, word in schema.get("labels", {}).items()}
    tokens = dict(zip(map(repr, plain), _tokens(plain), strict=True))
    return tuple(
        Option(tokens[repr(value)], value, words.get(str(value)) or _word(value, members))
        for value in plain
    )


def _tokens(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        plain = isinstance(value, str) and value and not value.startswith(("=", "\t"))
        yield value if plain else "=" + json.dumps(value)


def _word(value: Any, members: dict[Any, Enum]) -> Any:
    label = getattr(members.get(value), "label", None)
    if label:
        return label
    if isinstance(value, bool):
        return "Yes" if value else "No"
    text = str(value).replace("_", " ")
    return text[:1].upper() + text[1:] if isinstance(value, str) else text


def _is_enum(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, Enum)
