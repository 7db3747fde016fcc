"""Forms of the catalog: what is asked before a run, the bounds of a yes, a template itself."""

import copy
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any

import pydantic
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic_core import PydanticUndefined

from core.schema_fields import fields_of
from core.schema_forms import SchemaForm
from core.schema_widgets import Choice, Number, Switch, Text
from stores.queries import product_titles
from templates_catalog.models import TemplateVersion
from templates_catalog.services.using import missing_fields
from templates_catalog.states import Category
from workflows.types import registry
from workflows.types.base import TypeInputs

PRODUCTS_URL = "/portal/store/products/choices"
ALLOWED = "allowed."


def inputs_form(
    version: TemplateVersion, names: Iterable[str], *, data=None, tenant_id: str = "", currency=""
) -> SchemaForm:
    """The type's own form with these fields alone, each of them needed."""
    kind = registry.get(version.workflow_type_id)
    return SchemaForm(
        _only(kind.Inputs, tuple(names)),
        data=data,
        currency=currency,
        products_url=PRODUCTS_URL,
        product_names=partial(product_titles, tenant_id),
    )


def ask_form(version: TemplateVersion, **more: Any) -> SchemaForm:
    """Only the required fields that have no value."""
    return inputs_form(version, missing_fields(version, {}), **more)


@lru_cache(maxsize=128)
def _only(model: type[pydantic.BaseModel], names: tuple[str, ...]) -> type[pydantic.BaseModel]:
    fields: dict[str, Any] = {}
    for name in names:
        asked = copy.copy(model.model_fields[name])
        asked.default, asked.default_factory = PydanticUndefined, None
        fields[name] = (asked.annotation, asked)
    return pydantic.create_model("Asked", __base__=TypeInputs, **fields)


class BoundsForm(forms.Form):
    """The bounds of a yes in advance, for a template's type."""

    max_items = forms.IntegerField(
        label=_("Most items touched"), min_value=1, max_value=1_000_000, initial=200
    )
    max_money_at_risk = forms.DecimalField(
        label=_("Most money at risk"),
        min_value=0,
        required=False,
        help_text=_("In the shop's currency. A plan that cannot say it counts as outside."),
    )
    max_step_percent = forms.DecimalField(
        label=_("Largest price move, %"), min_value=0, max_value=100, required=False
    )
    max_discount_percent = forms.DecimalField(
        label=_("Largest discount, %"), min_value=0, max_value=100, required=False
    )
    runs_per_day = forms.IntegerField(
        label=_("Most runs a day"), min_value=1, max_value=1_000, initial=10
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day on which it holds. A year at most."),
    )
    families = forms.MultipleChoiceField(
        label=_("Only families"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all of them."),
    )

    def __init__(self, *args, type_id: str, **kwargs):
        super().__init__(*args, **kwargs)
        families = sorted({kind.family for kind in registry.all()})
        chosen = self.fields["families"]
        chosen.choices = [(name, name.capitalize()) for name in families]  # type: ignore[attr-defined]
        for field in fields_of(registry.get(type_id).Inputs):
            made = _allowed_field(field)
            if made is not None:
                self.fields[f"{ALLOWED}{field.key}"] = made

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(ALLOWED)]

    @property
    def allowed_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(ALLOWED)]

    @property
    def is_narrowed(self) -> bool:
        return any(field.value() for field in self.allowed_fields)

    def bounds(self) -> dict[str, Any]:
        said = self.cleaned_data
        figures = {
            name: said[name]
            for name in (
                "max_items",
                "max_money_at_risk",
                "max_step_percent",
                "max_discount_percent",
                "runs_per_day",
            )
            if said[name] is not None
        }
        allowed = {
            name.removeprefix(ALLOWED): list(said[name])
            for name in self.fields
            if name.startswith(ALLOWED) and said[name]
        }
        return {**figures, "families": said["families"], "allowed_inputs": allowed}

    def until_at(self) -> datetime:
        """The end of that day, by the shop's clock."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time.max))

    @staticmethod
    def initial_of(bounds: Mapping[str, Any] | None, until: datetime | None) -> dict[str, Any]:
        given = dict(bounds or {})
        allowed = given.pop("allowed_inputs", {})
        lines = {f"{ALLOWED}{name}": _typed(found) for name, found in allowed.items()}
        day = timezone.localtime(until) if until else timezone.localtime() + timedelta(days=90)
        return {**given, "until": day.date(), **lines}


class LinesField(forms.Field):
    """One value a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


def _allowed_field(field: Any) -> forms.Field | None:
    """Ticks for a choice, a line each for numbers and plain text, nothing for the rest."""
    widget = field.own
    if isinstance(widget, Choice):
        return forms.MultipleChoiceField(
            label=field.label,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(str(option.value), str(option.label)) for option in widget.options],
        )
    if isinstance(widget, Number) or type(widget) is Text:
        help_text = _("One allowed value a line; empty means any.")
        return LinesField(label=field.label, required=False, help_text=help_text)
    if isinstance(widget, Switch):
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.TypedChoiceField(
            label=field.label,
            required=False,
            choices=[("", _("Either")), *choices],
            coerce=lambda text: [text == "true"],
            empty_value=None,
        )
    return None


def _typed(found: list[Any]) -> Any:
    """Allowed values as the form shows them."""
    if len(found) == 1 and isinstance(found[0], bool):
        return str(found[0]).lower()
    return [str(one) for one in found]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SwitchesForm(forms.Form):
    asks_to_confirm = forms.BooleanField(
        label=_("Show the effect and ask before an instant run starts"),
        required=False,
        help_text=_("Without it a click runs at once what stays inside the council's bounds."),
    )
    clean_runs_needed = forms.IntegerField(
        label=_("Clean reviewed runs before a council may approve in advance"),
        min_value=1,
        max_value=50,
    )


KEEP, ASK, OFFER = "keep", "ask", "offer"
ASKING = {
    KEEP: _("stays as it is here"),
    OFFER: _("may be changed"),
    ASK: _("is asked for each time"),
}


class BlueprintForm(SchemaForm):
    """The inputs of a type as a template starts from them, each with how it is treated."""

    asking: Mapping[str, str] = {}

    def choice_of(self, name: str) -> str:
        sent = self.texts(f"ask.{name}")
        return sent[-1] if sent and sent[-1] in ASKING else self.asking.get(name, KEEP)

    def chosen(self, how: str) -> list[str]:
        return [field.key for field in fields_of(self.model) if self.choice_of(field.key) == how]

    def defaults(self) -> dict[str, Any]:
        """What stands in the form, without what is asked for and without the type's own words."""
        usual = {field.key: field.default for field in fields_of(self.model)}
        return {
            name: value
            for name, value in self.to_inputs().items()
            if self.choice_of(name) != ASK
            and (name in self.initial or value != usual.get(name))
            and value not in (None, "", [])
        }


class TemplateForm(forms.Form):
    """What a template says of itself; its inputs are a ``BlueprintForm``."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it does, in a sentence or two. Cards show the first three lines."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas.")
    )
    council_id = forms.ChoiceField(
        label=_("Council"),
        required=False,
        help_text=_("Its members may let it run at once, once it has earned that."),
    )
    approved_copy_blocks = forms.CharField(
        label=_("Approved texts"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Texts the writer may use word for word. An empty line between two of them."),
    )

    def __init__(self, *args, councils: Iterable[Any] = (), **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("None")), *((council.pk, council.name) for council in councils)]
        self.fields["council_id"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            **{name: said[name] for name in ("name", "description", "category")},
            "tags": [tag.strip()[:40] for tag in said["tags"].split(",") if tag.strip()],
            "council_id": said["council_id"] or None,
            "approved_copy_blocks": [
                block.strip() for block in _paragraphs(said["approved_copy_blocks"])
            ],
        }


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def blueprint_form(
    type_id: str,
    inputs: Mapping[str, Any],
    asking: Mapping[str, str],
    *,
    data=None,
    tenant_id: str = "",
    currency: str = "",
) -> BlueprintForm:
    form = BlueprintForm(
        registry.get(type_id).Inputs,
        data=data,
        initial=inputs,
        currency=currency,
        products_url=PRODUCTS_URL,
        product_names=partial(product_titles, tenant_id),
        after_field="templates_catalog/asking.html",
    )
    form.asking = asking
    return form
