"""Invariants the database holds, whatever the code above it does."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.scope import scope
from stores.models import (
    Campaign,
    ImportRun,
    MarketPrice,
    Order,
    OrderLine,
    Post,
    Product,
    Promotion,
    SearchQuery,
    StoreProfile,
    TrafficDay,
    Variant,
)
from tests.stores.factories import make_order, make_product, make_profile, make_variant

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = date(2026, 11, 1)


def refused(make) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


BAD = {
    "a price below zero": lambda t: make_variant(make_product(t), price="-0.01"),
    "a compare-at price below zero": lambda t: make_variant(make_product(t), compare_at_price="-1"),
    "a cost below zero": lambda t: make_variant(make_product(t), cost="-1"),
    "a product without a title": lambda t: make_product(t, title=" "),
    "a state of its own": lambda t: make_product(t, status="gone"),
    "traffic below zero": lambda t: TrafficDay.objects.create(tenant=t, date=DAY, sessions=-1),
    "a total with a name": lambda t: TrafficDay.objects.create(tenant=t, date=DAY, name="x"),
    "a channel without one": lambda t: TrafficDay.objects.create(
        tenant=t, date=DAY, breakdown="channel"
    ),
    "more clicks than views": lambda t: SearchQuery.objects.create(
        tenant=t, starts_on=DAY, ends_on=DAY, query="x", clicks=2, impressions=1
    ),
    "a period backwards": lambda t: SearchQuery.objects.create(
        tenant=t, starts_on=DAY, ends_on=date(2026, 10, 1), query="x"
    ),
    "a promotion that ends before it starts": lambda t: Promotion.objects.create(
        tenant=t, name="x", value=5, starts_at=NOON, ends_at=NOON
    ),
    "more than all of the price off": lambda t: Promotion.objects.create(
        tenant=t, name="x", value=101, starts_at=NOON, ends_at=datetime(2026, 12, 1, tzinfo=UTC)
    ),
    "a campaign sent at no time": lambda t: Campaign.objects.create(
        tenant=t, name="x", status="sent"
    ),
    "a post published at no time": lambda t: Post.objects.create(
        tenant=t, platform="instagram", scheduled_at=NOON, status="published"
    ),
    "a platform that is no word": lambda t: Post.objects.create(
        tenant=t, platform="My Space", scheduled_at=NOON
    ),
    "a currency of thousandths": lambda t: make_profile(t, currency="KWD"),
    "rows unaccounted for": lambda t: ImportRun.objects.create(
        tenant=t, kind="invoice_lines", filename="x", rows_read=3, rows_kept=1
    ),
    "a kind of import nobody knows": lambda t: ImportRun.objects.create(
        tenant=t, kind="zip", filename="x"
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_the_database_refuses(in_tenant, name):
    refused(lambda: BAD[name](in_tenant))


def twice(make):
    def both(tenant):
        make(tenant)
        make(tenant)

    return both


TWINS = {
    "profiles": lambda t: make_profile(t),
    "products of one key": lambda t: make_product(t, external_key="k", handle=""),
    "products of one handle": lambda t: Product.objects.create(
        tenant=t, title="x", handle="h", external_key=str(Product.objects.count())
    ),
    "orders of one number": lambda t: make_order(t, day=DAY, number="N"),
    "days of one breakdown": lambda t: TrafficDay.objects.create(tenant=t, date=DAY),
}


@pytest.mark.parametrize("name", TWINS)
def test_there_are_no_twins(in_tenant, name):
    refused(lambda: twice(TWINS[name])(in_tenant))


def test_one_open_market_price_per_seller(in_tenant):
    variant = make_variant(make_product(in_tenant))
    facts = {"tenant": in_tenant, "variant": variant, "seller": "A", "currency": "GBP"}
    MarketPrice.objects.create(**facts, price=1, observed_on=DAY, replaced_on=DAY)
    MarketPrice.objects.create(**facts, price=2, observed_on=DAY)
    refused(lambda: MarketPrice.objects.create(**facts, price=3, observed_on=DAY))


def line(tenant, **facts):
    order = make_order(tenant, day=DAY)
    facts = {"kind": "sale", "quantity": 1, "unit_price": 1, "discount": 0, **facts}
    return OrderLine(**{"tenant": tenant, "order": order, "ordinal": 1, "placed_on": DAY, **facts})


@pytest.mark.parametrize(
    "facts",
    [
        {"unit_price": -1},
        {"kind": "sale", "quantity": -1},
        {"kind": "return", "quantity": 1},
        {"kind": "gift"},
        {"order_id": 999_999_999},
        {"variant_id": 999_999_999},
    ],
)
def test_order_lines_are_true(in_tenant, facts):
    wrong = line(in_tenant, **facts)
    refused(lambda: OrderLine.objects.bulk_create([wrong]))


def test_a_line_cannot_name_another_tenants_variant_or_order(cast):
    with scope(tenant_id=cast.other.pk):
        theirs = make_variant(make_product(cast.other))
        order = make_order(cast.other, day=DAY)
    with scope(tenant_id=cast.tenant.pk):
        for facts in ({"variant_id": theirs.pk}, {"order_id": order.pk}):
            wrong = line(cast.tenant, **facts)
            refused(lambda wrong=wrong: OrderLine.objects.bulk_create([wrong]))


def test_a_line_cannot_be_turned_to_another_tenants_variant(cast):
    with scope(tenant_id=cast.other.pk):
        theirs = make_variant(make_product(cast.other)).pk
    with scope(tenant_id=cast.tenant.pk):
        variant = make_variant(make_product(cast.tenant))
        make_order(cast.tenant, day=DAY, lines=[(variant, 1, "1.00")])
        refused(lambda: OrderLine.objects.update(variant_id=theirs))


@pytest.mark.parametrize("model", [Variant, Order])
def test_what_lines_name_cannot_be_deleted(in_tenant, model):
    variant = make_variant(make_product(in_tenant))
    make_order(in_tenant, day=DAY, lines=[(variant, 1, "1.00")])

    def gone():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")

    refused(gone)


def test_the_shop_of_another_tenant_is_invisible_and_untouchable(cast):
    with scope(tenant_id=cast.other.pk):
        make_variant(make_product(cast.other), price="10.00")
    with scope(tenant_id=cast.tenant.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stores_variant")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE stores_variant SET price = 1")
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("COPY stores_variant FROM STDIN")


def test_an_imports_state_moves_only_along_its_edges(in_tenant):
    run = ImportRun.objects.create(tenant=in_tenant, kind="invoice_lines", filename="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(status="succeeded", finished_at=NOON)


def test_the_customer_key_is_made_once(in_tenant):
    profile = make_profile(in_tenant)
    assert len(bytes(StoreProfile.objects.get().customer_key)) == 32
    assert bytes(StoreProfile.objects.get().customer_key) == bytes(profile.customer_key)
