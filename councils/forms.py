"""A council, its seats and the routing rules as a manager fills them in."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Council, RoutingRule
from tenants.models import Membership, Role
from workflows.types import registry

FAMILY, TYPE = "family:", "type:"


class CouncilForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("What it looks after"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    approval_days = forms.IntegerField(
        label=_("Days an approval lasts"), min_value=1, max_value=365, initial=14
    )
    is_active = forms.BooleanField(label=_("Reviews drafts"), required=False, initial=True)


class SeatForm(forms.Form):
    name = forms.CharField(label=_("Seat"), max_length=80, required=False)
    needed = forms.IntegerField(
        label=_("People needed"), min_value=1, max_value=20, initial=1, required=False
    )
    stage = forms.IntegerField(
        label=_("Stage"),
        min_value=1,
        max_value=20,
        initial=1,
        required=False,
        help_text=_("Seats of a later stage are asked once the earlier ones are filled."),
    )

    def __init__(self, *args, members: Iterable[Membership] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user_ids"] = forms.MultipleChoiceField(
            label=_("Who sits here"),
            choices=[(place.user_id, str(place.user)) for place in members],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("Or everybody who is"),
            choices=Role.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def wanted(self) -> dict[str, object] | None:
        """What the service takes; None for a row without a name, which is no seat."""
        facts = self.cleaned_data
        if not facts.get("name", "").strip():
            return None
        return {
            **facts,
            "needed": facts.get("needed") or 1,
            "stage": facts.get("stage") or 1,
        }


class RuleForm(forms.Form):
    """One line of the routing: what, to which council. An empty council ends the line's life."""

    def __init__(self, *args, councils: Iterable[Council] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"] = forms.ChoiceField(
            label=_("Drafts of"), choices=what_choices(), required=False
        )
        self.fields["council_id"] = forms.ChoiceField(
            label=_("Go to"),
            choices=[("", _("(no rule)")), *((c.pk, c.name) for c in councils)],
            required=False,
        )

    def wanted(self) -> dict[str, str] | None:
        council_id = self.cleaned_data.get("council_id")
        what = self.cleaned_data.get("what", "")
        if not council_id:
            return None
        label = str(dict(what_choices())[what])
        return {
            "name": label,
            "council_id": council_id,
            "family": what.removeprefix(FAMILY) if what.startswith(FAMILY) else "",
            "workflow_type_id": what.removeprefix(TYPE) if what.startswith(TYPE) else "",
        }


def what_choices() -> list[tuple[str, object]]:
    kinds = sorted(registry.all(), key=lambda kind: kind.id)
    families = dict.fromkeys(kind.family for kind in kinds)
    return [
        ("", _("every kind")),
        *((f"{FAMILY}{name}", _("all of {family}").format(family=name)) for name in families),
        *((f"{TYPE}{kind.id}", kind.title) for kind in kinds),
    ]


def what_of(rule: RoutingRule) -> str:
    if rule.workflow_type_id:
        return f"{TYPE}{rule.workflow_type_id}"
    return f"{FAMILY}{rule.family}" if rule.family else ""
