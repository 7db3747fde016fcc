"""A template as programs read it."""

from typing import Any

from templates_catalog import queries
from templates_catalog.differences import differences
from templates_catalog.models import StandingApproval, Template, TemplateVersion


def template_document(template: Any, version: TemplateVersion) -> dict[str, Any]:
    """``template`` comes from ``queries.catalog``, which counts usage and standing approvals."""
    return {
        "id": template.pk,
        "tenant_id": template.tenant_id,
        "name": template.name,
        "description": template.description,
        "workflow_type_id": template.workflow_type_id,
        "category": template.category,
        "tags": template.tags,
        "default_inputs": version.default_inputs,
        "required_fields": version.required_fields,
        "optional_fields": version.optional_fields,
        "approved_copy_blocks": version.approved_copy_blocks,
        "is_pre_approved": template.is_pre_approved,
        "is_suspended": template.is_suspended,
        "is_active": template.is_active,
        "usage_count": template.usage_count,
        "last_used_at": template.last_used_at,
        "created_by_user_id": template.created_by_user_id,
        "approved_by_council_id": template.council_id,
        "version": template.version,
        "is_verified": template.is_verified,
        "origin_id": template.origin_id,
        "origin_version": template.origin_version,
        "offered_version": template.offered_version,
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    }


def detailed_document(template: Template) -> dict[str, Any]:
    """With the standing approval of the version in force and its bounds."""
    version = queries.version_in_force(template)
    given = queries.standing(version)
    standing = given and {
        "id": given.pk,
        "version": version.number,
        "council_id": given.council_id,
        "bounds": given.bounds,
        "until": given.until,
        "given_by": given.given_by_label,
        "given_at": given.created_at,
    }
    return template_document(template, version) | {"standing_approval": standing}


def standing_document(given: StandingApproval) -> dict[str, Any]:
    return {
        "id": given.pk,
        "template_id": given.template_id,
        "template_name": given.template.name,
        "version": given.version.number,
        "council_id": given.council_id,
        "bounds": given.bounds,
        "until": given.until,
        "given_by": given.given_by_label,
        "given_at": given.created_at,
    }


def version_document(version: TemplateVersion) -> dict[str, Any]:
    names = (
        "number",
        "name",
        "description",
        "workflow_type_id",
        "default_inputs",
        "required_fields",
        "optional_fields",
        "approved_copy_blocks",
        "created_by_user_id",
        "created_at",
    )
    return {name: getattr(version, name) for name in names}


def version_diff(
    version: TemplateVersion, against: TemplateVersion | None, tenant_id: str
) -> dict[str, Any]:
    """A version with what it says otherwise than another, for programs and in words."""
    found = differences(against, version, tenant_id) if against else []
    return {
        **version_document(version),
        "against": against.number if against else None,
        "differences": [
            {
                "field": one.field,
                "title": one.title,
                "before": one.before,
                "after": one.after,
                "words": one.words,
            }
            for one in found
        ],
    }


def library_documents(entries: list[Any]) -> list[dict[str, Any]]:
    """``entries`` come from ``queries.library``; what other shops did is summed, or not told."""
    versions = queries.versions_of(entries)
    told = queries.results([entry.pk for entry in entries])
    return [
        {
            "id": entry.pk,
            "name": entry.name,
            "description": entry.description,
            "category": entry.category,
            "tags": entry.tags,
            "workflow_type_id": entry.workflow_type_id,
            "version": entry.version,
            "required_fields": versions[entry.pk].required_fields,
            "optional_fields": versions[entry.pk].optional_fields,
            "installed_id": entry.installed_id,
            "installed_version": entry.installed_version,
            "results": _results(told.get(entry.pk)),
        }
        for entry in entries
    ]


def _results(found: queries.Results | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "shops": found.shops,
        "runs": found.runs,
        "success": float(found.success),
        "broken": found.broken,
        "fidelity": float(found.fidelity),
        "fidelity_quartiles": [float(found.low), float(found.middle), float(found.high)],
    }


def documents(templates: list[Template]) -> list[dict[str, Any]]:
    versions = queries.versions_of(templates)
    return [template_document(template, versions[template.pk]) for template in templates]


def describe(template_id: str) -> dict[str, Any] | None:
    """For a draft that came from it: which, and whether it may run at once."""
    found: Any = queries.catalog(include_retired=True).filter(pk=template_id).first()
    if found is None:
        return None
    return {
        "id": found.pk,
        "name": found.name,
        "version": found.version,
        "is_pre_approved": found.is_pre_approved,
    }
