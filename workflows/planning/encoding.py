"""Values of changes as canonical JSON text, and rows as lines of PostgreSQL's COPY format."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from json import JSONEncoder
from json.encoder import encode_basestring as quoted
from typing import Any

from core.canonical import canonical_json

NULL = "null"
COPY_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(f"{value} is not an amount")
    return f'"{value:f}"'


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: quoted,
    int: str,
    Decimal: _decimal,
    type(None): lambda _: NULL,
    bool: lambda value: "true" if value else "false",
    date: lambda value: f'"{value.isoformat()}"',
    datetime: lambda value: f'"{value.isoformat()}"',
}


def json_text(value: object) -> str:
    """Canonical JSON. Floats are refused: 0.1 + 0.2 would be another change than 0.3."""
    encode = _SCALARS.get(type(value))
    if encode is not None:
        return encode(value)
    refuse_floats(value)
    return canonical_json(value).decode()


# Notes are for people, not for the fingerprint: any order of keys will do.
note_text = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("changes hold Decimals, not floats")
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, (dict, list, tuple)):
        for item in inner:  # type: ignore[attr-defined]
            refuse_floats(item)


def change_line(kind: str, entity: str, target_id: str, field: str, before: str, after: str) -> str:
    """One change as it goes into the fingerprint; ``before`` and ``after`` are JSON text."""
    return (
        f"[{quoted(kind)},{quoted(entity)},{quoted(target_id)},{quoted(field)},{before},{after}]\n"
    )


def copy_text(text: str) -> str:
    if "\\" not in text and text.isprintable():
        return text
    if "\0" in text:
        raise ValueError("text with a NUL character cannot be stored")
    return text.translate(_ESCAPES)


def copy_json(text: str) -> str:
    return COPY_NULL if text == NULL else copy_text(text)
