"""Forms of the workflows' own settings: limits, freezes, who writes texts."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from workflows.models import FreezeWindow, LimitSet
from workflows.models.limits import LIMITS
from workflows.models.texts import MONTHLY_TOKENS, MOST_TEXTS, MOST_TOKENS, TEXTS_A_PLAN
from workflows.presentation import family_label
from workflows.services.freezes import FIELDS
from workflows.services.limiting import HIGHEST
from workflows.states import Repeats
from workflows.types import registry

HELP = {
    "max_items": _("Products, variants, posts and letters that one plan may touch."),
    "max_step_percent": _("Up or down, of any single price."),
    "max_discount_percent": _("Of an offer, or of a price beside its struck-out one."),
    "max_money_at_risk": _("Units sold in 90 days times the move, and the discounts of offers."),
    "max_revenue_percent": _("What the products touched brought in over 90 days."),
    "max_recipients": _("In all letters of one plan together."),
}
COUNTS = ("max_items", "max_recipients")


def families() -> list[tuple[str, str]]:
    names = dict.fromkeys(kind.family for kind in registry.all())
    return [(name, family_label(name)) for name in names]


class LimitForm(forms.Form):
    """An empty field is a limit that is off. ``number`` is the version that was looked at."""

    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, held: LimitSet | None = None) -> None:
        initial = {name: getattr(held, name) for name in LIMITS} if held else {}
        super().__init__(data, initial=initial | {"number": held.number if held else 0})
        for name in LIMITS:
            kind: Any = forms.IntegerField if name in COUNTS else forms.DecimalField
            places = {} if name in COUNTS else {"decimal_places": 2}
            self.fields[name] = kind(
                label=LimitSet._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                help_text=HELP[name],
                required=False,
                min_value=1 if name == "max_items" else 0,
                max_value=HIGHEST[name],
                **places,
            )

    def limits(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in LIMITS}


DATE: dict[str, Any] = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
TIME: dict[str, Any] = {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class FreezeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Such as “Black Friday”."))
    repeats = forms.ChoiceField(label=_("Repeats"), choices=Repeats.choices)
    starts_on = forms.DateField(label=_("First day"), **DATE)
    starts_at = forms.TimeField(label=_("From"), **TIME)
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Of the first time; later ones last as long."),
        **DATE,
    )
    ends_at = forms.TimeField(label=_("Until"), **TIME)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Begins on"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a weekly freeze. Without a choice it is the weekday of the first day."),
    )
    until = forms.DateField(
        label=_("Last time on"),
        required=False,
        help_text=_("For one that repeats. Empty: it goes on until it is removed."),
        **DATE,
    )

    def __init__(self, data: Any = None, *, window: FreezeWindow | None = None) -> None:
        super().__init__(
            data, initial={name: getattr(window, name) for name in FIELDS} if window else None
        )
        self.fields["families"] = forms.MultipleChoiceField(
            label=_("Holds back"),
            choices=families(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Without a choice: every kind of run."),
        )


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
