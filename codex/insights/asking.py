"""Rows and counts of a source, in one statement each, whatever their number."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection

from codex.insights.period import Period
from codex.insights.sources import COLUMNS, Source

MOST_ROWS = 50_000
NESTED = "SELECT set_config('enable_nestloop', %s, true)"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures, of which time, and which part of them."""

    tenant_id: str
    period: Period
    type: str = ""
    council: str = ""

    @property
    def values(self) -> dict[str, Any]:
        edges = self.period.edges
        return {
            "tenant": self.tenant_id,
            "since": edges[0],
            "until": edges[-1],
            "edges": edges[:-1],
            "type": self.type,
            "council": self.council,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """See ``codex.insights.sources``."""

    at: datetime
    hit: bool
    value: float | None
    part: int | None
    whole: int | None
    thing: str
    id: str
    label: str
    draft_id: str
    who: str | None
    council_id: str
    type: str
    state: str


if tuple(field.name for field in fields(Row)) != COLUMNS:
    raise TypeError("Row and COLUMNS have to name the same columns")


def ask(source: Source, asked: Asked, select: str, tail: str = "", **more: Any) -> list[tuple]:
    """``select`` and ``tail`` are ours, never a caller's; a bucket is the place in the period."""
    sql = (
        f"SELECT {select} FROM (SELECT source.*, width_bucket(at, %(edges)s::timestamptz[])"  # noqa: S608
        f" AS bucket FROM ({source.sql}) source WHERE %(type)s = '' OR type = %(type)s) rows {tail}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.values, **more})
        return cursor.fetchall()


@contextmanager
def whole_tables() -> Iterator[None]:
    """For counts over everything: the planner takes a tenant's rows under the row policies for a
    handful and would look each of 30,000 up by itself (5.8 s where a hash join takes 0.2 s)."""
    with connection.cursor() as cursor:
        cursor.execute(NESTED, ["off"])
    yield
    # After an error the transaction is over, and with it the setting.
    with connection.cursor() as cursor:
        cursor.execute(NESTED, ["on"])


HITS = {"": "", "yes": "hit", "no": "NOT hit"}
ONLY = "(%(who)s = '' OR who = %(who)s) AND (%(state)s = '' OR state = %(state)s)"


@dataclass(frozen=True, slots=True)
class Only:
    """Which of a source's rows: counted or not, of one person, in one state."""

    hit: str = ""
    who: str = ""
    state: str = ""

    @property
    def where(self) -> str:
        more = HITS[self.hit]
        return f"WHERE {ONLY}" + (f" AND {more}" if more else "")

    @property
    def values(self) -> dict[str, str]:
        return {"who": self.who, "state": self.state}


def rows_of(
    source: Source, asked: Asked, only: Only, *, limit: int = MOST_ROWS, offset: int = 0
) -> list[Row]:
    """Newest first."""
    with whole_tables():
        found = ask(
            source,
            asked,
            ", ".join(COLUMNS),
            f"{only.where} ORDER BY at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s",
            limit=limit,
            offset=offset,
            **only.values,
        )
    return [Row(*row) for row in found]


def count_of(source: Source, asked: Asked, only: Only) -> int:
    with whole_tables():
        return ask(source, asked, "count(*)", only.where, **only.values)[0][0]


def by_bucket(found: Sequence[tuple]) -> tuple[dict[int, tuple], tuple]:
    """Rows of a grouping by bucket and in all: ({bucket: figures}, figures of the whole)."""
    apart = {row[0]: row[1:] for row in found if row[0] is not None}
    (whole,) = (row[1:] for row in found if row[0] is None)
    return apart, whole
