"""Who keeps a shop's endpoints. Notices and preferences are everybody's own."""

import rules

from tenants.rules import is_manager

rules.add_perm("notifications.manage_endpoints", is_manager)
