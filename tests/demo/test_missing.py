"""What an import lacks is added with a label, agrees with the orders, and touches nothing real."""

from decimal import Decimal

import pytest
from django.db.models import Count, F, Max, Sum

from core.actors import SystemActor
from core.errors import Invalid
from core.models import Event
from core.scope import scope
from stores.demo.loading import load_history
from stores.demo.missing import simulate_missing
from stores.demo.simulator import simulate
from stores.demo.story import Story
from stores.models import MarketPrice, Order, OrderLine, TrafficDay, Variant
from tests.demo.conftest import TODAY
from tests.demo.stocking import stock

OPERATOR = SystemActor("test")
SHORT = Story(days=100, sessions_per_day=60, promotions_days_ago=(95, 90, 85, 80, 75, 66))


@pytest.fixture(scope="module")
def few(items):
    return items[:60]


@pytest.fixture(scope="module")
def short(few):
    return simulate(few, TODAY, SHORT)


@pytest.fixture
def imported(in_tenant, few, short):
    """A shop with real orders, prices and two costs, and nothing else."""
    stock(in_tenant, few)
    load_history(short, today=TODAY, currency="GBP", country="GB")
    for model in (MarketPrice, TrafficDay):
        model.objects.all().delete()
    Order.objects.update(simulated=False)
    Variant.objects.exclude(sku__in=["CAN-FEN-S", "CAN-FEN-M"]).update(cost=None)
    return in_tenant


def fill():
    return simulate_missing(tenant_id="tenant_tenant", actor=OPERATOR)


def snapshot():
    """Everything it writes, without row ids."""
    return (
        list(Variant.objects.order_by("id").values_list("id", "cost", "cost_simulated")),
        sorted(MarketPrice.objects.values_list("variant_id", "seller", "price", "observed_on")),
        sorted(
            TrafficDay.objects.values_list(
                "breakdown", "date", "name", "sessions", "key_events", "revenue"
            )
        ),
    )


def test_costs_are_filled_below_the_price_and_labelled(imported):
    known = dict(Variant.objects.exclude(cost=None).values_list("sku", "cost"))
    fill()
    assert dict(Variant.objects.filter(cost_simulated=False).values_list("sku", "cost")) == known
    made = Variant.objects.filter(cost_simulated=True)
    assert made.count() == 58
    assert not made.filter(cost__gte=F("price")).exists()
    shares = [float(v.cost / v.price) for v in made if v.price > 5]
    assert min(shares) > 0.39
    assert max(shares) < 0.63


def test_market_prices_are_near_the_price_and_labelled(imported):
    fill()
    rows = MarketPrice.objects.all()
    assert not rows.filter(simulated=False).exists()
    assert set(rows.values_list("observed_on", flat=True)) == {TODAY}
    ratios = [float(row.price / row.variant.price) for row in rows.select_related("variant")]
    assert 1.0 < sum(ratios) / len(ratios) < 1.06
    assert rows.values("variant_id").distinct().count() > 55


def test_visits_agree_with_the_orders_of_each_day(imported):
    fill()
    placed = (
        OrderLine.objects.filter(kind="sale")
        .values("placed_on")
        .annotate(n=Count("order_id", distinct=True), brought=Sum("amount"))
    )
    told = {
        row["placed_on"]: (row["n"], row["brought"].quantize(Decimal("0.01"))) for row in placed
    }
    seen = TrafficDay.objects.filter(breakdown="total", key_events__gt=0)
    assert {row.date: (row.key_events, row.revenue) for row in seen} == told


def test_channels_and_pages_add_up_to_the_day(imported):
    fill()
    days = {}
    for row in TrafficDay.objects.values("date", "breakdown").annotate(
        visits=Sum("sessions"), bought=Sum("key_events")
    ):
        days.setdefault(row["date"], set()).add((row["visits"], row["bought"]))
    assert all(len(sums) == 1 for sums in days.values())
    assert len(days) == 100


def test_about_three_in_a_hundred_visits_buy(imported):
    fill()
    total = TrafficDay.objects.filter(breakdown="total").aggregate(
        visits=Sum("sessions"), bought=Sum("key_events")
    )
    assert 0.028 < total["bought"] / total["visits"] < 0.034


def test_a_second_call_writes_the_same(imported):
    fill()
    before = snapshot()
    fill()
    assert snapshot() == before


def test_real_market_prices_and_visits_stay_and_are_not_added_to(imported):
    candle = Variant.objects.get(sku="CAN-FEN-S")
    MarketPrice.objects.create(
        tenant=imported,
        variant=candle,
        seller="A real shop",
        price=Decimal("9.10"),
        currency="GBP",
        observed_on=TODAY,
    )
    TrafficDay.objects.create(tenant=imported, date=TODAY, sessions=40)
    made = fill()
    assert made["days of traffic"] == 0
    assert TrafficDay.objects.count() == 1
    assert list(candle.market_prices.values_list("seller", flat=True)) == ["A real shop"]


def test_orders_are_not_touched(imported):
    before = list(OrderLine.objects.order_by("order_id", "ordinal").values_list())
    fill()
    assert list(OrderLine.objects.order_by("order_id", "ordinal").values_list()) == before
    assert OrderLine.objects.aggregate(last=Max("placed_on"))["last"] == TODAY


def test_it_is_written_down_who_did_it(imported):
    made = fill()
    event = Event.objects.get(kind="store.simulated")
    assert (event.actor_id, event.data) == ("system:test", made)


def test_a_shop_without_orders_gets_costs_and_a_market_but_no_visits(in_tenant, few):
    stock(in_tenant, few)
    Variant.objects.update(cost=None)
    made = fill()
    assert (made["costs"], made["days of traffic"]) == (60, 0)
    assert MarketPrice.objects.count() == made["market prices"] > 120
    assert not TrafficDay.objects.exists()


def test_another_tenants_scope_is_refused(cast):
    with scope(tenant_id="tenant_other"), pytest.raises(Invalid):
        fill()
