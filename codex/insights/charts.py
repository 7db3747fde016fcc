"""A goal against time as shapes in a box of 100 by 100; all words stand outside it as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from codex.insights.goals import Goal, Point
from proposals.detectors.wording import percent

MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Drawing:
    """``line`` breaks where nothing is known; a piece that stands alone is one of ``dots``."""

    finding: str
    line: str
    dots: str
    goal: str
    ticks: tuple[str, ...]


def draw(goal: Goal) -> Drawing:
    places = _places(goal.points)
    known = [(place, point) for place, point in places if point.reached.value is not None]
    return Drawing(
        finding=_finding(goal, [point for _place, point in known]),
        line=_line(places),
        dots="".join(f"M{x:.2f} {_y(p.reached.value):.2f}h0" for x, p in _alone(places)),
        goal=f"M0 {_y(goal.goal):.2f}H100",
        ticks=_ticks([point.label for point in goal.points]),
    )


def _places(points: Sequence[Point]) -> list[tuple[float, Point]]:
    last = max(len(points) - 1, 1)
    return [(100 * n / last, point) for n, point in enumerate(points)]


def _y(share: float | None) -> float:
    return 100 - 100 * min(max(share or 0.0, 0.0), 1.0)


def _line(places: Sequence[tuple[float, Point]]) -> str:
    drawn, pen = [], "M"
    for x, point in places:
        if point.reached.value is None:
            pen = "M"
            continue
        drawn.append(f"{pen}{x:.2f} {_y(point.reached.value):.2f}")
        pen = "L"
    return " ".join(drawn)


def _alone(places: Sequence[tuple[float, Point]]) -> list[tuple[float, Point]]:
    """The last known piece, and those with nothing on either side."""
    known = [n for n, (_x, point) in enumerate(places) if point.reached.value is not None]
    return [
        places[n] for n in known if n == known[-1] or (n - 1 not in known and n + 1 not in known)
    ]


def _ticks(labels: Sequence[str]) -> tuple[str, ...]:
    if len(labels) <= MOST_TICKS:
        return tuple(labels)
    last = len(labels) - 1
    return tuple(labels[round(last * n / (MOST_TICKS - 1))] for n in range(MOST_TICKS))


def _finding(goal: Goal, known: Sequence[Point]) -> str:
    """The text alternative: where it began, where it stands, what is asked."""
    title, asked = str(goal.source.title), percent(goal.goal)
    if not known:
        return _("{title}: nothing to show yet; the goal is {goal}").format(title=title, goal=asked)
    first, last = known[0], known[-1]
    if first is last:
        return _("{title}: {now} in {when}; the goal is {goal}").format(
            title=title, now=percent(last.reached.value or 0), when=last.label, goal=asked
        )
    return _("{title}: {then} in {start}, {now} in {end}; the goal is {goal}").format(
        title=title,
        then=percent(first.reached.value or 0),
        start=first.label,
        now=percent(last.reached.value or 0),
        end=last.label,
        goal=asked,
    )
