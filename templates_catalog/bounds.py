"""Bounds of a standing approval: what a plan may do at most to run without a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pydantic
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Effect:
    """The largest of what a plan's rows would do, in percent; 0 where they do no such thing, and
    nothing where they do something that has no percentage, as an amount off has none."""

    price_move: Decimal | None = Decimal(0)
    discount: Decimal | None = Decimal(0)


class Bounds(pydantic.BaseModel):
    """Every bound that is set has to hold; a figure the plan does not state counts as outside."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    max_items: int = pydantic.Field(default=200, ge=1, le=1_000_000, title="Most items touched")
    max_money_at_risk: Decimal | None = pydantic.Field(
        default=None, ge=0, title="Most money at risk"
    )
    max_step_percent: Decimal | None = pydantic.Field(
        default=None, ge=0, le=100, title="Largest price move, %"
    )
    max_discount_percent: Decimal | None = pydantic.Field(
        default=None, ge=0, le=100, title="Largest discount, %"
    )
    families: tuple[str, ...] = pydantic.Field(default=(), title="Only families")
    allowed_inputs: dict[str, list[Any]] = pydantic.Field(
        default_factory=dict, title="Inputs with these values only"
    )
    runs_per_day: int = pydantic.Field(default=10, ge=1, le=1_000, title="Most runs a day")


def breaches(
    bounds: Bounds, *, type_id: str, inputs: Mapping[str, Any], plan: Any, effect: Effect
) -> list[str]:
    """In words, each bound that ``plan`` leaves; empty when it stays inside all of them."""
    found = [
        _largest(_("changes"), bounds.max_items, Decimal(plan.change_count)),
        _largest(_("money at risk"), bounds.max_money_at_risk, _money_at_risk(plan)),
        _largest(_("% as the largest price move"), bounds.max_step_percent, effect.price_move),
        _largest(_("% as the largest discount"), bounds.max_discount_percent, effect.discount),
        _family(bounds, type_id),
    ]
    found += [_of_input(name, allowed, inputs) for name, allowed in bounds.allowed_inputs.items()]
    return [text for text in found if text]


def _largest(what: str, most: Any, value: Decimal | None) -> str:
    if most is None:
        return ""
    if value is None:
        return _("The plan does not say how much “{what}” there is.").format(what=what)
    if value <= Decimal(str(most)):
        return ""
    text = _("{value:f} {what}, at most {most}.")
    return text.format(value=value.normalize(), what=what, most=most)


def _money_at_risk(plan: Any) -> Decimal | None:
    """As the engine reckons it; None when it cannot be known."""
    found = plan.summary.get("impact", {}).get("money_at_risk")
    return Decimal(found["amount"]) if found else None


def _family(bounds: Bounds, type_id: str) -> str:
    family = type_id.partition(".")[0]
    if not bounds.families or family in bounds.families:
        return ""
    return _("“{family}” is not one of the allowed families.").format(family=family)


def _of_input(name: str, allowed: list[Any], inputs: Mapping[str, Any]) -> str:
    given = inputs.get(name)
    values = given if isinstance(given, (list, tuple)) else [given]
    if all(any(_same(value, one) for one in allowed) for value in values):
        return ""
    return _("“{name}” has a value outside the allowed ones.").format(name=name)


def _same(value: Any, allowed: Any) -> bool:
    """15, "15" and "15.0" are one number; everything else has to be equal."""
    if value == allowed:
        return True
    if isinstance(value, bool) or isinstance(allowed, bool) or None in (value, allowed):
        return False
    try:
        return Decimal(str(value)) == Decimal(str(allowed))
    except InvalidOperation:
        return str(value) == str(allowed)
