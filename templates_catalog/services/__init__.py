"""Every write to the catalog."""

from templates_catalog.services.instant import confirm_instant_run, instant_run
from templates_catalog.services.library import (
    accept_update,
    exported,
    import_template,
    install_template,
    offer_template,
    publish_offered,
    unpublish,
    withdraw_offer,
)
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
    "accept_update",
    "change_switches",
    "clear_suspension",
    "confirm_instant_run",
    "create_template",
    "exported",
    "import_template",
    "install_template",
    "instant_run",
    "keep_shared_template",
    "lift_block",
    "offer_template",
    "pre_approve",
    "publish_offered",
    "retire_template",
    "revoke",
    "save_as_template",
    "show_sample",
    "unpublish",
    "update_template",
    "use_template",
    "watch",
    "withdraw_offer",
]
