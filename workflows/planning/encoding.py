"""Values of changes as canonical JSON text, and rows as lines of PostgreSQL's COPY format."""

import json
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


def copy_line(
    count: int, kind: str, key: tuple[str, str, str], label: str, values: tuple[str, str, str]
) -> str:
    """One row of ``Staging``. ``key``: entity, target, field; ``values``: before, after, note.

    Nearly every row holds nothing that COPY would mistake, and one look at all of it tells.
    """
    entity, target_id, field = key
    before, after, note = values
    text = f"{target_id}{label}{before}{after}{note}"
    if "\\" in text or not text.isprintable():
        target_id, label = copy_text(target_id), copy_text(label)
        before, after, note = copy_text(before), copy_text(after), copy_text(note)
    if before == NULL:
        before = COPY_NULL
    if after == NULL:
        after = COPY_NULL
    if note == NULL:
        note = COPY_NULL
    return f"{count}\t{kind}\t{entity}\t{target_id}\t{label}\t{field}\t{before}\t{after}\t{note}\n"


def canonical(text: str | None) -> str:
    """JSON as PostgreSQL writes it, as we write it: scalars are alike, lists and objects not."""
    if text is None:
        return NULL
    return canonical_json(json.loads(text)).decode() if text[0] in "{[" else text
