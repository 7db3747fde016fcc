"""The history lands in the shop row by row, labelled, and can be replaced without a trace."""

from decimal import Decimal

import pytest
from django.db.models import Count, F, Sum

from core.ids import new_id
from stores.demo.loading import clear_history, load_history
from stores.demo.simulator import simulate
from stores.demo.story import Story
from stores.models import (
    Campaign,
    MarketPrice,
    Order,
    OrderLine,
    Post,
    Promotion,
    PromotionProduct,
    SearchQuery,
    TrafficDay,
)
from tests.demo.conftest import TODAY
from tests.demo.stocking import stock

SHORT = Story(days=100, sessions_per_day=120, promotions_days_ago=(95, 90, 85, 80, 75, 66))
TABLES = (Order, OrderLine, TrafficDay, MarketPrice, Post, Campaign, Promotion, SearchQuery)


@pytest.fixture
def shop(in_tenant, items):
    stock(in_tenant, items)
    return in_tenant


@pytest.fixture(scope="module")
def short(items):
    return simulate(items, TODAY, SHORT)


def load(history):
    return load_history(history, today=TODAY, currency="GBP", country="GB")


def counts():
    return {model.__name__: model.objects.count() for model in TABLES}


def test_every_row_is_loaded(shop, short):
    returns = sum(1 for line in short.lines if line.returns)
    loaded = load(short)
    assert counts() == {
        "Order": len(short.orders) + returns,
        "OrderLine": len(short.lines),
        "TrafficDay": loaded["days of traffic"],
        "MarketPrice": len(short.market_prices),
        "Post": len(short.posts),
        "Campaign": len(short.campaigns),
        "Promotion": 6,
        "SearchQuery": len(short.searches),
    }


def test_every_row_is_labelled_simulated(shop, short):
    load(short)
    labelled = (Order, TrafficDay, MarketPrice, Post, Campaign, Promotion, SearchQuery)
    assert [m.__name__ for m in labelled if m.objects.filter(simulated=False).exists()] == []


def test_amounts_agree_with_the_simulation(shop, short):
    load(short)
    brought = OrderLine.objects.aggregate(total=Sum("amount"))["total"]
    told = sum(line.unit_price * line.quantity - line.discount for line in short.lines)
    assert brought == told
    sold = Order.objects.filter(is_return=False)
    goods = OrderLine.objects.filter(kind="sale").aggregate(total=Sum("amount"))["total"]
    assert sold.aggregate(goods=Sum(F("total") - F("shipping")))["goods"] == goods


def test_the_three_views_of_traffic_add_up_to_the_orders(shop, short):
    load(short)
    orders = len(short.orders)
    goods = OrderLine.objects.filter(kind="sale").aggregate(total=Sum("amount"))["total"]
    sums = TrafficDay.objects.values("breakdown").annotate(
        visits=Sum("sessions"), bought=Sum("key_events"), brought=Sum("revenue")
    )
    visits = sum(row.sessions for row in short.traffic)
    assert sorted((r["breakdown"], r["visits"], r["bought"], r["brought"]) for r in sums) == [
        ("channel", visits, orders, goods),
        ("page", visits, orders, goods),
        ("total", visits, orders, goods),
    ]


def test_one_market_price_of_each_seller_is_open(shop, short):
    load(short)
    still_open = MarketPrice.objects.filter(replaced_on=None)
    each = still_open.values("variant_id", "seller").annotate(n=Count("id"))
    assert {row["n"] for row in each} == {1}
    assert set(still_open.values_list("observed_on", flat=True)) == {
        max(row.observed_on for row in short.market_prices)
    }


def test_promotions_name_their_products(shop, short, items):
    load(short)
    candles = Promotion.objects.get(code="CANDLES15")
    handles = PromotionProduct.objects.filter(promotion=candles).values_list(
        "product__handle", flat=True
    )
    assert set(handles) == {item.handle for item in items if item.type == "Candles"}


def test_loading_again_leaves_the_same_rows(shop, short):
    load(short)
    before = counts()
    load(short)
    assert counts() == before


def test_clearing_leaves_what_people_and_workflows_made(shop, short):
    mine = Campaign.objects.create(
        id=new_id("campaign"), tenant=shop, name="Ours", simulated=True, created_by="workflow_1"
    )
    real = Order.objects.create(
        tenant=shop, number="#1", placed_at="2026-11-01T10:00Z", currency="GBP", total=Decimal(5)
    )
    load(short)
    clear_history()
    assert counts() == {**dict.fromkeys(counts(), 0), "Campaign": 1, "Order": 1}
    assert list(Campaign.objects.all()) == [mine]
    assert list(Order.objects.all()) == [real]
