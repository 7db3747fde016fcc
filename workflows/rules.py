"""Who may plan, run, stop and undo. Everybody in the tenant may look."""

import rules

from tenants.rules import is_manager, is_member, is_writer


@rules.predicate
def started_it(actor, run):
    return run is not None and run.created_by_id == actor.user_id


@rules.predicate
def may_run_directly(actor, tenant):
    return tenant is not None and tenant.allows_direct_runs


is_writer_of_own = is_writer & started_it

rules.add_perm("workflows.view_workflow", is_member)
rules.add_perm("workflows.make_plan", is_writer)
rules.add_perm("workflows.create_workflow", is_writer)
rules.add_perm("workflows.start_workflow", is_manager | is_writer_of_own)
rules.add_perm("workflows.cancel_workflow", is_manager | is_writer_of_own)
rules.add_perm("workflows.undo_workflow", is_manager | is_writer_of_own)
rules.add_perm("workflows.set_text_model", is_manager)
rules.add_perm("workflows.run_directly", is_writer & may_run_directly)
rules.add_perm("workflows.manage_limits", is_manager)
rules.add_perm("workflows.view_freezes", is_member)
rules.add_perm("workflows.manage_freezes", is_manager)
