"""What a detector is: typed settings, one set-based read over many shops, and a pure judgement.

``read`` asks the database once for a batch of shops; ``judge`` looks at one shop's facts and says
what it found, or nothing. Nothing else happens in a detector: the same version on the same facts
gives the same finding, which is what *Run it again* checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

import pydantic

from proposals.detectors.reading import Reader
from proposals.statistics.intervals import Interval
from stores.states import Clock


class DetectorInput(pydantic.BaseModel):
    """Base of every detector's settings. Fields have a ``title`` and a ``description``."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Shop:
    """What a detector has to know of a tenant before it reads the store."""

    tenant_id: str
    today: date
    currency: str = "GBP"
    country: str = "GB"
    timezone: str = "Europe/London"
    clock: str = Clock.HISTORY

    @property
    def until(self) -> date:
        """The last whole day: of a live shop, today is not over yet."""
        return self.today - timedelta(days=1) if self.clock == Clock.LIVE else self.today


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a number stands on. ``id`` names the product or post, where there is one."""

    label: str
    cells: tuple[tuple[str, Any], ...] = ()
    id: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "id": self.id, **dict(self.cells)}


@dataclass(frozen=True, slots=True)
class Chart:
    """A small line: what it shows in words, its points, and a second line or a goal beside it."""

    finding: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    name: str
    kind: str = "line"  # or bars
    second: tuple[float, ...] = ()
    second_name: str = ""
    goal: float | None = None
    goal_name: str = ""
    unit: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "finding": self.finding,
            "labels": list(self.labels),
            "values": [round(value, 6) for value in self.values],
            "name": self.name,
            "kind": self.kind,
            "second": [round(value, 6) for value in self.second],
            "second_name": self.second_name,
            "goal": self.goal,
            "goal_name": self.goal_name,
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """What is expected of following it: from ``baseline`` to between ``low`` and ``high``.

    ``worth`` is the middle of it in money a month, to compare findings of different kinds.
    """

    metric: str
    baseline: float
    low: float
    high: float
    unit: str
    timeframe_days: int
    text: str
    worth: float = 0.0

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def as_json(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "baseline": round(self.baseline, 6),
            "low": round(self.low, 6),
            "high": round(self.high, 6),
            "unit": self.unit,
            "timeframe_days": self.timeframe_days,
            "text": self.text,
            "worth": round(self.worth, 2),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth doing, with everything a person needs to judge it.

    ``severity`` is 1 at the threshold and grows as things get worse; ``worse_at(factor)`` in the
    finding's own unit is ``value`` moved that far. ``lasts`` is how long it stays true.
    """

    title: str
    description: str
    reasoning: tuple[str, ...]
    confidence: float
    metric: str
    value: float
    threshold: float
    unit: str
    window: str
    sample_size: int
    severity: float
    impact: Impact
    inputs: Mapping[str, Any]
    evidence: tuple[Evidence, ...] = ()
    interval: Interval | None = None
    target: str = ""
    priority: str = "normal"
    lasts: timedelta = timedelta(days=14)
    ends_on: date | None = None
    falls: bool = False
    returns: bool = True
    chart: Chart | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Detector:
    """One kind of finding. ``version`` goes up whenever the same facts would give another one.

    ``false_alarms`` and ``power`` are what the tests over random shops hold it to: the share of
    shops without the effect in which it speaks, and of shops with ``planted`` in which it does.
    """

    id: ClassVar[str]
    version: ClassVar[int]
    title: ClassVar[Any]
    about: ClassVar[Any]
    family: ClassVar[str]
    workflow_type_id: ClassVar[str]
    template_ids: ClassVar[tuple[str, ...]] = ()
    # Inputs that say what it is about: a template made for another holiday does not fit.
    defining: ClassVar[tuple[str, ...]] = ()
    Settings: ClassVar[type[DetectorInput]]
    false_alarms: ClassVar[float] = 0.05
    power: ClassVar[float] = 0.8
    planted: ClassVar[Any] = ""

    @property
    def alarm_percent(self) -> int:
        return round(100 * self.false_alarms)

    @property
    def power_percent(self) -> int:
        return round(100 * self.power)

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        """Facts by tenant id, for (shop, settings); a shop with nothing to say may be missing."""
        raise NotImplementedError

    def judge(self, shop: Shop, facts: Any, settings: Any) -> Sequence[Finding]:
        """What these facts show, the most worthwhile first; at most one of them is proposed."""
        raise NotImplementedError

    def illustrate(
        self, reader: Reader, found: Sequence[tuple[Shop, Any, Finding]]
    ) -> Mapping[tuple[str, str], Finding]:
        """Findings with more rows and a chart, by (tenant id, target); read only once found."""
        return {}


def severity_band(severity: float) -> int:
    """Steps of a half: 0 just past the threshold, 1 from 1.5 times, 2 from 2.25 times."""
    band, edge = 0, 1.5
    while severity >= edge and band < 20:
        band, edge = band + 1, edge * 1.5
    return band


def believed(prior: float, strength: float) -> float:
    """What to say as long as no outcomes speak: ``prior`` is how often this kind of remedy is
    taken to help, ``strength`` (0 to 1) how far the evidence is past doubt."""
    return round(prior * (0.8 + 0.2 * max(0.0, min(1.0, strength))), 3)
