"""Which limits of the tenant a plan breaks, in the words its author reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.money import format_money
from workflows.models import LimitSet
from workflows.planning.impact import plain
from workflows.presentation import family_label

Impact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure of the impact, the limit that holds it, and how a breach is said."""

    limit: str
    figure: Callable[[Impact], Decimal | None]
    text: Any
    unit: str = ""  # %, money, or nothing: a count


def _number(name: str) -> Callable[[Impact], Decimal | None]:
    return lambda impact: Decimal(str(impact[name]))


def _money(impact: Impact) -> Decimal | None:
    """Unknown without sales: no amount, so none that is too large; the risk score says so."""
    found = impact["money_at_risk"]
    return Decimal(found["amount"]) if found else None


def _share(impact: Impact) -> Decimal | None:
    share = impact["revenue_share"]
    return Decimal(share) * 100 if share is not None else None


RULES = (
    Rule("max_items", _number("items"), _l("Touches {found} items; {yours} is {allowed}.")),
    Rule(
        "max_step_percent",
        _number("largest_raise_percent"),
        _l("Raises prices by up to {found}; {yours} is {allowed}."),
        "%",
    ),
    Rule(
        "max_step_percent",
        _number("largest_cut_percent"),
        _l("Lowers prices by up to {found}; {yours} is {allowed}."),
        "%",
    ),
    Rule(
        "max_discount_percent",
        _number("largest_discount_percent"),
        _l("Gives discounts of up to {found}; {yours} is {allowed}."),
        "%",
    ),
    Rule("max_money_at_risk", _money, _l("Puts {found} at risk; {yours} is {allowed}."), "money"),
    Rule(
        "max_revenue_percent",
        _share,
        _l("Touches products that bring in {found} of the revenue; {yours} is {allowed}."),
        "%",
    ),
    Rule(
        "max_recipients",
        _number("recipients"),
        _l("Writes to {found} customers; {yours} is {allowed}."),
    ),
)


def breaches(impact: Impact, limits: Iterable[LimitSet], currency: str) -> list[dict[str, str]]:
    """For ``plan.summary["limits"]``: each breached limit once, the narrowest where two hold."""
    sets = list(limits)
    return [found for rule in RULES if (found := _breach(rule, impact, sets, currency))]


def _breach(
    rule: Rule, impact: Impact, sets: list[LimitSet], currency: str
) -> dict[str, str] | None:
    held = [(value, one) for one in sets if (value := getattr(one, rule.limit)) is not None]
    found = rule.figure(impact)
    if not held or found is None:
        return None
    allowed, by = min(held, key=lambda pair: (pair[0], pair[1].family))
    if found <= allowed:
        return None
    yours = (
        _("your limit for {family}").format(family=family_label(by.family))
        if by.family
        else _("your limit")
    )
    text = str(rule.text).format(
        found=_shown(found, rule.unit, currency),
        allowed=_shown(Decimal(allowed), rule.unit, currency),
        yours=yours,
    )
    return {"limit": rule.limit, "text": text, "allowed": str(allowed), "found": str(found)}


def _shown(value: Decimal, unit: str, currency: str) -> str:
    if unit == "money":
        return format_money(value, currency)
    return f"{plain(value)}%" if unit else f"{int(value):,}"
