"""The versioned part of a template, held against its type, and how a version is written."""

from collections.abc import Mapping
from typing import Any

import pydantic
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.schema_errors import invalid_fields
from templates_catalog.models import Template, TemplateVersion
from workflows.types import registry

VERSIONED = ("default_inputs", "required_fields", "optional_fields", "approved_copy_blocks")


def kind_of(type_id: str) -> Any:
    try:
        return registry.get(type_id)
    except LookupError as error:
        raise Invalid({"workflow_type_id": [_("There is no such workflow type.")]}) from error


def checked(kind: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Names that the type has, and defaults that are valid as far as they go."""
    content: dict[str, Any] = {
        "default_inputs": dict(facts.get("default_inputs") or {}),
        "required_fields": list(facts.get("required_fields") or []),
        "optional_fields": list(facts.get("optional_fields") or []),
        "approved_copy_blocks": list(facts.get("approved_copy_blocks") or []),
    }
    errors = _unknown_names(kind, content)
    if not all(isinstance(text, str) and text.strip() for text in content["approved_copy_blocks"]):
        errors["approved_copy_blocks"] = [_("Each block is a text.")]
    if not errors:
        errors = _bad_defaults(kind, content["default_inputs"])
    if errors:
        raise Invalid(errors)
    return content


def write_version(
    template: Template, content: Mapping[str, Any], *, author: str
) -> TemplateVersion:
    return TemplateVersion.objects.create(
        tenant_id=template.tenant_id,
        template=template,
        number=template.version,
        name=template.name,
        description=template.description,
        workflow_type_id=template.workflow_type_id,
        created_by_user_id=author,
        **content,
    )


def _unknown_names(kind: Any, content: Mapping[str, Any]) -> dict[str, list[str]]:
    fields = set(kind.Inputs.model_fields)
    errors = {}
    for name in ("default_inputs", "required_fields", "optional_fields"):
        unknown = sorted(set(content[name]) - fields)
        if unknown:
            errors[name] = [_("The type has no input “{name}”.").format(name=unknown[0])]
    return errors


def _bad_defaults(kind: Any, defaults: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is missing is asked for on use; what is there has to be right."""
    try:
        kind.Inputs.model_validate(defaults)
    except pydantic.ValidationError as found:
        return invalid_fields(found, "default_inputs", of_gaps=False)
    return {}
