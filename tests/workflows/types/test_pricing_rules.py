"""Properties that hold for every price, cost, market and guardrail."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.types.pricing.rules import (
    WHOLE,
    Guardrails,
    Held,
    at_least,
    at_most,
    doubled_median,
    floor_price,
    price_mover,
)

amounts = st.integers(min_value=1, max_value=5_000_000)
endings = st.sampled_from([(), (95, 50), (99,), (0,), (95,)])
rails = st.builds(
    Guardrails,
    step=st.integers(100, 5_000),
    floor=st.integers(0, 20_000),
    minimum=st.integers(0, 2_000),
    position=st.integers(-2_000, 2_000),
    endings=endings,
    direction=st.sampled_from(["both", "up", "down"]),
    small_below=st.sampled_from([0, 500]),
)


@given(rails, amounts, amounts, amounts)
def test_a_moved_price_keeps_every_guardrail(rails, price, cost, market):
    new = price_mover(rails)(price, cost, market)
    if isinstance(new, Held):
        return
    target = market * (WHOLE + rails.position)
    assert new >= floor_price(cost, rails.floor) >= cost
    assert abs(new - price) * WHOLE <= price * rails.step
    assert abs(new - price) * WHOLE >= price * rails.minimum
    small = rails.small_below > price and new % 5 == 0
    assert not rails.endings or new % 100 in rails.endings or small
    assert new != price
    assert rails.direction == "both" or (new > price) == (rails.direction == "up")
    between = sorted([price * 2 * WHOLE, target])
    assert between[0] <= new * 2 * WHOLE <= between[1]


@given(rails, amounts, amounts, amounts)
def test_moving_again_and_again_comes_to_rest(rails, price, cost, market):
    move = price_mover(rails)
    for _ in range(2_000):
        new = move(price, cost, market)
        if isinstance(new, Held):
            assert move(price, cost, market) is new
            return
        price = new
    raise AssertionError("the price never comes to rest")


@given(rails, amounts, amounts)
def test_a_price_at_its_target_stays(rails, price, cost):
    at_market = Guardrails(
        step=rails.step, floor=rails.floor, minimum=rails.minimum, endings=rails.endings
    )
    assert price_mover(at_market)(price, cost, 2 * price) is Held.AT_MARKET


@given(st.integers(-1_000, 1_000_000), endings.filter(bool))
def test_endings_are_the_nearest_on_each_side(amount, endings):
    up, down = at_least(amount, endings, 100), at_most(amount, endings, 100)
    assert up == min(n for n in range(amount, amount + 101) if n % 100 in endings)
    assert down == max(n for n in range(amount - 100, amount + 1) if n % 100 in endings)


@given(st.lists(amounts, min_size=1).map(sorted))
def test_the_median_is_exact(prices):
    from statistics import median

    assert doubled_median(prices) == 2 * median(prices)


def test_examples_a_shopkeeper_can_check_by_hand():
    rails = Guardrails(step=1_000, floor=1_500, minimum=200, endings=(95, 50))
    move = price_mover(rails)
    assert move(2400, 1200, 2 * 2220) == 2250
    assert move(1400, 600, 2 * 1500) == 1495
    assert move(1000, 600, 2 * 990) is Held.AT_MARKET
    assert move(1000, 900, 2 * 700) is Held.FLOOR
    assert move(1000, 600, 2 * 2000) == 1095
    assert move(120, 50, 2 * 130) is Held.ENDING
