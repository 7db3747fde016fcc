"""Forms of the workflows' own settings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.models.texts import MONTHLY_TOKENS, MOST_TEXTS, MOST_TOKENS, TEXTS_A_PLAN


class TextModelForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Of an OpenAI-compatible API, such as https://api.example.com/v1."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    model = forms.CharField(
        label=_("Model"), max_length=200, help_text=_("Its name, as the provider writes it.")
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=1_000,
        required=False,
        help_text=_("Kept encrypted and never shown again. Empty keeps the one there is."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    monthly_tokens = forms.IntegerField(
        label=_("Tokens a month, at most"),
        min_value=0,
        max_value=MOST_TOKENS,
        initial=MONTHLY_TOKENS,
        help_text=_("When they are spent, the rules write again until the month ends."),
    )
    texts_a_plan = forms.IntegerField(
        label=_("Texts in one plan, at most"),
        min_value=0,
        max_value=MOST_TEXTS,
        initial=TEXTS_A_PLAN,
        help_text=_("The rules write the others, so that a preview does not take long."),
    )
    is_active = forms.BooleanField(label=_("Let it write"), required=False, initial=True)
