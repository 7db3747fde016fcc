"""What a workflow type is: typed inputs and a plan. It reads the shop; it never writes to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol

import pydantic

# What a field of a shop may hold. No floats: money and shares are Decimals.
Value = None | bool | int | str | Decimal | Sequence[Any] | Mapping[str, Any]
Note = Mapping[str, Any]


class ReadyNote(NamedTuple):
    """A note that is JSON text already, for types that make a hundred thousand of them."""

    group: str
    text: str


# (target_id, label, before, after, note): what ``PlanSink.set_many`` takes.
SetRow = tuple[str, str, Value, Value, Note | ReadyNote | None]


class RiskLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class TypeInputs(pydantic.BaseModel):
    """Base of every type's inputs. Each field has a ``title`` and a ``description``, its help."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class RequiredInputs(Exception):
    """Inputs that are each valid but ask for something this shop lacks; raised by ``plan``.

    ``fields`` names inputs, without the ``inputs.`` before them; an empty name means all of them.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure under the effect sentence.

    ``value`` is raw, for rules and limits (numbers as int or Decimal); ``display`` is what people
    read ("£1,180"); ``hint`` is the small line below it.
    """

    key: str
    label: str
    value: Value
    display: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    label: str
    count: int
    tone: str = "plain"  # down, up or plain


@dataclass(frozen=True, slots=True)
class Histogram:
    """``finding`` says in words what the bars show; it is also their text alternative."""

    caption: str
    finding: str
    column: str
    bins: Sequence[Bin]


@dataclass(frozen=True, slots=True)
class Group:
    """A filter over the changes: those whose note says ``{"group": key}``."""

    key: str
    label: str
    risky: bool = False


@dataclass(frozen=True, slots=True)
class RiskReason:
    text: str
    level: RiskLevel = RiskLevel.MEDIUM


class PlanSink(Protocol):
    """Where ``plan`` puts what it would do. Memory stays flat: rows leave it in batches.

    Emit changes in the order people should read them; the engine applies them in that order.
    Sorted by (entity, id, field) is the cheapest order, and needed for nothing else.
    One field of one target may be changed once. A change whose before equals its after is left
    out. Notes are for people and filters, not part of what is approved; these keys are known:
    ``sku`` (small line under the label), ``group`` (see ``Group``), ``why`` (why this item is
    here), ``columns`` ({"Move": "−6.3%"}: extra cells), ``risky`` (true marks the row).
    """

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
    ) -> None: ...

    def set_many(self, entity: str, field: str, rows: Iterable[SetRow]) -> None:
        """The fast way for many changes of one field: plain tuples, see ``SetRow``."""

    def create(
        self,
        entity: str,
        key: str,
        label: str,
        values: Mapping[str, Value],
        *,
        note: Note | None = None,
    ) -> str:
        """Plan a new row; returns its id, so that later ones can point at it.

        The id follows from the plan's seed and ``key``: the same draft makes the same rows, and a
        replay makes nothing twice. Put what others point at first.
        """

    def artifact(self, name: str, media_type: str, chunks: Iterable[str | bytes]) -> None:
        """A file for people: ``price-moves.csv``. Written as it is produced."""

    def warn(self, code: str, text: str, targets: Sequence[str] = ()) -> None:
        """Something a reviewer should know. ``targets``: labels, the first few are kept."""

    def finish(
        self,
        *,
        effect: str,
        metrics: Sequence[Metric] = (),
        groups: Sequence[Group] = (),
        histogram: Histogram | None = None,
        risks: Sequence[RiskReason] = (),
    ) -> None:
        """Once, at the end. ``effect`` is one sentence; ``**41 prices**`` sets a part in bold.

        Counts of changes, of targets and of each group are the engine's: they need not be given.
        """


class WorkflowType:
    """One kind of automation. Register an instance with ``workflows.types.registry.register``.

    ``version`` goes up whenever the same inputs on the same shop would give another plan.
    ``makes`` is what people get, in a few words ("Price changes, a CSV of moves").
    ``together`` names fields, as ``(entity, field)``, whose changes of one target stand or fall
    together when a reviewer leaves some out: a price and the compare-at price it needs gone.
    """

    id: ClassVar[str]
    version: ClassVar[int]
    title: ClassVar[Any]
    description: ClassVar[Any]
    makes: ClassVar[Any] = ""
    risk: ClassVar[RiskLevel]
    together: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    Inputs: ClassVar[type[TypeInputs]]

    @property
    def family(self) -> str:
        return self.id.partition(".")[0]

    def plan(self, store: Any, inputs: Any, out: PlanSink) -> None:
        """Say what would be done. Same shop, same inputs, same ``store.seed``: same plan.

        ``store`` is a ``workflows.types.store.StoreReader``: every read of ``stores.queries`` for
        this tenant, inside a transaction in which the database refuses to write. Raise
        ``RequiredInputs`` for what this shop cannot do; any other exception is a fault of the type.
        """
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        return self.Inputs.model_json_schema(by_alias=True)
