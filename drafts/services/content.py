"""What a draft may hold: checked the same whether a form, the API or another floor brings it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from core.canonical import canonical_json
from core.errors import Invalid
from workflows.types import registry

NAME_LIMIT = 200
TEXT_LIMIT = 10_000
JSON_LIMIT = 1_000_000

TEXTS = {"name": NAME_LIMIT, "purpose": TEXT_LIMIT}
WRITTEN = ("name", "purpose", "inputs", "preview_data")


def cleaned(written: Mapping[str, object]) -> dict[str, object]:
    """Texts trimmed, JSON checked for shape and size; ``Invalid`` names each field at fault."""
    found: dict[str, object] = {}
    errors: dict[str, list[str]] = {}
    for field, value in written.items():
        try:
            found[field] = _text(field, value) if field in TEXTS else _json(field, value)
        except ValueError as refused:
            errors[field] = [str(refused)]
    if errors:
        raise Invalid(errors)
    return found


def check_type(workflow_type_id: object) -> str:
    if not isinstance(workflow_type_id, str) or workflow_type_id not in known_types():
        raise Invalid({"workflow_type_id": [_("There is no workflow type of this name.")]})
    return workflow_type_id


def known_types() -> set[str]:
    return {kind.id for kind in registry.all()}


def _text(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(_("This has to be text."))
    text = value.strip().replace("\r\n", "\n")
    if "\x00" in text:
        raise ValueError(_("This text has a character that cannot be kept."))
    if field == "name" and not text:
        raise ValueError(_("Give the draft a name."))
    if len(text) > TEXTS[field]:
        raise ValueError(_("At most {limit} characters.").format(limit=TEXTS[field]))
    return text


def _json(field: str, value: object) -> object:
    if value is None and field == "preview_data":
        return None
    if field == "inputs" and not isinstance(value, dict):
        raise ValueError(_("Inputs have to be an object of names and values."))
    try:
        size = canonical_json(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(_("This is not valid JSON.")) from error
    if b"\\u0000" in size:
        raise ValueError(_("This text has a character that cannot be kept."))
    if len(size) > JSON_LIMIT:
        raise ValueError(_("This is too large to keep."))
    return value
