"""Roles as predicates over (actor, object), and who may run a tenant's affairs."""

import rules

from tenants.states import Role


def _tenant_of(subject: object) -> str:
    """The tenant an object belongs to; a tenant belongs to itself."""
    owner = getattr(subject, "tenant_id", None)
    return str(owner or getattr(subject, "pk", ""))


def _has_role(actor, subject: object, *roles: str) -> bool:
    if actor is None or getattr(actor, "role", "") not in roles:
        return False
    return subject is None or _tenant_of(subject) == actor.tenant_id


@rules.predicate
def is_owner(actor, subject):
    return _has_role(actor, subject, Role.OWNER)


@rules.predicate
def is_admin(actor, subject):
    return _has_role(actor, subject, Role.ADMIN)


@rules.predicate
def is_editor(actor, subject):
    return _has_role(actor, subject, Role.EDITOR)


@rules.predicate
def is_viewer(actor, subject):
    return _has_role(actor, subject, Role.VIEWER)


is_manager = is_owner | is_admin
is_writer = is_manager | is_editor
is_member = is_writer | is_viewer

rules.add_perm("tenants.view_tenant", is_member)
rules.add_perm("tenants.manage_members", is_manager)
rules.add_perm("tenants.manage_tokens", is_manager)
rules.add_perm("tenants.change_tenant", is_manager)
rules.add_perm("tenants.view_audit", is_manager)
rules.add_perm("tenants.own_tenant", is_owner)
rules.add_perm("tenants.write", is_writer)
