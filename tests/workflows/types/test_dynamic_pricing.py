"""Dynamic pricing on a shop whose every number can be checked by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import Invalid
from stores.models import Product
from tests.workflows.types.shops import (
    TODAY,
    changes,
    make_clock,
    make_market_price,
    make_priced,
    make_promotion,
    plan_for,
    table,
    warned,
)

TYPE = "pricing.dynamic_pricing"
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(in_tenant):
    make_clock(in_tenant)
    return in_tenant


def test_prices_move_toward_the_market_inside_the_guardrails(shop, cast):
    make_priced(shop, "Mugs", "24.00", cost="12.00", market=["21.90", "22.50"], sold=30)
    make_priced(shop, "Calendar", "14.00", cost="6.00", market=["15.10"], sold=10)
    make_priced(shop, "Board", "32.00", cost="27.80", market=["20.00"])
    make_priced(shop, "Candle", "18.50", cost=None, market=["16.00"])
    make_priced(shop, "Socks", "16.00", cost="5.00", market=["16.10"])
    make_priced(shop, "Lonely", "16.00", cost="5.00")

    plan = plan_for(cast, TYPE)

    assert changes(plan) == [
        ("Mugs", "price", "24.00", "22.50"),
        ("Calendar", "price", "14.00", "14.95"),
    ]
    assert warned(plan) == {
        "unknown_cost": ["Candle"],
        "no_market": ["Lonely"],
        "floor": ["Board"],
    }
    assert plan.summary["effect"] == (
        "Raises 1 price and lowers 1 price, +0.3% on average, none below cost + 15%."
    )
    metrics = {m["key"]: m["value"] for m in plan.summary["metrics"]}
    assert plan.summary["impact"]["money_at_risk"] == {"amount": "54.50", "currency": "GBP"}
    assert Decimal(metrics["net_effect"]) == 10 * Decimal("0.95") - 30 * Decimal("1.50")
    assert metrics["backtest"] == metrics["net_effect"]
    assert Decimal(metrics["lowest_margin"]) == Decimal("87.5")
    assert sum(b["count"] for b in plan.summary["histogram"]["bins"]) == 2


def test_the_table_of_moves_holds_every_change(shop, cast):
    make_priced(shop, "=Mugs", "24.00", cost="12.00", market=["21.90", "22.50"], sku="M-1", sold=3)

    plan = plan_for(cast, TYPE)

    assert table(plan) == [
        ["M-1", "'=Mugs", "", "24.00", "22.50", "-6.3", "22.20", "2", "12.00", "87.5", "3"]
    ]


def test_a_compare_at_price_still_above_stays(shop, cast):
    make_priced(shop, "Mugs", "14.00", cost="6.00", market=["16.00"], compare_at_price="15.00")

    assert changes(plan_for(cast, TYPE)) == [("Mugs", "price", "14.00", "14.95")]


def test_a_compare_at_price_that_is_reached_goes_or_holds_the_price(shop, cast):
    make_priced(shop, "Mugs", "14.00", cost="6.00", market=["16.00"], compare_at_price="14.50")

    cleared = plan_for(cast, TYPE)
    held = plan_for(cast, TYPE, compare_at="leave_out")

    assert changes(cleared) == [
        ("Mugs", "compare_at_price", "14.50", None),
        ("Mugs", "price", "14.00", "14.95"),
    ]
    assert changes(held) == []
    assert warned(held) == {"compare_at": ["Mugs"]}


def test_who_is_chosen_and_who_is_left_out(shop, cast):
    kept = make_priced(shop, "Kept", "24.00", cost="12.00", market=["22.00"], tags=["Mugs"])
    make_priced(shop, "Card", "24.00", cost="1.00", market=["22.00"], tags=["Gift-Card"])
    make_priced(shop, "Sleeping", "24.00", cost="1.00", market=["22.00"], status="archived")
    sold_off = make_priced(shop, "Offer", "24.00", cost="1.00", market=["22.00"], tags=["mugs"])
    now = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    make_promotion(
        Product.objects.get(pk=sold_off.product_id),
        starts=now - timedelta(days=1),
        ends=now + timedelta(days=1),
    )

    assert [c[0] for c in changes(plan_for(cast, TYPE))] == ["Kept"]
    assert [c[0] for c in changes(plan_for(cast, TYPE, include_on_promotion=True))] == [
        "Kept",
        "Offer",
    ]
    assert [c[0] for c in changes(plan_for(cast, TYPE, product_ids=[kept.product_id]))] == ["Kept"]
    assert [c[0] for c in changes(plan_for(cast, TYPE, include_tags=["MUGS"]))] == ["Kept"]
    assert changes(plan_for(cast, TYPE, max_items=1)) == changes(plan_for(cast, TYPE))


def test_old_prices_and_left_out_sellers_do_not_count(shop, cast):
    mugs = make_priced(shop, "Mugs", "24.00", cost="12.00", market=["22.00"])
    make_market_price(mugs, "10.00", seller="Cheap", age=3)
    make_market_price(mugs, "10.00", seller="Old", age=30)

    after = {
        "cheap counts": changes(plan_for(cast, TYPE))[0][3],
        "cheap left out": changes(plan_for(cast, TYPE, leave_out_sellers=["Cheap"]))[0][3],
        "three needed": changes(plan_for(cast, TYPE, minimum_sellers=3)),
    }

    assert after == {"cheap counts": "21.95", "cheap left out": "22.50", "three needed": []}


def test_nothing_to_choose_from_is_said_at_the_field(shop, cast):
    with pytest.raises(Invalid) as refused:
        plan_for(cast, TYPE, product_ids=["product_none"])
    assert list(refused.value.fields) == ["inputs.product_ids"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_step_percent", "51"), ("margin_floor_percent", "-1"), ("price_ending", "97"), ("x", 1)],
)
def test_inputs_out_of_range_are_refused_at_their_field(shop, cast, field, value):
    with pytest.raises(Invalid) as refused:
        plan_for(cast, TYPE, **{field: value})
    assert list(refused.value.fields) == [f"inputs.{field}"]


def test_after_a_run_there_is_nothing_left_to_do(shop, cast):
    mugs = make_priced(shop, "Mugs", "24.00", cost="12.00", market=["22.50"])
    planned = changes(plan_for(cast, TYPE))
    mugs.price = planned[0][3]
    mugs.save()
    assert changes(plan_for(cast, TYPE)) == []
