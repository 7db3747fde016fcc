"""How reviews and runs went, and what is worth watching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codex.insights.asking import Asked, ask, whole_tables
from codex.insights.sources import SOURCES

MEDIAN = "percentile_cont(0.5) WITHIN GROUP (ORDER BY value)"
NINETIETH = "percentile_cont(0.9) WITHIN GROUP (ORDER BY value)"
REVIEWS = f"""
    council_id, count(*), {MEDIAN}, {NINETIETH}, count(*) FILTER (WHERE state = 'approved'),
    count(*) FILTER (WHERE hit), count(*) FILTER (WHERE state = 'rejected'),
    count(*) FILTER (WHERE state = 'approved' AND part > 1)
"""
VERDICTS = f"""
    who, count(*), {MEDIAN}, {NINETIETH}, count(*) FILTER (WHERE state = 'approve'),
    count(*) FILTER (WHERE state = 'request_changes'), count(*) FILTER (WHERE state = 'reject'),
    count(*) FILTER (WHERE hit)
"""
RUNS = """
    count(*), count(*) FILTER (WHERE state = 'stopped_by_drift'),
    coalesce(sum(part) FILTER (WHERE state <> 'stopped_by_drift'), 0)::bigint,
    coalesce(sum(whole) FILTER (WHERE state <> 'stopped_by_drift'), 0)::bigint,
    count(*) FILTER (WHERE part > 0), count(*) FILTER (WHERE hit),
    count(*) FILTER (WHERE state = 'failed')
"""
OUTCOMES = """
    count(*), count(*) FILTER (WHERE state <> 'not_enough_data'),
    coalesce(sum(part), 0)::bigint, coalesce(sum(whole), 0)::bigint,
    count(*) FILTER (WHERE hit AND whole = 1)
"""
INSTANT = f"""
    who, count(*), count(*) FILTER (WHERE hit), coalesce(sum(part), 0)::bigint,
    coalesce(sum(whole), 0)::bigint, {MEDIAN}
"""


@dataclass(frozen=True, slots=True)
class ReviewTimes:
    """Of one council, of one reviewer, or of all; seconds. ``again`` counts approvals that took
    more than one round, of a reviewer the verdicts they took back; ``undone`` approvals of the
    council that a reviewer took back."""

    key: str
    decisions: int
    median: float | None
    ninetieth: float | None
    approved: int
    sent_back: int
    rejected: int
    again: int
    undone: int = 0


@dataclass(frozen=True, slots=True)
class Quality:
    runs: int
    stopped_by_drift: int
    applied: int
    planned: int
    undoable: int
    undone: int
    failed: int

    @property
    def fidelity(self) -> float | None:
        return self.applied / self.planned if self.planned else None

    @property
    def undo_rate(self) -> float | None:
        return self.undone / self.undoable if self.undoable else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """``told`` of ``all`` gave an answer; ``better`` helped; of ``expected`` with an expectation in
    the same unit, ``met`` brought what was expected or more."""

    all: int
    told: int
    better: int
    expected: int
    met: int


@dataclass(frozen=True, slots=True)
class InstantBy:
    user_id: str
    clicks: int
    undone: int
    reviewed_instead: int
    failed: int
    median: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    reviews: ReviewTimes
    by_council: Sequence[ReviewTimes]
    by_reviewer: Sequence[ReviewTimes]
    ended_approvals: Mapping[str, int]
    quality: Quality
    outcomes: Outcomes
    instant: Sequence[InstantBy]
    watch: Mapping[str, int]


def figures(asked: Asked) -> Figures:
    with whole_tables():
        return _figures(asked)


def _figures(asked: Asked) -> Figures:
    undone, ended = _ended_approvals(asked)
    apart, whole = _reviews(asked, undone)
    return Figures(
        reviews=whole,
        by_council=apart,
        by_reviewer=_verdicts(asked),
        ended_approvals=ended,
        quality=Quality(*ask(SOURCES["runs"], asked, RUNS)[0]),
        outcomes=Outcomes(*ask(SOURCES["outcomes"], asked, OUTCOMES)[0]),
        instant=[
            InstantBy(*row)
            for row in ask(
                SOURCES["instant"], asked, INSTANT, "GROUP BY who ORDER BY count(*) DESC, who"
            )
        ],
        watch=dict(
            ask(SOURCES["watch"], asked, "state, count(*)", "GROUP BY state ORDER BY state")
        ),
    )


def _ended_approvals(asked: Asked) -> tuple[dict[str, int], dict[str, int]]:
    """(taken back, by council; all that ended without a run, by why)."""
    found = ask(
        SOURCES["undone_approvals"],
        asked,
        "council_id, state, count(*)",
        "GROUP BY council_id, state ORDER BY council_id, state",
    )
    undone = {council: number for council, why, number in found if why == "taken_back"}
    ended: dict[str, int] = {}
    for _council, why, number in found:
        ended[why] = ended.get(why, 0) + number
    return undone, ended


def _reviews(asked: Asked, undone: Mapping[str, int]) -> tuple[list[ReviewTimes], ReviewTimes]:
    found = ask(
        SOURCES["reviews"],
        asked,
        REVIEWS,
        "GROUP BY GROUPING SETS ((council_id), ()) ORDER BY count(*) DESC, council_id",
    )
    apart = [_times(row, undone.get(row[0], 0)) for row in found if row[0] is not None]
    seen = {row.key for row in apart}
    apart += [
        ReviewTimes(council, 0, None, None, 0, 0, 0, 0, number)
        for council, number in sorted(undone.items())
        if council not in seen
    ]
    (whole,) = (row for row in found if row[0] is None)
    return apart, _times(("", *whole[1:]), sum(undone.values()))


def _times(row: Sequence[Any], undone: int) -> ReviewTimes:
    return replace(ReviewTimes(*row), undone=undone)


def _verdicts(asked: Asked) -> list[ReviewTimes]:
    found = ask(SOURCES["verdicts"], asked, VERDICTS, "GROUP BY who ORDER BY count(*) DESC, who")
    return [ReviewTimes(*row) for row in found]
