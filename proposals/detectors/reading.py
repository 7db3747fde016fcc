"""The detectors' way to the store: one statement for a whole batch of shops.

On the ``scan`` login it sees all shops' store tables and can write nothing; inside a tenant's
scope, on the app's login, the same statement sees that tenant alone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connections

# What every statement begins with: the batch as rows, each with its day and its settings.
SHOPS = """
WITH shop AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb)
        AS given(tenant_id varchar, until date, timezone text, {columns})
)
"""
TYPES = {bool: "boolean", int: "integer", float: "double precision", str: "text"}


@dataclass
class Reader:
    """Reads and counts what it cost."""

    alias: str = "default"
    queries: int = 0
    rows: int = 0
    cost: dict[str, int] = field(default_factory=dict)

    def ask(
        self, sql: str, shops: Sequence[tuple[Any, Mapping[str, Any]]]
    ) -> Iterable[tuple[Any, ...]]:
        """Rows of ``sql``, which may name the common table ``shop`` with the given columns."""
        if not shops:
            return []
        given = [self._row(shop, columns) for shop, columns in shops]
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self._head(shops[0][1]) + sql, [json.dumps(given)])
            found = cursor.fetchall()
        self.queries += 1
        self.rows += len(found)
        return found

    def _head(self, columns: Mapping[str, Any]) -> str:
        declared = [f"{name} {TYPES[type(value)]}" for name, value in columns.items()]
        return SHOPS.format(columns=", ".join(declared or ["nothing text"]))

    def _row(self, shop: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "tenant_id": shop.tenant_id,
            "until": shop.until.isoformat(),
            "timezone": shop.timezone,
            **columns,
        }


def week_labels(until: date, weeks: int) -> tuple[str, ...]:
    """The last day of each of the weeks that end on ``until``, oldest first."""
    ends = [date.fromordinal(until.toordinal() - 7 * back) for back in range(weeks - 1, -1, -1)]
    return tuple(day.isoformat() for day in ends)
