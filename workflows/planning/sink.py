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
    copy_line,
    json_text,
    note_text,
    quoted,
)
from workflows.planning.files import MadeFile, made_file
from workflows.planning.fingerprint import Blocks
from workflows.planning.staging import Staging
from workflows.states import Kind
from workflows.types.base import (
    Group,
    Histogram,
    Metric,
    Note,
    ReadyNote,
    RiskReason,
    SetRow,
    Value,
)

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
        self._target: tuple[str, int, str] = ("", 0, "")
        self._field = ""

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
        """What a large plan spends its time in: few calls, and each text looked at once."""
        count, ends = self.count, self._change_ends(Kind.SET.value, entity, field)
        for target_id, label, before, after, note in rows:
            was = quoted(before) if before.__class__ is str else json_text(before)
            becomes = quoted(after) if after.__class__ is str else json_text(after)
            if was == becomes:
                continue
            if self.is_sorted:
                line = f"{ends[0]}{quoted(target_id)}{ends[1]}{was},{becomes}]\n"
                self._hash(entity, target_id, field, line)
            told = self._told(note) if note else NULL
            key, values = (entity, target_id, field), (was, becomes, told)
            self._stage(Kind.SET.value, key, label, values)
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
        kind, after = Kind.CREATE.value, json_text(dict(values))
        if self.is_sorted:
            line = change_line(kind, entity, target_id, "", NULL, after)
            self._hash(entity, target_id, "", line)
        told = self._told(note) if note else NULL
        self._stage(kind, (entity, target_id, ""), label, (NULL, after, told))
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

    def _stage(
        self, kind: str, key: tuple[str, str, str], label: str, values: tuple[str, str, str]
    ) -> None:
        self.count += 1
        self._rows.append(copy_line(self.count, kind, key, label[:LABEL_LENGTH], values))
        if len(self._rows) == BATCH:
            self.flush()
            if self.count > MOST_CHANGES:
                raise ValueError(f"a plan holds at most {MOST_CHANGES} changes")

    def _told(self, note: Note | ReadyNote) -> str:
        if note.__class__ is ReadyNote:
            self.per_group[note.group] += 1  # type: ignore[union-attr]
            return note.text  # type: ignore[union-attr]
        if (group := note.get("group")) is not None:  # type: ignore[union-attr]
            self.per_group[group] += 1
        return note_text(note)

    @staticmethod
    def _change_ends(kind: str, entity: str, field: str) -> tuple[str, str]:
        """What stands before and behind the target in ``change_line``."""
        line = change_line(kind, entity, "", field, "", "")
        before, after = line.split('""', 1)
        return before, after.removesuffix(",]\n")

    def _hash(self, entity: str, target_id: str, field: str, line: str) -> None:
        target = (entity, len(target_id), target_id)
        if target > self._target:
            self.targets += 1
        elif target == self._target and field == self._field:
            raise ValueError(f"the plan changes {target} twice: {field}")
        elif target < self._target or field < self._field:
            self.is_sorted = False
            return
        self._target, self._field = target, field
        self.blocks.add(line)
