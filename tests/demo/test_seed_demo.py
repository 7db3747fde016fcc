"""``seed_demo`` loads the whole demo through the doors, and a second time touches nothing."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from codex.demo.people import DEMO, OTHER
from core.models import Event
from core.routing import on_database
from core.scope import scope
from stores.models import (
    Campaign,
    ImportRun,
    Order,
    OrderLine,
    Post,
    Product,
    StoreProfile,
    TrafficDay,
    Variant,
)
from stores.queries import today
from stores.states import Clock
from tests.demo.stocking import QUIET_SHELVES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "staff"]),
]

TABLES = (Product, Variant, Order, OrderLine, TrafficDay, Post, Campaign, ImportRun, Event)


@pytest.fixture(autouse=True)
def a_quiet_shop(monkeypatch):
    monkeypatch.setattr("codex.demo.shops.SHELVES", QUIET_SHELVES)


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def counts():
    with on_database("staff"):
        return {table.__name__: table.objects.count() for table in TABLES}


def newest_line():
    with scope(tenant_id=DEMO):
        return OrderLine.objects.order_by("-placed_on").values_list("placed_on", flat=True)[0]


def test_it_loads_both_shops_and_a_second_time_touches_nothing():
    said = seed()
    assert "products.csv: 213 rows read = 213 kept + 0 refused" in said
    assert "other_products.csv: 10 rows read = 10 kept + 0 refused" in said
    with scope(tenant_id=DEMO):
        assert (Product.objects.count(), Variant.objects.count()) == (133, 206)
        assert Product.objects.filter(description_html="").count() == 58
        assert StoreProfile.objects.get().clock == Clock.LIVE
        assert today(DEMO) == newest_line() == timezone.localdate()
        assert not Order.objects.filter(placed_at__gt=timezone.now()).exists()
    with scope(tenant_id=OTHER):
        assert Product.objects.count() == 8

    before = counts()
    assert "simulated" not in seed()
    assert counts() == before


def test_on_a_later_day_the_history_ends_on_that_day():
    seed()
    with scope(tenant_id=DEMO):
        Product.objects.filter(handle="wick-trimmer").update(title="Ours now")
    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=True):
        seed()
    assert newest_line() == timezone.localdate(tomorrow)
    with scope(tenant_id=DEMO):
        assert Product.objects.get(handle="wick-trimmer").title == "Ours now"
