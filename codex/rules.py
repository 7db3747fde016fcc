"""What the top floor shows, and to whom. Every member of a shop sees its insights."""

import rules

from tenants.rules import is_member

rules.add_perm("codex.view_insights", is_member)
