"""Where a type's changes go: out of memory in batches, into a temporary table, hashed on the way.

The table is temporary because the type runs in a transaction that may not write, and because
COPY is not possible into a table with row-level security.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stores.gateways import created_id
from workflows.planning.encoding import (
    NULL,
    change_line,
    copy_json,
    copy_text,
    json_text,
    note_text,
)
from workflows.planning.files import MadeFile, made_file
from workflows.planning.fingerprint import Blocks
from workflows.planning.staging import Staging
from workflows.states import Kind
from workflows.types.base import Group, Histogram, Metric, Note, RiskReason, SetRow, Value

BATCH = 5_000
LABEL_LENGTH = 500
TARGETS_KEPT = 20
MOST_CHANGES = 2_000_000


@dataclass
class Verdict:
    """What the type said with ``finish``."""

    effect: str
    metrics: Sequence[Metric] = ()
    groups: Sequence[Group] = ()
    histogram: Histogram | None = None
    risks: Sequence[RiskReason] = ()


@dataclass
class Remark:
    code: str
    text: str
    targets: list[str] = field(default_factory=list)
    count: int = 0


class CopySink:
    """The engine's ``PlanSink``."""

    def __init__(self, staging: Staging, seed: str) -> None:
        self.staging = staging
        self.seed = seed
        self.count = 0
        self.is_sorted = True
        self.targets = 0
        self.blocks = Blocks()
        self.per_field: Counter[tuple[str, str]] = Counter()
        self.per_group: Counter[str] = Counter()
        self.creates = 0
        self.remarks: dict[tuple[str, str], Remark] = {}
        self.files: dict[str, MadeFile] = {}
        self.verdict: Verdict | None = None
        self._rows: list[str] = []
        self._last: tuple[str, int, str, str] = ("", 0, "", "")

    def set(
        self,
        entity: str,
        target_id: str,
        label: str,
        field: str,
        before: Value,
        after: Value,
        *,
        note: Note | None = None,
    ) -> None:
        self.set_many(entity, field, [(target_id, label, before, after, note)])

    def set_many(self, entity: str, field: str, rows: Iterable[SetRow]) -> None:
        count = self.count
        for target_id, label, before, after, note in rows:
            was, becomes = json_text(before), json_text(after)
            if was == becomes:
                continue
            self._add(Kind.SET.value, entity, target_id, label, field, was, becomes, note)
        self.per_field[entity, field] += self.count - count

    def create(
        self,
        entity: str,
        key: str,
        label: str,
        values: Mapping[str, Value],
        *,
        note: Note | None = None,
    ) -> str:
        target_id = created_id(entity, self.seed, key)
        self._add(
            Kind.CREATE.value, entity, target_id, label, "", NULL, json_text(dict(values)), note
        )
        self.per_field[entity, ""] += 1
        self.creates += 1
        return target_id

    def artifact(self, name: str, media_type: str, chunks: Iterable[str | bytes]) -> None:
        if name in self.files:
            raise ValueError(f"the plan made {name} twice")
        self.files[name] = made_file(name, media_type, chunks)

    def warn(self, code: str, text: str, targets: Sequence[str] = ()) -> None:
        remark = self.remarks.setdefault((code, str(text)), Remark(code, str(text)))
        remark.count += len(targets)
        remark.targets.extend(targets[: TARGETS_KEPT - len(remark.targets)])

    def finish(self, *, effect: str, **more: Any) -> None:
        if self.verdict is not None:
            raise ValueError("a plan finishes once")
        self.verdict = Verdict(str(effect), **more)

    def flush(self) -> None:
        if self._rows:
            self.staging.copy("".join(self._rows))
            self._rows = []

    def close(self) -> None:
        for made in self.files.values():
            made.content.close()

    def _add(
        self,
        kind: str,
        entity: str,
        target_id: str,
        label: str,
        field: str,
        before: str,
        after: str,
        note: Note | None,
    ) -> None:
        self.count += 1
        key = (entity, len(target_id), target_id, field)
        if self.is_sorted:
            self._hash(key, change_line(kind, entity, target_id, field, before, after))
        if note and (group := note.get("group")) is not None:
            self.per_group[group] += 1
        self._rows.append(
            f"{self.count}\t{kind}\t{entity}\t{copy_text(target_id)}"
            f"\t{copy_text(label[:LABEL_LENGTH])}\t{field}\t{copy_json(before)}"
            f"\t{copy_json(after)}\t{copy_json(note_text(note) if note else NULL)}\n"
        )
        if len(self._rows) == BATCH:
            self.flush()
            if self.count > MOST_CHANGES:
                raise ValueError(f"a plan holds at most {MOST_CHANGES} changes")

    def _hash(self, key: tuple[str, int, str, str], line: str) -> None:
        if key > self._last:
            self.targets += key[:3] != self._last[:3]
            self._last = key
            self.blocks.add(line)
        elif key == self._last:
            raise ValueError(f"the plan changes {key} twice")
        else:
            self.is_sorted = False
