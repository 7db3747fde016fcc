"""One way to write a value as bytes, so that equal values have equal hashes."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal


def canonical_json(value: object) -> bytes:
    """Sorted keys, no white space, UTF-8; decimals and dates as text, no NaN."""
    text = json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=_as_text,
    )
    return text.encode()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _as_text(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
