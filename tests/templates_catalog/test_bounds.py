"""Bounds hold against what a plan does; a figure it cannot state counts as outside."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from templates_catalog.bounds import Bounds, Effect, breaches


def outside(bounds: dict, *, count=1, summary=None, inputs=None, effect=None) -> int:
    plan = SimpleNamespace(change_count=count, summary=summary or {})
    return len(
        breaches(
            Bounds.model_validate(bounds),
            type_id="pricing.dynamic_pricing",
            inputs=inputs or {},
            plan=plan,
            effect=effect or Effect(),
        )
    )


def money(amount) -> dict:
    return {"impact": {"money_at_risk": amount and {"amount": amount, "currency": "GBP"}}}


@pytest.mark.parametrize(("count", "found"), [(10, 0), (11, 1)])
def test_items(count, found):
    assert outside({"max_items": 10}, count=count) == found


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        (money("500.00"), 0),
        (money("-500.00"), 0),
        (money("500.01"), 1),
        (money(None), 1),
        ({"metrics": [{"key": "money_at_risk", "value": "400"}]}, 1),
        ({}, 1),
    ],
)
def test_money_at_risk(summary, found):
    assert outside({"max_money_at_risk": "500"}, summary=summary) == found


@pytest.mark.parametrize(
    ("effect", "found"),
    [
        (Effect(price_move=Decimal(5), discount=Decimal(20)), 0),
        (Effect(price_move=Decimal("5.01")), 1),
        (Effect(discount=Decimal(21)), 1),
        (Effect(price_move=None), 1),
        (Effect(discount=None), 1),
    ],
)
def test_steps_and_discounts(effect, found):
    bounds = {"max_step_percent": "5", "max_discount_percent": "20"}
    assert outside(bounds, effect=effect) == found


@pytest.mark.parametrize(("families", "found"), [([], 0), (["pricing"], 0), (["social"], 1)])
def test_families(families, found):
    assert outside({"families": families}) == found


@pytest.mark.parametrize(
    ("allowed", "given", "found"),
    [
        (["15", "20"], 15, 0),
        (["15"], "15.0", 0),
        (["15"], 16, 1),
        (["down"], "down", 0),
        (["down"], "up", 1),
        (["a", "b"], ["a", "b"], 0),
        (["a", "b"], ["a", "c"], 1),
        ([True], True, 0),
        ([True], 1, 0),
        (["1"], True, 1),
        (["x"], None, 1),
    ],
)
def test_allowed_values_of_an_input(allowed, given, found):
    assert outside({"allowed_inputs": {"name": allowed}}, inputs={"name": given}) == found
