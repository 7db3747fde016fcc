"""Whether a routing rule fits what is known of a draft, and why: said in words, condition by
condition, so that the test bench, the submit page and the record tell the same story."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core.money import format_money
from councils.models import RoutingRule
from councils.states import Origin
from tenants.models import Role
from workflows.types import registry


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask of a draft. ``None`` stands for a figure nobody knows yet."""

    workflow_type_id: str
    template_id: str = ""
    author_role: str = ""
    origin: str = Origin.PERSON
    risk: int | None = None
    money: Decimal | None = None
    items: int | None = None
    currency: str = ""
    why_no_money: str = ""

    @property
    def family(self) -> str:
        return self.workflow_type_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: ``fits`` is None when the figure it asks for is not known."""

    text: str
    fits: bool | None


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule as it was tried; ``outcome`` is fires, passed or not_tried."""

    number: int
    rule: RoutingRule
    outcome: str
    checks: list[Check] = field(default_factory=list)

    @property
    def fires(self) -> bool:
        return self.outcome == "fires"


def tried(rules: Iterable[RoutingRule], facts: Facts) -> list[Trial]:
    """Every rule in order: passed over until one fires; those below it are not tried."""
    trials: list[Trial] = []
    fired = False
    for number, rule in enumerate(rules, start=1):
        if fired:
            trials.append(Trial(number, rule, "not_tried"))
            continue
        checks = checks_of(rule, facts)
        fired = all(_counts(check, rule) for check in checks)
        trials.append(Trial(number, rule, "fires" if fired else "passed", checks))
    return trials


def checks_of(rule: RoutingRule, facts: Facts) -> list[Check]:
    """Nothing for a rule without conditions, which fits everything."""
    return [check for condition in CONDITIONS for check in condition(rule, facts)]


def _counts(check: Check, rule: RoutingRule) -> bool:
    return rule.when_unknown if check.fits is None else check.fits


def _kind(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if rule.workflow_type_id:
        text = _("is it of the kind “{wanted}”? It is “{found}”.")
        names = {"wanted": _title(rule.workflow_type_id), "found": _title(facts.workflow_type_id)}
        yield Check(text.format(**names), rule.workflow_type_id == facts.workflow_type_id)
    elif rule.family:
        text = _("is it of the family “{wanted}”? It is of “{found}”.")
        yield Check(
            text.format(wanted=rule.family, found=facts.family), rule.family == facts.family
        )


def _template(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if rule.template_id:
        text = _("was it made from the template {wanted}? It was made from {found}.")
        found = facts.template_id or _("none")
        yield Check(
            text.format(wanted=rule.template_id, found=found), rule.template_id == facts.template_id
        )


def _role(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if not rule.author_role:
        return
    wanted = Role(rule.author_role).label
    if not facts.author_role:
        yield Check(_("is its author {wanted}? That is not known.").format(wanted=wanted), None)
        return
    found = Role(facts.author_role).label
    text = _("is its author {wanted}? They are {found}.").format(wanted=wanted, found=found)
    yield Check(text, rule.author_role == facts.author_role)


def _origin(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if rule.origin:
        text = _("where does it come from? Wanted: {wanted}. Found: {found}.")
        wanted, found = Origin(rule.origin).label, Origin(facts.origin).label
        yield Check(text.format(wanted=wanted, found=found), rule.origin == facts.origin)


def _risk(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if rule.risk_at_least is not None:
        yield _figure(_("risk score"), rule.risk_at_least, facts.risk, str)


def _money(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if rule.money_at_least is None:
        return

    def shown(amount: Decimal) -> str:
        return format_money(amount, facts.currency) if facts.currency else str(amount)

    yield _figure(
        _("money at risk"), rule.money_at_least, facts.money, shown, why=facts.why_no_money
    )


def _items(rule: RoutingRule, facts: Facts) -> Iterator[Check]:
    if rule.items_at_least is not None:
        yield _figure(_("items touched"), rule.items_at_least, facts.items, str)


def _figure(name: str, wanted, found, shown: Callable, *, why: str = "") -> Check:
    asked = _("is the {name} {wanted} or more?").format(name=name, wanted=shown(wanted))
    if found is None:
        said = _("It is not known.") if not why else _("It is not known: {why}").format(why=why)
        return Check(f"{asked} {said}", None)
    said = _("It is {found}.").format(found=shown(found))
    return Check(f"{asked} {said}", found >= wanted)


def _title(workflow_type_id: str) -> str:
    kind = registry.find(workflow_type_id)
    return str(kind.title) if kind else workflow_type_id


CONDITIONS: tuple[Callable[[RoutingRule, Facts], Iterator[Check]], ...] = (
    _kind,
    _template,
    _role,
    _origin,
    _risk,
    _money,
    _items,
)
