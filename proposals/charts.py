"""Small charts as shapes in a box of 100 by 100; all words stand outside it as HTML."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from proposals.statistics.calibration import Bin

Figure = Callable[[float, str], str]
BAR_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Drawing:
    finding: str
    name: str
    second_name: str
    goal_name: str
    line: str
    second: str
    goal: str
    dot: str
    bars: tuple[Bar, ...]
    top: str
    bottom: str
    ticks: tuple[str, ...]
    table: tuple[tuple[str, str, str], ...]


def draw(chart: Mapping[str, Any] | None, figure: Figure) -> Drawing | None:
    """The shapes of a proposal's chart; None when it has none."""
    if not chart or not chart.get("values"):
        return None
    values, second = [float(v) for v in chart["values"]], chart.get("second") or []
    goal, unit, is_bars = chart.get("goal"), chart.get("unit", ""), chart.get("kind") == "bars"
    low, high = _range([*values, *second, *([goal] if goal is not None else [])], zero=is_bars)
    heights = [_y(value, low, high) for value in values]
    points = list(zip(_xs(len(values)), heights, strict=True))
    labels = [_label(text) for text in chart["labels"]]
    return Drawing(
        finding=chart["finding"],
        name=chart["name"],
        second_name=chart.get("second_name", ""),
        goal_name=chart.get("goal_name", "") if goal is not None else "",
        line="" if is_bars else _path(points),
        second=_path(list(zip(_xs(len(second)), [_y(v, low, high) for v in second], strict=True))),
        goal=f"M0 {_y(goal, low, high):.2f}H100" if goal is not None else "",
        dot="" if is_bars else f"M{points[-1][0]:.2f} {points[-1][1]:.2f}h0",
        bars=_bars(heights) if is_bars else (),
        top=figure(high, unit),
        bottom=figure(low, unit),
        ticks=_ticks(labels),
        table=tuple(
            (label, figure(value, unit), figure(second[n], unit) if n < len(second) else "")
            for n, (label, value) in enumerate(zip(labels, values, strict=True))
        ),
    )


def _range(values: Sequence[float], *, zero: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    if zero or (low > 0 and low < high / 3):
        low = min(low, 0.0)
    if high == low:
        high = low + 1
    return low, high


def _xs(number: int) -> list[float]:
    return [100 * place / max(number - 1, 1) for place in range(number)]


def _y(value: float, low: float, high: float) -> float:
    return 100 - 100 * (value - low) / (high - low)


def _path(points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return ""
    first, *rest = (f"{x:.2f} {y:.2f}" for x, y in points)
    return f"M{first}" + "".join(f" L{point}" for point in rest)


def _bars(heights: Sequence[float]) -> tuple[Bar, ...]:
    step = 100 / len(heights)
    return tuple(
        Bar(
            x=f"{place * step + step * BAR_GAP / 2:.2f}",
            y=f"{top:.2f}",
            width=f"{step * (1 - BAR_GAP):.2f}",
            height=f"{100 - top:.2f}",
        )
        for place, top in enumerate(heights)
    )


def _ticks(labels: Sequence[str]) -> tuple[str, ...]:
    """Four at most, first and last among them."""
    if len(labels) <= 4:
        return tuple(labels)
    last = len(labels) - 1
    return tuple(labels[round(last * place / 3)] for place in range(4))


def _label(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j M")
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Spot:
    """One bin of the reliability chart: where it stands, and its interval as a line."""

    x: str
    y: str
    line: str
    said: int
    right: int
    count: int


def reliability_spots(bins: Sequence[Bin]) -> list[Spot]:
    return [
        Spot(
            x=f"{100 * entry.said:.2f}",
            y=f"{100 - 100 * entry.right:.2f}",
            line=f"M{100 * entry.said:.2f} {100 - 100 * entry.interval.high:.2f}"
            f"V{100 - 100 * entry.interval.low:.2f}",
            said=round(100 * entry.said),
            right=round(100 * entry.right),
            count=entry.count,
        )
        for entry in bins
    ]
