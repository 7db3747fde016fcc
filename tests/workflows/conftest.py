"""A shop of a few products, a type that is only registered in tests, and runs made with both."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from core.scope import scope
from stores.models import Product, Variant
from tests.workflows.kinds import RaisePrices
from workflows import services
from workflows.models import Plan, Workflow
from workflows.types import registry


@pytest.fixture(autouse=True)
def raise_prices() -> Iterator[RaisePrices]:
    with registry.temporarily(RaisePrices) as kind:
        yield kind


def make_shop(tenant_id: str, count: int = 5) -> None:
    """``count`` products with one variant each, prices 10.00, 11.00, …"""
    Product.objects.bulk_create(
        Product(
            id=f"product_{number:06}",
            tenant_id=tenant_id,
            external_key=f"key-{number}",
            handle=f"handle-{number}",
            title=f"Product {number}",
        )
        for number in range(count)
    )
    Variant.objects.bulk_create(
        (
            Variant(
                tenant_id=tenant_id,
                product_id=f"product_{number:06}",
                external_key=f"key-{number}",
                sku=f"SKU-{number}",
                title=f"Product {number}",
                price=Decimal(10 + number % 90),
            )
            for number in range(count)
        ),
        batch_size=5000,
    )


@pytest.fixture
def shop(in_tenant):
    """Five products in the tenant, inside its scope."""
    make_shop(in_tenant.pk)
    return in_tenant


Make = Callable[..., Plan]


@pytest.fixture
def plan_of(cast) -> Make:
    def plan_of(**inputs: object) -> Plan:
        return services.make_plan(
            tenant_id=cast.tenant.pk,
            workflow_type_id="test.raise_prices",
            inputs=inputs,
            draft_id=None,
            seed="draft_test",
            actor=cast.actor("eddie"),
        )

    return plan_of


@pytest.fixture
def run_of(cast, plan_of):
    """A run that is due, as eddie's conversion would leave it."""

    def run_of(plan: Plan | None = None, **more: object) -> Workflow:
        plan = plan or plan_of()
        return services.create_workflow(
            plan=plan,
            name="Raise prices",
            inputs=plan.inputs,
            draft_id=None,
            actor=cast.actor("eddie"),
            **more,
        )

    return run_of


@pytest.fixture
def work(cast):
    """What a worker does with a message, in this process."""

    def work(run: Workflow) -> Workflow:
        services.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
        with scope(tenant_id=run.tenant_id):
            return Workflow.objects.get(pk=run.pk)

    return work


def prices() -> list[str]:
    return [str(price) for price in Variant.objects.order_by("pk").values_list("price", flat=True)]
