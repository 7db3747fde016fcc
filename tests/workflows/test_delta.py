"""The delta of two plans: the later one is the earlier one with the delta applied, and no less."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.scope import scope
from stores.models import Product, Variant
from tests.workflows.test_properties import INPUTS, PRICES, PROPERTY, example  # noqa: F401
from workflows import queries, services
from workflows.models import DeltaRow, Plan, PlanDelta, PlannedChange

NONE = {"added": 0, "gone": 0, "after": 0, "before": 0}


def changes(plan: Plan) -> dict[tuple, tuple]:
    rows = PlannedChange.objects.filter(plan=plan)
    columns = ("entity", "target_id", "field", "before", "after")
    return {tuple(row[:3]): tuple(row[3:]) for row in rows.values_list(*columns)}


def patched(earlier: dict[tuple, tuple], delta: PlanDelta) -> dict[tuple, tuple]:
    """Apply it, checking on the way that it tells the truth about the earlier plan."""
    found = dict(earlier)
    for row in queries.delta_rows(delta).order_by("place"):
        key = (row.entity, row.target_id, row.field)
        if row.difference == "added":
            assert key not in earlier
        else:
            assert earlier[key] == (row.was_before, row.was_after)
        if row.difference == "gone":
            del found[key]
        else:
            found[key] = (row.before, row.after)
        if row.difference == "before":
            assert row.after == row.was_after
        if row.difference == "after":
            assert row.after != row.was_after
    return found


def test_each_kind_of_difference(shop, plan_of):
    earlier = plan_of(tags=["new"])
    Variant.objects.filter(sku="SKU-0").update(price=Decimal("50.00"))  # after and before
    Product.objects.filter(pk="product_000001").update(tags=["old"])  # before only
    Product.objects.filter(pk="product_000002").update(tags=["new"])  # gone
    Variant.objects.filter(sku="SKU-3").delete()
    later = plan_of(tags=["new"], posts=1)

    delta = services.keep_delta(earlier=earlier, plan=later)

    assert delta.counts == {"added": 1, "gone": 2, "after": 1, "before": 1, "same": 6}
    assert delta.differs == 5
    assert delta.totals == {
        "items": ["10", "9"],
        "value": ["5.00", "4.00"],
        "money_at_risk": [None, None],
    }
    rows = queries.delta_rows(delta).order_by("place")
    assert list(rows.values_list("difference", "label", "field")) == [
        ("after", "Product 0", "price"),
        ("gone", "Product 3", "price"),
        ("before", "Product 1", "tags"),
        ("gone", "Product 2", "tags"),
        ("added", "Post 0", ""),
    ]
    first = rows[0]
    assert (first.was_before, first.was_after) == ("10.00", "11.00")
    assert (first.before, first.after) == ("50.00", "51.00")
    assert patched(changes(earlier), delta) == changes(later)
    filtered = queries.delta_rows(delta, difference="gone", field="product.tags")
    assert [row.label for row in filtered] == ["Product 2"]
    assert [row.label for row in queries.delta_rows(delta, text="SKU-0")] == ["Product 0"]


def test_asked_twice_it_is_one(shop, plan_of):
    earlier, later = plan_of(), plan_of(add="2.00")
    first = services.keep_delta(earlier=earlier, plan=later)
    second = services.keep_delta(earlier=earlier, plan=later)

    assert first.pk == second.pk
    assert PlanDelta.objects.count() == 1
    assert DeltaRow.objects.count() == 5
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanDelta.objects.create(
            tenant_id=shop.pk, earlier=earlier, plan=later, counts={}, totals={}
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanDelta.objects.create(tenant_id=shop.pk, earlier=later, plan=later, counts={}, totals={})


def test_a_stranger_sees_none_of_it(cast, shop, plan_of):
    services.keep_delta(earlier=plan_of(), plan=plan_of(add="2.00"))
    with scope(tenant_id=cast.other.pk):
        assert PlanDelta.objects.count() == DeltaRow.objects.count() == 0


def test_a_delta_goes_with_its_plans(shop, plan_of):
    services.keep_delta(earlier=plan_of(), plan=plan_of(add="2.00"))
    Plan.objects.update(computed_at="2026-01-01T00:00:00Z")
    with scope():
        assert services.prune_plans() == 2
    assert PlanDelta.objects.count() == DeltaRow.objects.count() == 0


@PROPERTY
@given(prices=PRICES, first=INPUTS, second=INPUTS, data=st.data())
def test_the_later_plan_is_the_earlier_one_with_the_delta_applied(
    example,  # noqa: F811
    prices,
    first,
    second,
    data,
):
    with example(prices):
        earlier, again = example.plan(**first), example.plan(**first)
        same = services.keep_delta(earlier=earlier, plan=again)
        assert same.counts == NONE | {"same": earlier.change_count}
        assert queries.delta_rows(same).count() == 0

        for variant in Variant.objects.order_by("pk"):
            if data.draw(st.booleans()):
                variant.price = data.draw(st.none() | st.decimals("0.00", "99999.99", places=2))
                variant.save()
        later = example.plan(**second)
        delta = services.keep_delta(earlier=earlier, plan=later)

        assert patched(changes(earlier), delta) == changes(later)
        counts = delta.counts
        assert counts["same"] + counts["after"] + counts["before"] + counts["added"] == (
            later.change_count
        )
        assert counts["same"] + counts["after"] + counts["before"] + counts["gone"] == (
            earlier.change_count
        )
        back = services.keep_delta(earlier=later, plan=earlier)
        assert (back.counts["added"], back.counts["gone"]) == (counts["gone"], counts["added"])
        assert patched(changes(later), back) == changes(earlier)
