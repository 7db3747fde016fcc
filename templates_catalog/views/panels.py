"""What the page of one template shows."""

from typing import Any

from core.ids import new_id
from templates_catalog import queries, showing
from templates_catalog.differences import said_inputs, titles_of
from templates_catalog.queries import Record
from templates_catalog.services.sampling import Sample, is_small, made_up_inputs, present_sample
from workflows import presentation
from workflows import queries as workflows
from workflows.queries import type_record
from workflows.types import registry

ROWS, COLUMNS, RUNS, GIVEN = 8, 2, 10, 5


def detail(request, found: Any) -> dict[str, object]:
    version = queries.version_in_force(found)
    actor = request.actor
    card = showing.Card(
        found,
        version,
        queries.records([found]).get(found.pk, Record()),
        actor.has_perm("templates.use_template", found) and found.is_active,
        type_record(found.workflow_type_id),
    )
    return {
        "template": found,
        "version": version,
        "card": card,
        "kind": registry.find(found.workflow_type_id),
        "starts_with": list(said_inputs(found.workflow_type_id, version.default_inputs).values()),
        "asked": _titles(found, version.required_fields),
        "offered": _titles(found, version.optional_fields),
        "stories": showing.version_stories(found, actor.tenant_id),
        "runs": list(queries.past_runs(found)[:RUNS]),
        "may_change": found.tenant_id and actor.has_perm("templates.change_template", found),
        "token": new_id("click"),
        **council_panel(request, found, version),
        **sharing_panel(request, found),
        **sample_panel(request, found),
    }


def council_panel(request, found: Any, version) -> dict[str, object]:
    """The standing approval, what earned it, who may give or take it, and whom it stopped."""
    actor, given = request.actor, queries.standing(version)
    return {
        "given": given,
        "bounds": given
        and showing.bounds_words(given.bounds, found.workflow_type_id, currency_of(request)),
        "given_before": list(queries.standing_history(found).exclude(revoked_at=None)[:GIVEN]),
        "track": queries.track(found),
        "clean": queries.clean_reviewed_runs(found),
        "needed": queries.clean_runs_needed(),
        "may_judge": actor.has_perm("templates.revoke_template", found),
        "may_approve": found.is_active and actor.has_perm("templates.pre_approve_template", found),
        "blocks": list(queries.blocks(found)),
    }


def sharing_panel(request, found: Any) -> dict[str, object]:
    """Copies, offers and files, and how it went in other shops."""
    actor, pair = request.actor, queries.update_of(found)
    is_own = bool(found.tenant_id) and found.is_active
    may = {
        "may_offer": is_own
        and found.is_verified
        and actor.has_perm("templates.offer_template", found),
        "may_copy": found.is_shared
        and found.is_active
        and actor.has_perm("templates.install_template", request.tenant),
        "may_export": found.is_verified
        and (found.is_shared or actor.has_perm("templates.export_template", found)),
    }
    shown = {"update": pair and pair[1], "elsewhere": queries.results([found.pk]).get(found.pk)}
    tells = any(shown.values()) or found.origin_id or not found.is_verified or found.offered_at
    return {**may, **shown, "sharing": tells or any(may.values())}


def sample_panel(request, found: Any, shown: Sample | None = None) -> dict[str, object]:
    version = queries.version_in_force(found)
    if shown is None:
        shown = Sample(present_sample(version), made_up_inputs(version))
    said = said_inputs(found.workflow_type_id, shown.made_up, request.actor.tenant_id)
    return {
        "sample": shown,
        "by_itself": shown.plan is None and not shown.why_not and is_small(),
        "made_up": list(said.values()),
        **plan_rows(request, shown.plan),
    }


def plan_rows(request, plan: Any, most: int = ROWS) -> dict[str, object]:
    rows = list(workflows.changes(plan).order_by("position")[:most]) if plan else []
    columns = presentation.columns_of(rows)[:COLUMNS]
    currency = currency_of(request)
    return {
        "plan": plan,
        "changes": [presentation.shown(row, currency, columns) for row in rows],
        "columns": columns,
    }


def currency_of(request) -> str:
    return request.tenant.currency if request.tenant else "GBP"


def _titles(found: Any, names: list[str]) -> list[str]:
    titles = titles_of(found.workflow_type_id)
    return [titles.get(name, name) for name in names]
