"""The figures as programs read them."""

from typing import Any

from codex.insights.asking import Asked, Row
from codex.insights.figures import Figures, Quality, ReviewTimes
from codex.insights.goals import Goal
from codex.insights.showing import Line


def insights_document(asked: Asked, goals: list[Goal], found: Figures) -> dict[str, Any]:
    period = asked.period
    return {
        "tenant_id": asked.tenant_id,
        "since": period.since,
        "until": period.until,
        "bucket": period.unit,
        "workflow_type_id": asked.type or None,
        "council_id": asked.council or None,
        "goals": [_goal(goal) for goal in goals],
        "reviews": {
            "all": _times(found.reviews),
            "by_council": [{"council_id": r.key, **_times(r)} for r in found.by_council],
            "by_reviewer": [{"user_id": r.key, **_times(r)} for r in found.by_reviewer],
            "approvals_ended": found.ended_approvals,
        },
        "runs": _quality(found.quality),
        "outcomes": {
            "measured": found.outcomes.all,
            "with_an_answer": found.outcomes.told,
            "helped": found.outcomes.better,
            "with_an_expectation": found.outcomes.expected,
            "as_expected_or_better": found.outcomes.met,
        },
        "instant_runs_by_person": [
            {
                "user_id": row.user_id,
                "clicks": row.clicks,
                "undone": row.undone,
                "reviewed_instead": row.reviewed_instead,
                "failed": row.failed,
                "median_seconds": row.median,
            }
            for row in found.instant
        ],
        "worth_a_look": found.watch,
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "measure": goal.key,
        "title": str(goal.source.title),
        "goal": goal.goal,
        "reached": goal.is_reached,
        "low": goal.low,
        "high": goal.high,
        **_reached(goal.key, goal.reached),
        "series": [
            {"start": point.start, **_reached(goal.key, point.reached)} for point in goal.points
        ],
    }


def _reached(key: str, reached) -> dict[str, Any]:
    if key == "speed":
        return {
            "value": reached.value,
            "instant_runs": reached.part,
            "reviewed_runs": reached.whole,
            "instant_median_seconds": reached.instant,
            "reviewed_median_seconds": reached.reviewed,
        }
    return {"value": reached.value, "part": reached.part, "whole": reached.whole}


def _times(row: ReviewTimes) -> dict[str, Any]:
    return {
        "decisions": row.decisions,
        "median_seconds": row.median,
        "ninetieth_seconds": row.ninetieth,
        "approved": row.approved,
        "sent_back": row.sent_back,
        "rejected": row.rejected,
        "again": row.again,
        "undone": row.undone,
    }


def _quality(quality: Quality) -> dict[str, Any]:
    return {
        "ended": quality.runs,
        "stopped_by_drift": quality.stopped_by_drift,
        "failed": quality.failed,
        "changes_planned": quality.planned,
        "changes_applied": quality.applied,
        "fidelity": quality.fidelity,
        "undoable": quality.undoable,
        "undone": quality.undone,
        "undo_rate": quality.undo_rate,
    }


def row_document(line: Line) -> dict[str, Any]:
    """Nothing of a draft that the asker may not see but that it was there."""
    row: Row = line.row
    is_hidden = bool(row.draft_id) and not line.url
    return {
        "at": row.at,
        "counted": row.hit,
        "value": row.value,
        "thing": row.thing,
        "id": None if is_hidden else row.id,
        "name": None if is_hidden else line.what,
        "user_id": row.who or None,
        "council_id": row.council_id or None,
        "workflow_type_id": row.type or None,
        "state": row.state,
    }
