"""Compare-and-set: what stands is written over only where it is what the plan saw."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from core.scope import scope
from stores.gateways import Change, ChangeList, ChangeRelation, Outcome, Result, Target, gateway_for
from stores.gateways.fields import ENTITIES
from stores.models import Product, Variant
from tests.stores.factories import make_image, make_product, make_variant


def one(entity, target, field, before, after, position=1):
    return ChangeList([Change(position, entity, str(target), field, before, after)])


def write(tenant, changes, **options):
    return gateway_for(tenant.pk).write(changes, **options)


def test_a_price_is_written_where_it_is_what_the_plan_saw(in_tenant):
    variant = make_variant(make_product(in_tenant), price="10.00")

    outcomes = write(in_tenant, one("variant", variant.pk, "price", "10.00", "12.50"))

    assert outcomes == []
    variant.refresh_from_db()
    assert variant.price == Decimal("12.50")


def test_a_price_moved_meanwhile_is_left_and_told(in_tenant):
    variant = make_variant(make_product(in_tenant), price="11.00")
    before = Variant.objects.values().get(pk=variant.pk)

    outcomes = write(in_tenant, one("variant", variant.pk, "price", "10.00", "12.50"))

    assert outcomes == [Outcome(1, Result.DRIFTED, "11.00")]
    assert Variant.objects.values().get(pk=variant.pk) == before


def test_a_row_that_is_gone_is_missing(in_tenant):
    assert write(in_tenant, one("variant", 999_999, "price", "1.00", "2.00")) == [
        Outcome(1, Result.MISSING)
    ]
    assert write(in_tenant, one("variant", "not-a-number", "price", "1.00", "2.00")) == [
        Outcome(1, Result.MISSING)
    ]


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("-0.01", "Below zero."),
        ("1,99", "Not a number."),
        ("abc", "Not a number."),
        ("NaN", "Not a number."),
        ("1.999", "More than two digits after the point."),
        ("99999999999", "Too large."),
        (None, "A value is needed."),
        ({"amount": 1}, "Not a number."),
    ],
)
def test_a_price_no_shop_should_have_is_refused(in_tenant, after, reason):
    variant = make_variant(make_product(in_tenant), price="10.00")

    outcomes = write(in_tenant, one("variant", variant.pk, "price", "10.00", after))

    assert outcomes == [Outcome(1, Result.REFUSED, "10.00", reason)]
    variant.refresh_from_db()
    assert variant.price == Decimal("10.00")


def test_putting_back_may_restore_what_a_run_may_not_write(in_tenant):
    variant = make_variant(make_product(in_tenant), price="10.00")
    changes = one("variant", variant.pk, "price", "10.00", None)

    assert write(in_tenant, changes, restoring=True) == []
    variant.refresh_from_db()
    assert variant.price is None


def test_an_empty_compare_at_price_is_a_value(in_tenant):
    variant = make_variant(make_product(in_tenant), compare_at_price=None)

    assert write(in_tenant, one("variant", variant.pk, "compare_at_price", None, "20.00")) == []
    assert write(in_tenant, one("variant", variant.pk, "compare_at_price", "20.00", None)) == []
    variant.refresh_from_db()
    assert variant.compare_at_price is None


VALUES = {
    "title": ("Old", "New"),
    "description_html": ("", "<p>Says what it is.</p>"),
    "handle": ("old", "new-handle"),
    "seo_title": ("", "A title"),
    "seo_description": ("", "A description"),
    "tags": (["a"], ["b", "c"]),
    "product_type": ("", "Lamp"),
    "category": ("", "Home"),
    "status": ("active", "draft"),
    "position": (0, 7),
    "is_featured": (False, True),
    "needs_image": (False, True),
}


@pytest.mark.parametrize("field", sorted(ENTITIES["product"].fields))
def test_every_field_of_a_product_goes_there_and_back(in_tenant, field):
    before, after = VALUES[field]
    product = make_product(in_tenant, **{field: before})
    gateway = gateway_for(in_tenant.pk)
    target = Target("product", product.pk, field)

    assert gateway.current_values([target]) == {target: before}
    assert write(in_tenant, one("product", product.pk, field, before, after)) == []
    assert gateway.current_values([target]) == {target: after}
    assert write(in_tenant, one("product", product.pk, field, after, before)) == []
    assert gateway.current_values([target]) == {target: before}


@pytest.mark.parametrize(
    ("field", "after", "reason"),
    [
        ("title", "  ", "Empty."),
        ("title", "x" * 501, "Too long."),
        ("title", 5, "Not a value this field can have."),
        ("handle", "Not a handle", "A handle has small letters, digits and hyphens only."),
        ("handle", "taken", "Another product has this handle."),
        ("tags", ["ok", 3], "Not a value this field can have."),
        ("tags", "lamp", "Not a value this field can have."),
        ("status", "gone", "Not a value this field can have."),
        ("position", 1.5, "Not a value this field can have."),
        ("vendor", "x", "This field can't be written."),
        ("tenant_id", "tenant_other", "This field can't be written."),
    ],
)
def test_values_a_field_cannot_have_are_refused(in_tenant, field, after, reason):
    make_product(in_tenant, handle="taken")
    product = make_product(in_tenant)
    before = Product.objects.values().get(pk=product.pk)

    (outcome,) = write(in_tenant, one("product", product.pk, field, before.get(field), after))

    assert (outcome.result, outcome.reason) == (Result.REFUSED, reason)
    assert Product.objects.values().get(pk=product.pk) == before


def test_two_products_are_not_given_one_handle(in_tenant):
    first, second = make_product(in_tenant, handle="a"), make_product(in_tenant, handle="b")
    changes = ChangeList(
        [
            Change(1, "product", first.pk, "handle", "a", "lamp"),
            Change(2, "product", second.pk, "handle", "b", "lamp"),
        ]
    )

    (outcome,) = write(in_tenant, changes)

    assert (outcome.position, outcome.reason) == (2, "Another product has this handle.")


def test_drift_lists_what_moved_and_writes_nothing(in_tenant):
    same = make_variant(make_product(in_tenant), price="10.00")
    moved = make_variant(make_product(in_tenant), price="11.00")
    image = make_image(make_product(in_tenant), alt="now")
    changes = ChangeList(
        [
            Change(1, "variant", str(same.pk), "price", "10.00", "12.00"),
            Change(2, "variant", str(moved.pk), "price", "10.00", "12.00"),
            Change(3, "image", str(image.pk), "alt", "then", "later"),
            Change(4, "variant", "0", "price", "10.00", "12.00"),
        ]
    )

    assert gateway_for(in_tenant.pk).drift(changes) == [
        Outcome(2, Result.DRIFTED, "11.00"),
        Outcome(3, Result.DRIFTED, "now"),
        Outcome(4, Result.MISSING),
    ]
    same.refresh_from_db()
    assert same.price == Decimal("10.00")


def test_changes_may_come_from_a_relation(in_tenant):
    variant = make_variant(make_product(in_tenant), price="10.00")
    relation = ChangeRelation(
        "SELECT 1 AS position, 'variant' AS entity, id::text AS target_id, 'price' AS field,"
        " to_jsonb(price::text) AS before,"
        " to_jsonb((price * %(factor)s)::numeric(12,2)::text) AS after"
        " FROM stores_variant",
        {"factor": 2},
    )

    assert [change.after for change in relation] == ["20.00"]
    assert write(in_tenant, relation) == []
    variant.refresh_from_db()
    assert variant.price == Decimal("20.00")


def test_refusals_are_known_before_anything_is_written(in_tenant):
    changes = ChangeList(
        [
            Change(1, "variant", "1", "price", "10.00", "12.00"),
            Change(2, "variant", "1", "price", "10.00", "-1.00"),
            Change(3, "variant", "1", "weight", 1, 2),
            Change(4, "campaign", "campaign_1", "", None, {"name": "Winter"}),
            Change(5, "campaign", "campaign_2", "", None, {"name": ""}),
        ]
    )

    outcomes = gateway_for(in_tenant.pk).refusals(changes)

    assert [(outcome.position, outcome.result) for outcome in outcomes] == [
        (2, Result.REFUSED),
        (3, Result.REFUSED),
        (5, Result.REFUSED),
    ]


def test_another_tenants_rows_are_out_of_reach(cast):
    with scope(tenant_id=cast.other.pk):
        theirs = make_variant(make_product(cast.other), price="10.00")
    with scope(tenant_id=cast.tenant.pk):
        outcomes = write(cast.tenant, one("variant", theirs.pk, "price", "10.00", "1.00"))
    assert outcomes == [Outcome(1, Result.MISSING)]
    with scope(tenant_id=cast.other.pk):
        theirs.refresh_from_db()
        assert theirs.price == Decimal("10.00")


def test_of_two_writers_at_once_one_writes_and_the_other_hears_what_stands(committed_cast):
    tenant = committed_cast.tenant
    with scope(tenant_id=tenant.pk):
        variant = make_variant(make_product(tenant), price="10.00")
    start, answers = threading.Barrier(2), {}

    def writer(after):
        try:
            start.wait(5)
            with scope(tenant_id=tenant.pk):
                changes = one("variant", variant.pk, "price", "10.00", after)
                answers[after] = write(tenant, changes)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(after,)) for after in ("11.00", "12.00")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    (winner,) = [after for after, outcomes in answers.items() if outcomes == []]
    (loser,) = [outcomes for outcomes in answers.values() if outcomes]
    assert loser == [Outcome(1, Result.DRIFTED, winner)]
    with scope(tenant_id=tenant.pk):
        variant.refresh_from_db()
    assert variant.price == Decimal(winner)
