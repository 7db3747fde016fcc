"""A council, its seats and the routing rules as a manager fills them in."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Council, RoutingRule
from councils.models.council import LONGEST_HOURS
from councils.services.deciding import COMMENT_LIMIT
from councils.services.guests import DAYS, LONGEST
from councils.sources import templates
from councils.states import Origin, Stance
from tenants.models import Membership, Role
from workflows.types import registry

FAMILY, TYPE = "family:", "type:"


def _hours(label, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=LONGEST_HOURS, initial=initial, required=False
    )


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, object]]) -> None:
    """The choices of a field that are only known once the form is made."""
    form.fields[name].choices = list(choices)  # type: ignore[attr-defined]


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
    is_choosable = forms.BooleanField(
        label=_("Authors may choose it"),
        required=False,
        help_text=_("Instead of the council the rules name, unless a figure sent the draft there."),
    )
    assignee_only = forms.BooleanField(
        label=_("Only people assigned decide"),
        required=False,
        help_text=_("Until somebody is assigned, everyone on a seat may."),
    )


class CouncilTimesForm(forms.Form):
    """How long things may take; a form of its own so that the page can group it."""

    hours_urgent = _hours(_("Urgent"), 4)
    hours_high = _hours(_("High"), 24)
    hours_normal = _hours(_("Normal"), 48)
    hours_low = _hours(_("Low"), 120)
    escalates_to = forms.ChoiceField(
        label=_("When that is over, ask"),
        required=False,
        help_text=_("People of another council may then fill the open seats as well."),
    )
    claim_minutes = forms.IntegerField(
        label=_("Minutes a claim lasts"),
        min_value=5,
        max_value=1440,
        initial=30,
        required=False,
        help_text=_("Somebody says “I am looking at it”; then it is free again."),
    )
    after_review_hours = forms.IntegerField(
        label=_("Hours to look at a break-glass run"),
        min_value=1,
        max_value=LONGEST_HOURS,
        initial=72,
        required=False,
    )

    def __init__(self, *args, councils: Iterable[Council] = (), **kwargs):
        super().__init__(*args, **kwargs)
        owners = ("", _("the shop’s owners"))
        offer(self, "escalates_to", [owners, *((c.pk, c.name) for c in councils)])

    def filled(self) -> dict[str, object]:
        """What was filled in; a field left out keeps what it is."""
        facts = {k: v for k, v in self.cleaned_data.items() if v is not None}
        if "escalates_to" not in self.data:
            facts.pop("escalates_to", None)
        return facts


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
    """One rule: what a draft has to be, and which councils then have to say yes."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Authors and reviewers see it.")
    )
    what = forms.ChoiceField(label=_("Drafts of"), required=False)
    origin = forms.ChoiceField(
        label=_("Where it came from"),
        choices=[("", _("anywhere")), *Origin.choices],
        required=False,
    )
    author_role = forms.ChoiceField(
        label=_("Written by"), choices=[("", _("anybody")), *Role.choices], required=False
    )
    template_id = forms.ChoiceField(label=_("Template"), required=False)
    risk_at_least = forms.IntegerField(
        label=_("Risk score of at least"), min_value=0, max_value=100, required=False
    )
    money_at_least = forms.DecimalField(
        label=_("Money at risk of at least"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
    )
    items_at_least = forms.IntegerField(
        label=_("Items touched, at least"), min_value=0, max_value=10_000_000, required=False
    )
    when_unknown = forms.BooleanField(
        label=_("Also when such a figure is not known"),
        required=False,
        help_text=_("Otherwise the rule is passed over then, and the test says so."),
    )
    council_id = forms.ChoiceField(label=_("Goes to"))
    second_id = forms.ChoiceField(label=_("and to"), required=False)
    third_id = forms.ChoiceField(label=_("and to"), required=False)
    in_turn = forms.BooleanField(
        label=_("One after the other"),
        required=False,
        help_text=_("Otherwise all are asked at the same time. All have to say yes."),
    )

    def __init__(self, *args, councils: Iterable[Council] = (), **kwargs):
        super().__init__(*args, **kwargs)
        named = [(council.pk, council.name) for council in councils]
        offer(self, "council_id", named)
        for name in ("second_id", "third_id"):
            offer(self, name, [("", _("nobody else")), *named])
        offer(self, "what", what_choices())
        offer(self, "template_id", [("", _("any, or none")), *templates()])

    def wanted(self) -> dict[str, object]:
        """What the service takes."""
        facts = dict(self.cleaned_data)
        what = facts.pop("what", "")
        ids = [facts.pop(name, "") for name in ("council_id", "second_id", "third_id")]
        return {
            **facts,
            "council_ids": [one for one in ids if one],
            "family": what.removeprefix(FAMILY) if what.startswith(FAMILY) else "",
            "workflow_type_id": what.removeprefix(TYPE) if what.startswith(TYPE) else "",
        }


def rule_facts(rule: RoutingRule) -> dict[str, object]:
    """The rule as the form shows it."""
    names = ("name", "origin", "author_role", "template_id", "when_unknown", "in_turn")
    figures = ("risk_at_least", "money_at_least", "items_at_least")
    ids = [council.pk for council in rule.councils]
    return {
        **{name: getattr(rule, name) for name in (*names, *figures)},
        "what": what_of(rule),
        **dict(zip(("council_id", "second_id", "third_id"), ids, strict=False)),
    }


class FactsForm(forms.Form):
    """Facts somebody types into the test bench; what is left empty is not known."""

    workflow_type_id = forms.ChoiceField(label=_("Kind"))
    origin = forms.ChoiceField(label=_("Where it came from"), choices=Origin.choices)
    author_role = forms.ChoiceField(
        label=_("Written by"), choices=[("", _("not known")), *Role.choices], required=False
    )
    template_id = forms.ChoiceField(label=_("Template"), required=False)
    risk = forms.IntegerField(label=_("Risk score"), min_value=0, max_value=100, required=False)
    money = forms.DecimalField(label=_("Money at risk"), min_value=0, required=False)
    items = forms.IntegerField(label=_("Items touched"), min_value=0, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = sorted(registry.all(), key=lambda kind: kind.id)
        offer(self, "workflow_type_id", [(kind.id, kind.title) for kind in kinds])
        offer(self, "template_id", [("", _("none")), *templates()])


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


class GuestForm(forms.Form):
    email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
    days = forms.IntegerField(
        label=_("Days the link is good for"), min_value=1, max_value=LONGEST, initial=DAYS
    )


class AdviceForm(forms.Form):
    revision_number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    stance = forms.ChoiceField(
        label=_("What you think"), choices=Stance.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What you say with it"),
        max_length=COMMENT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed if you are against it or have doubts."),
    )
