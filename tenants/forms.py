"""Forms of the settings pages."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant
from tenants.states import Role, TokenScope

GIVEN_ROLES = [(role.value, role.label) for role in (Role.ADMIN, Role.EDITOR, Role.VIEWER)]


class ShopForm(forms.ModelForm):
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Tenant
        fields = ("name", "country", "currency", "locale", "timezone")


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=GIVEN_ROLES, initial=Role.EDITOR)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("May"),
        choices=TokenScope.choices,
        initial=[TokenScope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=365, initial=90, help_text=_("1 to 365")
    )


class JoinForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
    )
