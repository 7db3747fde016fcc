"""What became of a file's rows."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from stores.imports.records import Refused

MOST_WARNINGS = 100
BATCH = 1_000
INSERT = """
INSERT INTO stores_importrefusal (tenant_id, run_id, line_number, reason, cells)
SELECT %(tenant)s, %(run)s, line, reason, cells
FROM jsonb_to_recordset(%(rows)s::jsonb) AS refused(line int, reason text, cells jsonb)
"""


@dataclass
class Tally:
    """``read`` = kept + refused. ``counts`` says how many rows of each table came to be, changed
    or stayed: ``{"products created": 3}``."""

    tenant_id: str
    run_id: str
    read: int = 0
    refused: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    warned: int = 0
    _waiting: list[Refused] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.read - self.refused

    def refuse(self, rows: Iterable[Refused]) -> None:
        rows = list(rows)
        self.refused += len(rows)
        self._waiting += rows
        if len(self._waiting) >= BATCH:
            self.write()

    def warn(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.warned += 1
            if len(self.warnings) < MOST_WARNINGS:
                self.warnings.append(text)

    def count(self, table: str, *, created: int, updated: int, seen: int) -> None:
        self.counts[f"{table}_created"] += created
        self.counts[f"{table}_updated"] += updated
        self.counts[f"{table}_unchanged"] += seen - created - updated

    def write(self) -> None:
        """Store the refusals that wait."""
        if not self._waiting:
            return
        rows = [
            {"line": row.line, "reason": row.reason[:300], "cells": [_plain(c) for c in row.cells]}
            for row in self._waiting
        ]
        with connection.cursor() as cursor:
            params = {"tenant": self.tenant_id, "run": self.run_id, "rows": json.dumps(rows)}
            cursor.execute(INSERT, params)
        self._waiting.clear()


def _plain(cell: str) -> str:
    """PostgreSQL stores no NUL and no half characters; show where they were."""
    return "".join("\ufffd" if s == "\0" or "\ud800" <= s <= "\udfff" else s for s in cell)
