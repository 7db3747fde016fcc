"""Every write to plans and runs."""

from workflows.restraints import frozen_until, next_free_slot
from workflows.services.differing import keep_delta
from workflows.services.execution import run_workflow
from workflows.services.foreseeing import Step, foresee_plan
from workflows.services.freezes import (
    add_freeze,
    change_freeze,
    freeze_facts,
    remove_freeze,
    require_free,
    trial_freeze,
)
from workflows.services.limiting import (
    OutsideLimits,
    breached_limits,
    require_within_limits,
    set_limits,
)
from workflows.services.measuring import measure_again
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
    "OutsideLimits",
    "Step",
    "add_freeze",
    "breached_limits",
    "cancel_workflow",
    "change_freeze",
    "create_workflow",
    "foresee_plan",
    "freeze_facts",
    "frozen_until",
    "keep_delta",
    "make_plan",
    "may_cancel",
    "may_start",
    "may_undo",
    "measure_again",
    "next_free_slot",
    "plan_is_fresh",
    "preview_undo",
    "prune_plans",
    "remove_freeze",
    "remove_text_model",
    "require_free",
    "require_within_limits",
    "run_directly",
    "run_workflow",
    "set_limits",
    "set_text_model",
    "start_workflow",
    "stored_fingerprint",
    "sweep",
    "trial_freeze",
    "trim_plan",
    "try_text_model",
    "undo_workflow",
    "validate_inputs",
]
