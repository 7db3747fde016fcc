"""Which template a proposal's draft starts from, if one fits."""

from collections.abc import Mapping
from typing import Any

from core.errors import DomainError
from proposals.detectors import registry
from proposals.models import Proposal
from templates_catalog import queries as catalog
from templates_catalog.models import Template, TemplateVersion
from templates_catalog.services.using import merged
from workflows.services import validate_inputs


def fitting_template(
    workflow_type_id: str, inputs: Mapping[str, Any], *, detector_id: str = ""
) -> Template | None:
    """Of its type, in use, with every required field filled by what is suggested; the detector's
    own first, then the one used most. A template that needs an answer nobody gave does not fit."""
    rows: Any = catalog.catalog().filter(workflow_type_id=workflow_type_id)
    templates = list(rows.order_by("-usage_count", "id"))
    detector = registry.find(detector_id)
    own = detector.template_ids if detector else ()
    defining = detector.defining if detector else ()
    versions = catalog.versions_of(templates)
    for template in sorted(templates, key=lambda t: t.pk not in own):
        version = versions.get(template.pk)
        if template.is_active and version is not None and _fits(version, inputs, defining):
            return template
    return None


def _fits(
    version: TemplateVersion, inputs: Mapping[str, Any], defining: tuple[str, ...] = ()
) -> bool:
    whole = merged(version, inputs)
    if any(
        version.default_inputs.get(name, whole.get(name)) != whole.get(name) for name in defining
    ):
        return False
    if any(whole.get(name) in (None, "", [], ()) for name in version.required_fields):
        return False
    try:
        validate_inputs(version.workflow_type_id, whole)
    except DomainError:
        return False
    return True


def template_of(proposal: Proposal) -> Template | None:
    """As the catalogue stands now; it may have changed since the proposal was made."""
    return fitting_template(
        proposal.workflow_type_id, proposal.suggested_inputs, detector_id=proposal.detector
    )


def template_names(proposals: list[Proposal]) -> dict[str, str]:
    """By template id, for the cards that say what they start from."""
    ids = {row.template_id for row in proposals if row.template_id}
    if not ids:
        return {}
    return dict(Template.objects.filter(pk__in=ids).values_list("pk", "name"))
