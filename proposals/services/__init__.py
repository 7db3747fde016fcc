"""Every write to proposals."""

from proposals.services.deciding import (
    accept_proposal,
    dismiss_proposal,
    expire_proposal,
    may,
    restore_proposal,
    snooze_proposal,
)
from proposals.services.proposing import propose_for_tenant, propose_for_tenants, replay
from proposals.services.tuning import change_detector

__all__ = [
    "accept_proposal",
    "change_detector",
    "dismiss_proposal",
    "expire_proposal",
    "may",
    "propose_for_tenant",
    "propose_for_tenants",
    "replay",
    "restore_proposal",
    "snooze_proposal",
]
