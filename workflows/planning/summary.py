"""The summary of a plan as JSON: what people read first, and what rules and limits judge."""

import dataclasses
from typing import Any

from workflows.planning.sink import CopySink, Verdict
from workflows.presentation import field_label
from workflows.types.base import Group, RiskLevel, WorkflowType
from workflows.types.store import StoreReader

LEVELS = [RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH]


def summary(
    kind: WorkflowType, sink: CopySink, store: StoreReader, estimate: dict[str, Any]
) -> dict[str, Any]:
    verdict = sink.verdict or Verdict("")
    return {
        "effect": verdict.effect.replace("**", ""),
        "effect_marked": verdict.effect,
        "counts": _counts(sink, verdict),
        "metrics": [dataclasses.asdict(metric) for metric in verdict.metrics],
        "histogram": dataclasses.asdict(verdict.histogram) if verdict.histogram else None,
        "risk": _risk(kind, verdict),
        "warnings": [dataclasses.asdict(remark) for remark in sink.remarks.values()],
        "reads": [dataclasses.asdict(mark) for mark in store.marks.values()],
        "artifacts": [
            {"name": made.name, "media_type": made.media_type, "size": made.size}
            for made in sink.files.values()
        ],
        "estimate": estimate,
        "undo": {"covered": sink.count, "total": sink.count},
    }


def _counts(sink: CopySink, verdict: Verdict) -> dict[str, Any]:
    return {
        "changes": sink.count,
        "targets": sink.targets,
        "creates": sink.creates,
        "fields": [
            {
                "entity": entity,
                "field": field,
                "label": field_label(entity, field),
                "count": count,
            }
            for (entity, field), count in sorted(sink.per_field.items())
            if count
        ],
        "groups": [_group(group, sink) for group in verdict.groups],
    }


def _group(group: Group, sink: CopySink) -> dict[str, Any]:
    return {**dataclasses.asdict(group), "count": sink.per_group[group.key]}


def _risk(kind: WorkflowType, verdict: Verdict) -> dict[str, Any]:
    """The type's own level, or the worst of the reasons this plan gives."""
    level = max([kind.risk, *(reason.level for reason in verdict.risks)], key=LEVELS.index)
    return {
        "level": level.value,
        "reasons": [
            {"text": str(reason.text), "level": reason.level.value} for reason in verdict.risks
        ],
    }
