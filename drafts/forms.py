"""The editor's form: name, purpose and the inputs of the type, read together and saved together."""

from collections.abc import Iterable, Mapping
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from core.schema_forms import SchemaForm
from drafts.models import Comment, Draft
from drafts.services.content import NAME_LIMIT, TEXT_LIMIT
from stores.queries import product_titles
from tenants.models import Membership
from workflows.types import registry

PRODUCTS_URL = "/portal/store/products/choices"


class InputsForm(SchemaForm):
    """The inputs with what was said about each of them."""

    comments: Mapping[str, list[Comment]] = {}


class EditorForm:
    """``data`` is what was sent; without it the draft's own values are shown.

    ``errors`` are those of name and purpose; the inputs keep their own beside their fields.
    """

    def __init__(
        self,
        draft: Draft,
        data=None,
        *,
        currency: str = "",
        approved: Mapping[str, object] | None = None,
        comments: Iterable[Comment] = (),
    ) -> None:
        self.draft, self.data = draft, data
        self.inputs = InputsForm(
            registry.get(draft.workflow_type_id).Inputs,
            data=data,
            initial=draft.inputs,
            currency=currency,
            products_url=PRODUCTS_URL,
            product_names=partial(product_titles, draft.tenant_id),
            judge=draft.is_editing,
            was=_was(draft.inputs, approved or {}),
            after_field="drafts/field_comments.html",
        )
        self.inputs.comments = _by_field(comments)
        self.errors: dict[str, list[str]] = {}

    @property
    def name(self) -> str:
        return self._text("name", self.draft.name)

    @property
    def purpose(self) -> str:
        return self._text("purpose", self.draft.purpose)

    @property
    def version(self) -> int:
        """The one the writer started from; taking over names the newer one they have seen."""
        sent = (self.data or {}).get("take_over") or (self.data or {}).get("version") or ""
        return int(sent) if sent.isdigit() else self.draft.version

    def written(self) -> dict[str, object]:
        return {"name": self.name, "purpose": self.purpose, "inputs": self.inputs.to_inputs()}

    def add_errors(self, fields: Mapping[str, Iterable[object]]) -> None:
        self.inputs.add_errors(fields)
        for name in ("name", "purpose"):
            self.errors.setdefault(name, []).extend(str(text) for text in fields.get(name, ()))

    @property
    def name_errors(self) -> list[str]:
        return self.errors.get("name", [])

    @property
    def purpose_errors(self) -> list[str]:
        return self.errors.get("purpose", [])

    def _text(self, name: str, saved: str) -> str:
        return saved if self.data is None else self.data.get(name, saved)


def _was(inputs: Mapping[str, object], approved: Mapping[str, object]) -> dict[str, str]:
    """What was last approved, beside the fields that differ from it."""
    return {
        name: str(_("last approved: {value}")).format(value=_said(value))
        for name, value in approved.items()
        if name in inputs and inputs[name] != value and not isinstance(value, (dict, list))
    }


def _said(value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


def _by_field(comments: Iterable[Comment]) -> dict[str, list[Comment]]:
    found: dict[str, list[Comment]] = {}
    for comment in comments:
        if comment.field:
            found.setdefault(comment.field, []).append(comment)
    return found


class NewDraftForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it should be done. Reviewers read this first."),
    )

    def __init__(self, *args, types=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workflow_type_id"] = forms.ChoiceField(
            label=_("What it does"), choices=[(kind.id, kind.title) for kind in types]
        )


class ScheduleForm(forms.Form):
    run_at = forms.DateTimeField(
        label=_("Start"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class ShareForm(forms.Form):
    may_edit = forms.BooleanField(label=_("May edit"), required=False)

    def __init__(self, *args, members: Iterable[Membership] = (), **kwargs):
        super().__init__(*args, **kwargs)
        choices = [
            (place.user_id, f"{place.user}, {place.get_role_display()}") for place in members
        ]
        self.fields["user_id"] = forms.ChoiceField(label=_("Person"), choices=choices)
        self.order_fields(["user_id", "may_edit"])
