"""Every write to plans and runs."""

from workflows.services.differing import keep_delta
from workflows.services.execution import run_workflow
from workflows.services.plans import (
    make_plan,
    plan_is_fresh,
    prune_plans,
    stored_fingerprint,
    validate_inputs,
)
from workflows.services.runs import (
    cancel_workflow,
    create_workflow,
    may_cancel,
    may_start,
    may_undo,
    preview_undo,
    run_directly,
    start_workflow,
    undo_workflow,
)
from workflows.services.sweeping import sweep
from workflows.services.text_model import remove_text_model, set_text_model, try_text_model
from workflows.services.trimming import trim_plan

__all__ = [
    "cancel_workflow",
    "create_workflow",
    "keep_delta",
    "make_plan",
    "may_cancel",
    "may_start",
    "may_undo",
    "plan_is_fresh",
    "preview_undo",
    "prune_plans",
    "remove_text_model",
    "run_directly",
    "run_workflow",
    "set_text_model",
    "start_workflow",
    "stored_fingerprint",
    "sweep",
    "trim_plan",
    "try_text_model",
    "undo_workflow",
    "validate_inputs",
]
