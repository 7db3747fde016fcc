"""Random shops and inputs: a plan writes nothing, a run is its plan, an undo is the way back."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.models import Post, Product, Variant
from tests.workflows.test_run import whole_shop
from workflows import services
from workflows.models import Workflow

PRICES = st.lists(st.none() | st.decimals("0.00", "99999.99", places=2), min_size=1, max_size=12)
TAGS = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
        str.strip
    ),
    max_size=3,
)
INPUTS = st.fixed_dictionaries(
    {
        "add": st.decimals("0.00", "500.00", places=2).map(str),
        "posts": st.integers(0, 4),
        "unsorted": st.booleans(),
        "tags": TAGS,
    }
)
PROPERTY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Rollback(Exception):
    pass


@pytest.fixture
def example(in_tenant, plan_of, run_of, work, cast):
    """A shop with these prices, rolled back when the example is over."""

    class Example:
        def __init__(self, prices: list[Decimal | None], chunk: int = 3) -> None:
            self.prices, self.chunk = prices, chunk

        def __enter__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            fill(in_tenant.pk, self.prices)
            return self

        def __exit__(self, kind, error, trace) -> bool:
            self.atomic.__exit__(kind or Rollback, error or Rollback(), trace)
            return False

        plan = staticmethod(plan_of)

        def run(self, **inputs: object) -> Workflow:
            return work(run_of(plan_of(**inputs)))

        def undo(self, run: Workflow) -> Workflow:
            services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
            return work(run)

    return Example


def fill(tenant_id: str, prices: list[Decimal | None]) -> None:
    for number, price in enumerate(prices):
        product = Product.objects.create(
            tenant_id=tenant_id, external_key=f"p{number}", title=f"Product {number}"
        )
        Variant.objects.create(
            tenant_id=tenant_id, product=product, external_key=f"v{number}", price=price
        )


@given(prices=PRICES, inputs=INPUTS)
@PROPERTY
def test_a_plan_writes_nothing_and_is_the_same_twice(example, prices, inputs):
    with example(prices) as shop:
        before = whole_shop()

        one, again = shop.plan(**inputs), shop.plan(**inputs)

        assert whole_shop() == before
        assert one.fingerprint == again.fingerprint == services.stored_fingerprint(one)
        assert one.change_count == one.changes.count()


@given(prices=PRICES, inputs=INPUTS, chunk=st.integers(1, 9))
@PROPERTY
def test_without_drift_a_run_is_its_plan_and_its_undo_is_the_way_back(
    example, settings, prices, inputs, chunk
):
    settings.CODEX_CHUNK_SIZE = chunk
    with example(prices) as shop:
        before = whole_shop()

        run = shop.run(**inputs)
        assert (run.status, run.fidelity) == ("succeeded", Decimal(1))
        assert Post.objects.count() == inputs["posts"]
        if run.applied:
            undone = shop.undo(run)
            assert (undone.status, undone.kept) == ("undone", 0)

        assert whole_shop() == before


@given(prices=PRICES, edited=st.sets(st.integers(0, 11)), chunk=st.integers(1, 9))
@PROPERTY
def test_an_undo_keeps_exactly_the_later_edits(example, settings, prices, edited, chunk):
    settings.CODEX_CHUNK_SIZE = chunk
    with example(prices) as shop:
        run = shop.run(add="1.00")
        keys = {f"v{number}" for number in edited}
        touched = Variant.objects.filter(external_key__in=keys, price__isnull=False)
        kept = set(touched.values_list("external_key", flat=True))
        touched.update(price=Decimal("0.01"))
        if not run.applied:
            return

        undone = shop.undo(run)

        assert (undone.kept, undone.restored) == (len(kept), run.applied - len(kept))
        for variant in Variant.objects.all():
            was = prices[int(variant.external_key[1:])]
            wanted = Decimal("0.01") if variant.external_key in kept else was
            assert variant.price == wanted
