"""The summary of a plan as JSON: what people read first, and what rules and limits judge."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from workflows.planning.sink import CopySink, Verdict
from workflows.presentation import field_label
from workflows.types.base import Group, Metric
from workflows.types.store import StoreReader

# Reckoned by the engine for every plan alike; a type's own reckoning would stand beside it.
ENGINES_OWN = frozenset({"money_at_risk", "revenue_share"})


def summary(sink: CopySink, store: StoreReader) -> dict[str, Any]:
    """Without what the engine measures on the changes: see ``workflows.services.measuring``."""
    verdict = sink.verdict or Verdict("")
    return {
        "effect": verdict.effect.replace("**", ""),
        "effect_marked": verdict.effect,
        "counts": _counts(sink, verdict),
        "metrics": list(_metrics(verdict.metrics)),
        "histogram": dataclasses.asdict(verdict.histogram) if verdict.histogram else None,
        "warnings": [dataclasses.asdict(remark) for remark in sink.remarks.values()],
        "reads": [dataclasses.asdict(mark) for mark in store.marks.values()],
        "artifacts": [
            {"name": made.name, "media_type": made.media_type, "size": made.size}
            for made in sink.files.values()
        ],
        "undo": {"covered": sink.count, "total": sink.count},
    }


def _metrics(metrics: Iterable[Metric]) -> Iterable[dict[str, Any]]:
    for metric in metrics:
        if metric.key not in ENGINES_OWN:
            yield dataclasses.asdict(metric)


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
