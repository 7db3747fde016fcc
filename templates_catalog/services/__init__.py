"""Every write to the catalog."""

from templates_catalog.services.instant import confirm_instant_run, instant_run
from templates_catalog.services.sampling import show_sample
from templates_catalog.services.saving import save_as_template
from templates_catalog.services.spikes import lift_block
from templates_catalog.services.standing import clear_suspension, pre_approve, revoke, watch
from templates_catalog.services.switches import change_switches
from templates_catalog.services.using import use_template
from templates_catalog.services.writing import (
    create_template,
    keep_shared_template,
    retire_template,
    update_template,
)

__all__ = [
    "change_switches",
    "clear_suspension",
    "confirm_instant_run",
    "create_template",
    "instant_run",
    "keep_shared_template",
    "lift_block",
    "pre_approve",
    "retire_template",
    "revoke",
    "save_as_template",
    "show_sample",
    "update_template",
    "use_template",
    "watch",
]
