"""Whatever a shop holds and its keeper asks for: no price below its floor, none below nothing,
and no discount that is none."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from stores.models import MarketPrice, OrderLine, Product, Variant
from tests.stores.factories import make_order
from tests.workflows.types.examples import money, rolled_back, some
from tests.workflows.types.shops import TODAY, make_clock, plan_for
from workflows.models import PlannedChange
from workflows.types.pricing.inputs import ENDINGS, Ending

pytestmark = pytest.mark.django_db
PENNY, HUNDRED = Decimal("0.01"), Decimal(100)


@dataclass(frozen=True)
class Item:
    """A variant; ``sold`` are (days ago, units)."""

    price: Decimal | None
    cost: Decimal | None
    compare_at: Decimal | None
    market: list[Decimal]
    sold: list[tuple[int, int]]


ITEM = st.builds(
    Item,
    price=st.none() | money(),
    cost=st.none() | money("150.00"),
    compare_at=st.none() | money("250.00"),
    market=st.lists(money("250.00"), max_size=3),
    sold=st.lists(st.tuples(st.integers(0, 120), st.integers(1, 9)), max_size=3),
)
SHOPS = st.lists(st.lists(ITEM, min_size=1, max_size=3), min_size=1, max_size=6)
PRICING = st.fixed_dictionaries(
    {
        "max_step_percent": st.decimals("0.01", "50", places=2).map(str),
        "margin_floor_percent": st.decimals("0", "200", places=2).map(str),
        "minimum_move_percent": st.decimals("0", "20", places=2).map(str),
        "market_position_percent": st.decimals("-20", "20", places=2).map(str),
        "price_ending": st.sampled_from([ending.value for ending in Ending]),
        "small_prices_in_fives": st.booleans(),
        "direction": st.sampled_from(["both", "up", "down"]),
        "market_method": st.sampled_from(["median", "lowest", "highest"]),
        "minimum_sellers": st.integers(1, 2),
        "compare_at": st.sampled_from(["clear", "leave_out"]),
        "max_items": st.integers(1, 10),
    }
)
SEASON = st.fixed_dictionaries(
    {
        "holiday": st.sampled_from(["black_friday", "christmas"]),
        "discount_percent": st.integers(1, 70),
        "margin_floor_percent": st.decimals("0", "150", places=2).map(str),
        "max_items": st.integers(1, 6),
        "announce": st.just(False),
    }
)


def fill(tenant, shop: list[list[Item]]) -> dict[int, Item]:
    """Variant id → what it was made from."""
    made: dict[int, Item] = {}
    for number, items in enumerate(shop):
        product = Product.objects.create(
            tenant=tenant, external_key=f"p{number}", title=f"Blue mug {number}"
        )
        for place, item in enumerate(items):
            variant = Variant.objects.create(
                tenant=tenant,
                product=product,
                external_key=f"v{number}.{place}",
                price=item.price,
                cost=item.cost,
                compare_at_price=item.compare_at,
            )
            made[variant.pk] = item
            _sellers(variant, item)
            for days, units in item.sold:
                day = TODAY - timedelta(days=days)
                make_order(tenant, day=day, lines=[(variant, units, item.price or Decimal(1))])
    return made


def _sellers(variant: Variant, item: Item) -> None:
    MarketPrice.objects.bulk_create(
        MarketPrice(
            tenant_id=variant.tenant_id,
            variant=variant,
            seller=f"Seller {number}",
            price=asked,
            currency="GBP",
            observed_on=TODAY - timedelta(days=1),
        )
        for number, asked in enumerate(item.market)
    )


def planned(cast, type_id: str, inputs: dict[str, Any]):
    """The plan with its changes, or nothing where the shop lacks what is asked for."""
    try:
        plan = plan_for(cast, type_id, **inputs)
    except Invalid:
        assert PlannedChange.objects.count() == 0
        return None, []
    return plan, list(PlannedChange.objects.filter(plan=plan).order_by("position"))


def metrics(plan) -> dict[str, Decimal]:
    return {m["key"]: Decimal(str(m["value"])) for m in plan.summary["metrics"]}


@given(shop=SHOPS, inputs=PRICING)
@some(40)
def test_no_price_leaves_its_guardrails(in_tenant, cast, shop, inputs):
    with rolled_back():
        make_clock(in_tenant)
        items = fill(in_tenant, shop)
        plan, rows = planned(cast, "pricing.dynamic_pricing", inputs)
        if plan is None:
            return
        moved = {int(row.target_id): row for row in rows if row.field == "price"}
        cleared = {int(row.target_id) for row in rows if row.field == "compare_at_price"}

        assert len(moved) <= inputs["max_items"]
        assert cleared <= set(moved)
        for key, row in moved.items():
            _is_inside(items[key], Decimal(row.before), Decimal(row.after), inputs)
            compare_at = None if key in cleared else items[key].compare_at
            assert compare_at is None or compare_at > Decimal(row.after)
        moves = {key: Decimal(row.after) - Decimal(row.before) for key, row in moved.items()}
        found = metrics(plan)
        assert found["backtest"] == sum((_sold(items[k], 30) * m for k, m in moves.items()), 0)
        assert found["net_effect"] == sum((_sold(items[k], 90) * m for k, m in moves.items()), 0)


def _is_inside(item: Item, before: Decimal, after: Decimal, inputs: dict[str, Any]) -> None:
    step, floor, least = (
        Decimal(inputs[f"{name}_percent"]) for name in ("max_step", "margin_floor", "minimum_move")
    )
    assert (before, item.cost is not None) == (item.price, True)
    assert after >= PENNY
    assert after == after.quantize(PENNY)
    assert after * HUNDRED >= item.cost * (HUNDRED + floor)
    assert abs(after - before) * HUNDRED <= before * step
    assert abs(after - before) * HUNDRED >= before * least
    assert {"up": after > before, "down": after < before}.get(inputs["direction"], True)
    _ends_well(before, after, inputs)
    _stops_at_the_market(item, before, after, inputs)


def _ends_well(before: Decimal, after: Decimal, inputs: dict[str, Any]) -> None:
    endings = ENDINGS[Ending(inputs["price_ending"])]
    if not endings:
        return
    cents = int(after * 100)
    if inputs["small_prices_in_fives"] and before < 5:
        assert cents % 5 == 0
    else:
        assert cents % 100 in endings


def _stops_at_the_market(
    item: Item, before: Decimal, after: Decimal, inputs: dict[str, Any]
) -> None:
    asked = sorted(price for price in item.market if price > 0)
    middle = (asked[(len(asked) - 1) // 2] + asked[len(asked) // 2]) / 2
    market = {"median": middle, "lowest": asked[0], "highest": asked[-1]}[inputs["market_method"]]
    target = market * (HUNDRED + Decimal(inputs["market_position_percent"])) / HUNDRED
    assert after >= target if after < before else after <= target


def _sold(item: Item, days: int) -> int:
    return sum(units for ago, units in item.sold if ago < days)


@given(shop=SHOPS, inputs=SEASON)
@some(40)
def test_no_offer_falls_below_its_floor(in_tenant, cast, shop, inputs):
    with rolled_back():
        make_clock(in_tenant)
        items = fill(in_tenant, shop)
        plan, rows = planned(cast, "marketing.seasonal_campaign", inputs)
        if plan is None:
            return
        [promotion] = [row.after for row in rows if row.entity == "promotion"]
        assert Decimal(promotion["value"]) == inputs["discount_percent"]
        assert 1 <= len(promotion["product_ids"]) <= inputs["max_items"]
        offered = Variant.objects.filter(product_id__in=promotion["product_ids"])
        for variant in offered:
            if variant.price:
                _is_above_the_floor(items[variant.pk], inputs)
        assert metrics(plan)["backtest"] == _cost_of_a_month(offered, inputs)


def _is_above_the_floor(item: Item, inputs: dict[str, Any]) -> None:
    off, floor = inputs["discount_percent"], Decimal(inputs["margin_floor_percent"])
    reduced = (item.price * (100 - off) / 100).quantize(PENNY, ROUND_HALF_UP)
    assert reduced >= PENNY
    assert item.cost is not None
    assert reduced >= (item.cost * (HUNDRED + floor) / HUNDRED).quantize(PENNY, ROUND_CEILING)


def _cost_of_a_month(offered, inputs: dict[str, Any]) -> Decimal:
    since = TODAY - timedelta(days=30)
    lines = OrderLine.objects.filter(variant__in=offered, placed_on__gt=since)
    taken = sum((line.quantity * line.unit_price for line in lines), Decimal(0))
    return (taken * inputs["discount_percent"] / 100).quantize(PENNY)


@given(shop=SHOPS)
@some(25)
def test_after_its_repairs_no_discount_is_false_and_no_price_has_moved(in_tenant, cast, shop):
    with rolled_back():
        make_clock(in_tenant)
        items = fill(in_tenant, shop)
        _plan, rows = planned(
            cast, "marketing.conversion_optimization", {"focus_areas": ["compare_at_prices"]}
        )
        after = {key: item.compare_at for key, item in items.items()}
        for row in rows:
            assert (row.entity, row.field, row.after) == ("variant", "compare_at_price", None)
            assert Decimal(row.before) == after[int(row.target_id)]
            after[int(row.target_id)] = None
        for key, item in items.items():
            if item.price is not None:
                assert after[key] is None or after[key] > item.price
            else:
                assert after[key] == item.compare_at
