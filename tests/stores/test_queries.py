"""The shop's clock and what is in it."""

from datetime import date, datetime

import pytest
import time_machine

from stores import queries
from stores.models import TrafficDay
from tests.stores.factories import make_order, make_product, make_profile, make_variant


@pytest.mark.parametrize(
    ("clock", "expected"), [("history", date(2011, 12, 9)), ("live", date(2026, 11, 23))]
)
def test_an_imported_history_counts_from_its_newest_day(in_tenant, clock, expected):
    make_profile(in_tenant, clock=clock)
    variant = make_variant(make_product(in_tenant))
    make_order(in_tenant, day=date(2011, 12, 9), lines=[(variant, 1, "2.00")])
    make_order(in_tenant, day=date(2011, 1, 9), lines=[(variant, 1, "2.00")])

    with time_machine.travel(datetime.fromisoformat("2026-11-23T10:00:00+00:00"), tick=False):
        assert queries.today(in_tenant.pk) == expected


def test_an_empty_shop_counts_from_today_where_it_is(in_tenant):
    in_tenant.timezone = "Pacific/Auckland"
    in_tenant.save()
    with time_machine.travel(datetime.fromisoformat("2026-11-23T20:00:00+00:00"), tick=False):
        assert queries.today(in_tenant.pk) == date(2026, 11, 24)


def test_without_orders_the_newest_day_is_one_with_visits(in_tenant):
    TrafficDay.objects.create(tenant=in_tenant, date=date(2026, 10, 1), sessions=3)
    assert queries.today(in_tenant.pk) == date(2026, 10, 1)


def test_freshness_names_the_data_and_its_newest_day(in_tenant):
    variant = make_variant(make_product(in_tenant))
    make_order(in_tenant, day=date(2011, 12, 9), lines=[(variant, 1, "2.00")])

    assert queries.freshness(in_tenant.pk, "orders") == ("Orders", date(2011, 12, 9))
    assert queries.freshness(in_tenant.pk, "market_prices") == ("Market prices", None)


def test_the_summary_says_what_is_there_and_what_is_simulated(in_tenant):
    variant = make_variant(make_product(in_tenant), cost="2.00", cost_simulated=True)
    make_order(in_tenant, day=date(2011, 12, 9), lines=[(variant, 1, "2.00"), (variant, 1, "2.00")])

    found = queries.summary(in_tenant.pk)

    assert (found.products, found.variants, found.orders, found.lines) == (1, 1, 1, 2)
    assert found.simulated == ("costs",)
    assert found.newest_day == date(2011, 12, 9)
    assert not found.is_empty
