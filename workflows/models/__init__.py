from workflows.models.deltas import DeltaRow, PlanDelta
from workflows.models.freezes import FreezeWindow
from workflows.models.limits import LimitSet
from workflows.models.plans import Artifact, ArtifactPart, Plan, PlannedChange
from workflows.models.runs import ChangeResult, Workflow
from workflows.models.texts import TextModel, TextSpending

__all__ = [
    "Artifact",
    "ArtifactPart",
    "ChangeResult",
    "DeltaRow",
    "FreezeWindow",
    "LimitSet",
    "Plan",
    "PlanDelta",
    "PlannedChange",
    "TextModel",
    "TextSpending",
    "Workflow",
]
