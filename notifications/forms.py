"""Forms of the settings pages: what is mailed to me, and the shop's endpoints."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.kinds import CHOSEN, OFFERED
from notifications.models import DigestTime, Endpoint, Preference
from notifications.states import EndpointKind, Group, MailChoice


class PreferencesForm(forms.Form):
    """Two fields a group, named ``reviews_in_app`` and ``reviews_mail``."""

    hour = forms.TypedChoiceField(
        label=_("Digest at"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    timezone = forms.ChoiceField(label=_("On the clock of"), required=False)

    def __init__(
        self, *args: Any, wishes: dict[Group, Preference], digest: DigestTime, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        zones = [("", _("the shop")), *((zone, zone) for zone in sorted(available_timezones()))]
        self.fields["timezone"].choices = zones  # type: ignore[attr-defined]
        self.initial.update({"hour": digest.hour, "timezone": digest.timezone})
        for group, wish in wishes.items():
            self.fields[f"{group}_in_app"] = forms.BooleanField(
                label=_("Inbox"), required=False, initial=wish.in_app
            )
            self.fields[f"{group}_mail"] = forms.ChoiceField(
                label=_("E-mail"), choices=MailChoice.choices, initial=wish.mail
            )

    def rows(self) -> list[tuple[str, Any, Any]]:
        return [
            (str(group.label), self[f"{group}_in_app"], self[f"{group}_mail"]) for group in CHOSEN
        ]

    def wishes(self) -> dict[str, dict[str, object]]:
        said = self.cleaned_data
        return {
            str(group): {"in_app": said[f"{group}_in_app"], "mail": said[f"{group}_mail"]}
            for group in CHOSEN
        }


class EndpointForm(forms.Form):
    """``url`` may stay empty when an endpoint is changed: then the address stays."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=EndpointKind.choices)
    name = forms.CharField(label=_("Name"), max_length=100)
    url = forms.CharField(
        label=_("Address"),
        max_length=2_000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
        help_text=_("A public address that begins with https."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Tell it when"),
        required=False,
        choices=OFFERED,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: everything."),
    )

    def __init__(self, *args: Any, endpoint: Endpoint | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if endpoint is not None:
            del self.fields["kind"]
            self.fields["url"].required = False
            self.fields["url"].help_text = _("Leave it empty to keep the address.")
            self.initial.update({"name": endpoint.name, "kinds": endpoint.kinds})
