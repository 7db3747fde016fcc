"""Ids of API objects: a prefix that names the kind, then 26 characters that sort by time."""

import os
import time

from django.db import models
from django.utils.deconstruct import deconstructible

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
RANDOM_BITS = 80
LENGTH = 26


def new_id(prefix: str) -> str:
    """``prefix_`` and 48 bits of milliseconds since 1970 followed by 80 random bits."""
    value = (time.time_ns() // 1_000_000 << RANDOM_BITS) | int.from_bytes(os.urandom(10), "big")
    digits = [ALPHABET[(value >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5)]
    return f"{prefix}_{''.join(digits)}"


@deconstructible
class NewId:
    """The default of an id column; a class, so that migrations can name it."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __call__(self) -> str:
        return new_id(self.prefix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NewId) and other.prefix == self.prefix

    def __hash__(self) -> int:
        return hash(self.prefix)


class IdField(models.CharField):
    """Text primary key in the C collation, so that its order is the order of creation."""

    def __init__(self, *, prefix: str = "", **options: object) -> None:
        self.prefix = prefix
        options.setdefault("max_length", 64)
        options.setdefault("primary_key", True)
        options.setdefault("default", NewId(prefix))
        options.setdefault("editable", False)
        options.setdefault("db_collation", "C")
        super().__init__(**options)  # type: ignore[arg-type]

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "prefix": self.prefix}
