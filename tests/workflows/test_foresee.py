"""The combined future: exactly what one gets by running the earlier plans first, on no shop."""

import pytest
from django.db import DatabaseError, InternalError, connection, transaction
from hypothesis import given

from core.errors import Conflict
from core.scope import scope
from stores.models import Post, Product, PromotionProduct, Variant
from stores.shadows import shadowed
from tests.workflows.conftest import make_shop
from tests.workflows.kinds import RaisePrices
from tests.workflows.test_properties import INPUTS, PRICES, PROPERTY, example  # noqa: F401
from tests.workflows.test_run import whole_shop
from workflows import services
from workflows.models import Plan, PlannedChange, Workflow
from workflows.planning.errors import PlanFailed
from workflows.services import Step
from workflows.types import registry


@pytest.fixture
def foresee(cast):
    def foresee(*plans: Plan, kind: str = "test.raise_prices", **inputs) -> Plan:
        return services.foresee_plan(
            steps=[Step(plan, 0, {"name": f"step {n}"}) for n, plan in enumerate(plans, 1)],
            tenant_id=cast.tenant.pk,
            workflow_type_id=kind,
            inputs=inputs,
            draft_id=None,
            seed="draft_future",
            actor=cast.actor("eddie"),
        )

    return foresee


def rows_of(plan: Plan) -> list[tuple]:
    columns = ("position", "kind", "entity", "target_id", "field", "label", "before", "after")
    return list(PlannedChange.objects.filter(plan=plan).order_by("position").values_list(*columns))


def outcomes(plan: Plan) -> list[tuple]:
    return [(step["outcome"], step["applied"], step["moved"]) for step in plan.what_if["steps"]]


def test_it_is_planned_on_the_shop_as_it_would_be(shop, plan_of, foresee):
    earlier, before = plan_of(add="5.00", posts=2), whole_shop()

    future = foresee(earlier, add="1.00")

    prices = [(row[6], row[7]) for row in rows_of(future)]
    assert prices[:2] == [("15.00", "16.00"), ("16.00", "17.00")]
    assert outcomes(future) == [("runs", 7, 0)]
    assert future.what_if["steps"][0]["name"] == "step 1"
    assert whole_shop() == before
    assert Post.objects.count() == 0


def test_the_order_decides(shop, plan_of, foresee):
    """Both raise the same prices; whichever comes second meets another price and stops."""
    first, second = plan_of(add="5.00"), plan_of(add="7.00")

    one, other = foresee(first, second), foresee(second, first)

    assert outcomes(one) == [("runs", 5, 0), ("stops", 0, 5)]
    assert (rows_of(one)[0][6], rows_of(other)[0][6]) == ("15.00", "17.00")


LOCKS = """
SELECT DISTINCT mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE pid = pg_backend_pid() AND relname LIKE 'stores_%'
  AND relnamespace = 'public'::regnamespace
"""


def test_the_shop_is_only_read_while_the_future_is_tried_out(committed_cast):
    with scope(tenant_id=committed_cast.tenant.pk):
        make_shop(committed_cast.tenant.pk)
    with scope(tenant_id=committed_cast.tenant.pk):
        with shadowed({"variant", "promotion"}):
            Variant.objects.update(price=1)
            with connection.cursor() as cursor:
                cursor.execute(LOCKS)
                modes = cursor.fetchall()
        assert modes == [("AccessShareLock",)]
        assert Variant.objects.filter(price=1).count() == 0


def test_what_was_not_copied_cannot_be_written(shop):
    with pytest.raises((InternalError, DatabaseError), match="read-only"), shadowed({"variant"}):
        Product.objects.update(title="x")
    assert Product.objects.filter(title="x").count() == 0


def test_numbers_of_new_rows_do_not_meet_the_old(shop):
    post = {"scheduled_at": "2026-12-01T09:00:00Z", "platform": "instagram"}
    Post.objects.create(id="post_1", tenant_id=shop.pk, caption="a", **post)
    with shadowed({"post", "promotion", "product", "variant"}):
        made = Variant.objects.create(
            tenant_id=shop.pk, product_id="product_000001", external_key="new"
        )
        assert made.pk > 2**62 - 1
        assert Variant.objects.count() == 6
        assert PromotionProduct.objects.count() == 0
    assert Variant.objects.count() == 5


def test_a_what_if_is_run_by_nobody(shop, cast, plan_of, foresee, run_of):
    future = foresee(plan_of(add="5.00"), add="1.00")

    assert future.fingerprint != services.stored_fingerprint(future)
    with pytest.raises(Conflict, match="what-if"):
        run_of(future)
    with pytest.raises(DatabaseError, match="what-if"), transaction.atomic():
        Workflow.objects.create(
            tenant_id=shop.pk,
            plan=future,
            workflow_type_id=future.workflow_type_id,
            name="x",
            inputs={},
            total=5,
        )
    assert Workflow.objects.count() == 0


def test_a_type_that_fails_leaves_nothing(shop, plan_of, foresee):
    earlier, before = plan_of(add="5.00"), whole_shop()
    plans = Plan.objects.count()

    with pytest.raises(PlanFailed):
        foresee(earlier, fail="raise")

    assert whole_shop() == before
    assert Plan.objects.count() == plans


class Watcher(RaisePrices):
    """Makes what it saw of new rows into a change, so that creations are seen to be there."""

    id = "test.watcher"

    def plan(self, store, inputs, out) -> None:
        for post in Post.objects.order_by("pk"):
            product = Product.objects.get(pk="product_000001")
            out.set("product", product.pk, post.caption, "title", product.title, post.pk)
        out.finish(effect="Watches.")


def test_rows_the_earlier_plans_make_are_there(shop, plan_of, foresee):
    earlier = plan_of(posts=1)
    with registry.temporarily(Watcher):
        future = foresee(earlier, kind="test.watcher")
    assert rows_of(future)[0][7] == PlannedChange.objects.get(plan=earlier, kind="create").target_id


@PROPERTY
@given(prices=PRICES, first=INPUTS, second=INPUTS, mine=INPUTS)
def test_it_is_what_really_running_them_gives(
    example,  # noqa: F811
    foresee,
    run_of,
    work,
    cast,
    prices,
    first,
    second,
    mine,
):
    with example(prices):
        plans = [example.plan(**first), example.plan(**second)]
        before = whole_shop()
        future = foresee(*plans, **mine)
        assert whole_shop() == before

        runs = [work(run_of(plan)) for plan in plans if plan.change_count]
        really = services.make_plan(
            tenant_id=cast.tenant.pk,
            workflow_type_id="test.raise_prices",
            inputs=mine,
            draft_id=None,
            seed="draft_future",
            actor=cast.actor("eddie"),
        )

        assert rows_of(future) == rows_of(really)
        assert future.summary["counts"] == really.summary["counts"]
        assert future.change_count == really.change_count
        said = {
            step["plan_id"]: (step["outcome"], step["applied"]) for step in future.what_if["steps"]
        }
        for run in runs:
            word = "stops" if run.status == "stopped_by_drift" else "runs"
            assert said[run.plan_id] == (word, run.applied)
