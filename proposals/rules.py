"""Who may do what with proposals. Creating, expiring and measuring are granted to machines only."""

import rules

from tenants.rules import is_manager, is_member, is_writer

rules.add_perm("proposals.view_proposal", is_member)
rules.add_perm("proposals.accept_proposal", is_writer)
rules.add_perm("proposals.dismiss_proposal", is_writer)
rules.add_perm("proposals.snooze_proposal", is_writer)
rules.add_perm("proposals.restore_proposal", is_writer)
rules.add_perm("proposals.change_detectors", is_manager)
