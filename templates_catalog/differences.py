"""What one version of a template says otherwise than another, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core.schema_forms import SchemaForm
from stores.queries import product_titles
from templates_catalog.models import TemplateVersion
from workflows.types import registry


@dataclass(frozen=True, slots=True)
class Difference:
    """``field`` for programs; for people ``title``, and either both texts or one sentence."""

    field: str
    title: str
    before: str = ""
    after: str = ""
    sentence: str = ""

    @property
    def words(self) -> str:
        """One line: “Discount: 15 → 10”."""
        if self.sentence:
            return self.sentence
        return f"{self.title}: {self.before or '–'} → {self.after or '–'}"


def said_inputs(
    type_id: str, inputs: Mapping[str, Any], tenant_id: str = ""
) -> dict[str, tuple[str, str]]:
    """Name → its title and its value in words, in the order of the type's form."""
    kind = registry.find(type_id)
    if kind is None:
        return {name: (name, str(value)) for name, value in inputs.items()}
    names = partial(product_titles, tenant_id) if tenant_id else None
    form = SchemaForm(kind.Inputs, initial=inputs, product_names=names)
    return {
        field.field.key: (field.label, _flat(field.said))
        for field in form.every_field
        if field.field.key in inputs
    }


def titles_of(type_id: str) -> dict[str, str]:
    kind = registry.find(type_id)
    if kind is None:
        return {}
    return {field.field.key: field.label for field in SchemaForm(kind.Inputs).every_field}


def differences(
    before: TemplateVersion, after: TemplateVersion, tenant_id: str = ""
) -> list[Difference]:
    titles = titles_of(after.workflow_type_id)
    found = _texts(before, after) + _values(before, after, titles, tenant_id)
    for name, gained, lost in (
        ("required_fields", _("“{title}” is asked for each time."), _("“{title}” is not asked.")),
        ("optional_fields", _("“{title}” may be changed."), _("“{title}” is not offered.")),
    ):
        found += _moved(name, before, after, titles, gained=gained, lost=lost)
    return found + _blocks(before, after)


def _texts(before: TemplateVersion, after: TemplateVersion) -> list[Difference]:
    titles = {"name": _("Name"), "description": _("Description")}
    return [
        Difference(field, title, getattr(before, field), getattr(after, field))
        for field, title in titles.items()
        if getattr(before, field) != getattr(after, field)
    ]


def _values(
    before: TemplateVersion, after: TemplateVersion, titles: Mapping[str, str], tenant_id: str
) -> list[Difference]:
    old, new = before.default_inputs, after.default_inputs
    said_old = said_inputs(before.workflow_type_id, old, tenant_id)
    said_new = said_inputs(after.workflow_type_id, new, tenant_id)
    return [
        Difference(
            f"default_inputs.{name}",
            titles.get(name, name),
            said_old.get(name, ("", ""))[1],
            said_new.get(name, ("", ""))[1],
        )
        for name in dict.fromkeys([*titles, *old, *new])
        if old.get(name) != new.get(name)
    ]


def _moved(
    field: str,
    before: TemplateVersion,
    after: TemplateVersion,
    titles: Mapping[str, str],
    *,
    gained: str,
    lost: str,
) -> list[Difference]:
    old, new = getattr(before, field), getattr(after, field)
    moved = [(name, gained) for name in new if name not in old]
    moved += [(name, lost) for name in old if name not in new]
    return [
        Difference(f"{field}.{name}", titles.get(name, name), sentence=text.format(title=title))
        for name, text in moved
        for title in [titles.get(name, name)]
    ]


def _blocks(before: TemplateVersion, after: TemplateVersion) -> list[Difference]:
    field, title = "approved_copy_blocks", _("Approved texts")
    old, new = before.approved_copy_blocks, after.approved_copy_blocks
    gone = [Difference(field, title, before=text) for text in old if text not in new]
    return gone + [Difference(field, title, after=text) for text in new if text not in old]


def _flat(said: Any) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)
