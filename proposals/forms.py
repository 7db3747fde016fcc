"""The two questions a person is asked about a proposal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.states import Reason


class DismissForm(forms.Form):
    reason_code = forms.ChoiceField(
        label=_("Why"), choices=Reason.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SnoozeForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(3, _("3 days")), (7, _("A week")), (14, _("Two weeks")), (30, _("A month"))],
        widget=forms.RadioSelect,
        initial=7,
    )
