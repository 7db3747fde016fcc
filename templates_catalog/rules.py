"""Who may make, change, use and pre-approve templates."""

import rules

from tenants.rules import is_manager, is_member, is_writer


@rules.predicate
def is_visible(actor, template):
    """Shared with all, or the actor's tenant's own."""
    return template.tenant_id is None or template.tenant_id == actor.tenant_id


@rules.predicate
def is_its_author(actor, template):
    return template.created_by_user_id == actor.user_id


@rules.predicate
def sits_in_its_council(actor, template):
    return template.council_id is not None and template.council_id in getattr(
        actor, "council_ids", ()
    )


@rules.predicate
def wrote_the_version_in_force(actor, template):
    version = template.versions.filter(number=template.version).first()
    return version is not None and version.created_by_user_id == actor.user_id


@rules.predicate
def writes_here(actor, template):
    """A writer of the scope's tenant, whoever's the template is."""
    return getattr(actor, "role", "") in ("owner", "admin", "editor")


@rules.predicate
def reads_here(actor, template):
    return bool(getattr(actor, "role", ""))


rules.add_perm("templates.view_template", is_visible & (reads_here | sits_in_its_council))
rules.add_perm("templates.use_template", is_visible & writes_here)
rules.add_perm("templates.create_template", is_writer)
rules.add_perm("templates.change_template", is_manager | (is_writer & is_its_author))
rules.add_perm(
    "templates.pre_approve_template",
    is_visible & sits_in_its_council & ~wrote_the_version_in_force,
)
rules.add_perm("templates.revoke_template", is_visible & sits_in_its_council)
rules.add_perm("templates.offer_template", is_manager)
rules.add_perm("templates.install_template", is_writer)
rules.add_perm("templates.import_template", is_manager)
rules.add_perm("templates.export_template", is_manager | (is_writer & is_its_author))
rules.add_perm("templates.change_switches", is_manager)
rules.add_perm("templates.view_switches", is_member)
