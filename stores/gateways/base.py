"""The one way a shop is written to: validated, compare-and-set, told change by change.

A gateway gets changes and answers the *exceptions*: what it did not do, and what it found
instead. Whatever is not among them was done. So a hundred thousand changes that all succeed cost
one statement and an empty list.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from django.db import connection

from core.canonical import canonical_json
from core.ids import ALPHABET, LENGTH

Json = Any


class Result(StrEnum):
    APPLIED = "applied"
    DRIFTED = "drifted"  # the value is not the one the plan saw
    MISSING = "missing"  # the row is not there any more
    REFUSED = "refused"  # the new value is not one a shop may have
    TAKEN = "taken"  # a row made by somebody else has this id
    CHANGED = "changed"  # made by us, but edited since: kept


@dataclass(frozen=True, slots=True)
class Target:
    entity: str
    id: str
    field: str


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` and ``after`` are JSON values; amounts are strings such as ``"12.50"``.

    A creation has an empty ``field``, no ``before``, and the whole row in ``after``.
    """

    position: int
    entity: str
    target_id: str
    field: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """``found`` is the value that stands there instead; ``reason`` is for people."""

    position: int
    result: Result
    found: Json = None
    reason: str = ""


class Changes(Protocol):
    """A list of changes, or a relation in our own database that holds them."""

    def as_sql(self) -> tuple[str, Mapping[str, Any]]: ...
    def __iter__(self) -> Iterator[Change]: ...


COLUMNS = "position, entity, target_id, field, before, after"


@dataclass(frozen=True)
class ChangeRelation:
    """``SELECT position, entity, target_id, field, before, after …`` with named parameters.

    Parameters called ``gateway_…`` belong to the gateway.
    """

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_sql(self) -> tuple[str, Mapping[str, Any]]:
        return self.sql, self.params

    def __iter__(self) -> Iterator[Change]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM ({self.sql}) change ORDER BY position",  # noqa: S608
                dict(self.params),
            )
            yield from (_from_row(*row) for row in cursor.fetchall())


def _from_row(position, entity, target_id, name, before, after) -> Change:
    values = [json.loads(value) if isinstance(value, str) else value for value in (before, after)]
    return Change(position, entity, target_id, name, *values)


@dataclass(frozen=True)
class ChangeList:
    """Changes in hand, as one JSON parameter."""

    changes: Sequence[Change]

    def as_sql(self) -> tuple[str, Mapping[str, Any]]:
        rows = [
            {name: getattr(change, name) for name in Change.__slots__} for change in self.changes
        ]
        sql = (
            "SELECT * FROM jsonb_to_recordset(%(gateway_list)s::jsonb) AS listed"
            "(position bigint, entity text, target_id text, field text, before jsonb, after jsonb)"
        )
        return sql, {"gateway_list": canonical_json(rows).decode()}

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)


class Gateway(Protocol):
    """Every call runs in the caller's transaction and tenant scope."""

    def current_values(self, targets: Iterable[Target]) -> dict[Target, Json]:
        """What stands there now; a target whose row is gone is not in the answer."""
        ...

    def refusals(self, changes: Changes) -> list[Outcome]:
        """The changes and creations the shop would refuse whatever stands there now."""
        ...

    def drift(self, changes: Changes) -> list[Outcome]:
        """The changes whose before-value does not hold, nothing written."""
        ...

    def write(self, changes: Changes, *, restoring: bool = False) -> list[Outcome]:
        """Write each change where its before-value still stands; the exceptions.

        ``restoring`` puts back what stood there before a run, even where it was nothing a run
        may write (a price that was not known, a title too long).
        """
        ...

    def create(self, changes: Changes, *, created_by: str) -> list[Outcome]:
        """Make rows; one that ``created_by`` made before is left as it is and counts as done."""
        ...

    def delete_unchanged(self, changes: Changes, *, created_by: str) -> list[Outcome]:
        """Take back what ``create`` made, except rows somebody has edited or used since."""
        ...


def created_id(entity: str, *parts: object) -> str:
    """The id of a created row, the same each time it is derived from the same parts."""
    number = int.from_bytes(sha256("\n".join(map(str, parts)).encode()).digest(), "big")
    digits = [ALPHABET[(number >> shift) & 31] for shift in range(0, 5 * LENGTH, 5)]
    return f"{entity}_{''.join(digits)}"
