"""Who may see a shop and bring data into it."""

import rules

from tenants.rules import is_member, is_writer

rules.add_perm("stores.view_store", is_member)
rules.add_perm("stores.import_data", is_writer)
