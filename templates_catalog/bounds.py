"""Bounds of a standing approval: what a plan may do at most to run without a review."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import pydantic
from django.utils.translation import gettext as _


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


def breaches(bounds: Bounds, *, type_id: str, inputs: Mapping[str, Any], plan: Any) -> list[str]:
    """In words, each bound that ``plan`` leaves; empty when it stays inside all of them."""
    found = [
        _largest(_("items"), bounds.max_items, Decimal(plan.change_count)),
        _of_metric(plan, "money_at_risk", _("money at risk"), bounds.max_money_at_risk),
        _of_metric(plan, "largest_step", _("the largest price move, %"), bounds.max_step_percent),
        _of_metric(
            plan, "largest_discount", _("the largest discount, %"), bounds.max_discount_percent
        ),
        _family(bounds, type_id),
    ]
    found += [_of_input(name, allowed, inputs) for name, allowed in bounds.allowed_inputs.items()]
    return [text for text in found if text]


def _largest(what: str, most: Any, value: Decimal | None) -> str:
    if most is None:
        return ""
    if value is None:
        return _("The plan does not say {what}, which is bounded.").format(what=what)
    if value <= Decimal(str(most)):
        return ""
    return _("{value} {what}, at most {most}.").format(
        value=value.normalize(), what=what, most=most
    )


def _of_metric(plan: Any, key: str, what: str, most: Decimal | None) -> str:
    metrics = {metric["key"]: metric["value"] for metric in plan.summary.get("metrics", ())}
    try:
        value = abs(Decimal(str(metrics[key]))) if key in metrics else None
    except InvalidOperation:
        value = None
    return _largest(what, most, value)


def _family(bounds: Bounds, type_id: str) -> str:
    family = type_id.partition(".")[0]
    if not bounds.families or family in bounds.families:
        return ""
    return _("“{family}” is not one of the allowed families.").format(family=family)


def _of_input(name: str, allowed: list[Any], inputs: Mapping[str, Any]) -> str:
    given = inputs.get(name)
    values = given if isinstance(given, (list, tuple)) else [given]
    if all(value in allowed for value in values):
        return ""
    return _("“{name}” has a value outside the allowed ones.").format(name=name)
