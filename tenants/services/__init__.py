"""Tenants, members, invitations, tokens: every write to them."""

from tenants.services.invitations import accept_invitation, invite, open_invitation, withdraw
from tenants.services.members import (
    change_role,
    leave_tenant,
    remove_member,
    transfer_ownership,
    update_tenant,
)
from tenants.services.people import (
    add_member,
    create_tenant,
    create_user,
    issue_token,
    revoke_token,
    switch_tenant,
)

__all__ = [
    "accept_invitation",
    "add_member",
    "change_role",
    "create_tenant",
    "create_user",
    "invite",
    "issue_token",
    "leave_tenant",
    "open_invitation",
    "remove_member",
    "revoke_token",
    "switch_tenant",
    "transfer_ownership",
    "update_tenant",
    "withdraw",
]
