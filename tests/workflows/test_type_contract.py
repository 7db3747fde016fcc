"""What every registered type has to keep, whoever writes it."""

import json
from datetime import timedelta
from decimal import Decimal

import jsonschema
import pytest

from core.errors import Invalid
from stores.models import TrafficDay
from tests.stores.factories import make_image, make_order
from tests.workflows.test_run import whole_shop
from tests.workflows.types.shops import TODAY, make_clock, make_priced, plan_for
from workflows import services
from workflows.models import ChangeResult, Workflow
from workflows.types import registry
from workflows.types.base import RiskLevel, WorkflowType

# For each type the least a person has to say; a type without a line here fails the build.
LEAST = {
    "content.product_descriptions": {},
    "marketing.conversion_optimization": {},
    "marketing.launch_campaign": {},
    "marketing.seasonal_campaign": {},
    "pricing.dynamic_pricing": {},
    "seo.audit": {},
    "social.content_calendar": {"platforms": ["instagram"], "posts": 6},
}
KINDS = sorted(set(LEAST) & {kind.id for kind in registry.all()})


@pytest.fixture
def shop(in_tenant):
    """A little of everything: prices out of line, thin texts, sales, visits, pictures."""
    make_clock(in_tenant)
    for number, (title, price, market) in enumerate(
        [
            ("Blue mug", "20.00", ["22.00", "23.00"]),
            ("Walnut cheese board", "32.00", ["29.00"]),
            ("RED LANTERN  ", "18.00", ["21.00", "22.50"]),
            ("Wildflower seed tin", "8.00", []),
        ]
    ):
        variant = make_priced(
            in_tenant, title, price, cost="4.00", market=market, sold=number + 2, tags=["gift"]
        )
        make_image(variant.product)
    for number in range(130):
        age = 10 + 20 * (number // 30) + number % 5 if number < 90 else 300
        make_order(
            in_tenant,
            day=TODAY - timedelta(days=age),
            customer_hash=f"{number if number >= 90 else number % 30:032}",
            lines=[(variant, 1 + number % 30, Decimal("8.00"))],
        )
    TrafficDay.objects.create(
        tenant=in_tenant,
        date=TODAY,
        breakdown="total",
        name="",
        sessions=900,
        key_events=9,
        revenue=Decimal(300),
    )
    return in_tenant


def test_every_registered_type_is_held_to_its_contract():
    assert {kind.id for kind in registry.all() if not kind.id.startswith("test.")} == set(LEAST)


@pytest.fixture(params=KINDS)
def kind(request) -> WorkflowType:
    return registry.get(request.param)


def untitled(schema: dict) -> list[str]:
    """Properties without a title, their own or that of what they refer to."""
    parts = schema.get("$defs", {})
    found = []
    for part in (schema, *parts.values()):
        for name, field in part.get("properties", {}).items():
            referred = parts.get(field.get("$ref", "").rpartition("/")[2], {})
            if not (field.get("title") or referred.get("title")):
                found.append(name)
    return found


def test_the_schema_is_one_and_explains_each_field(kind):
    schema = json.loads(json.dumps(kind.schema()))

    jsonschema.Draft202012Validator.check_schema(schema)
    assert untitled(schema) == []
    fields = schema["properties"].items()
    assert [name for name, field in fields if not field.get("description")] == []


def test_a_type_says_what_it_is(kind):
    assert kind.id.count(".") == 1
    assert kind.version >= 1
    assert kind.risk in RiskLevel
    assert all(str(text) for text in (kind.title, kind.description, kind.makes))


def test_a_plan_writes_nothing_and_is_the_same_twice(shop, cast, kind):
    before = whole_shop()

    one = plan_for(cast, kind.id, **LEAST[kind.id])
    again = plan_for(cast, kind.id, **LEAST[kind.id])

    assert whole_shop() == before
    assert one.fingerprint == again.fingerprint == services.stored_fingerprint(one)
    assert one.summary["effect"].strip()
    assert services.plan_is_fresh(one)


def test_a_run_is_its_plan_and_an_undo_the_way_back(shop, cast, kind, work):
    before = whole_shop()
    plan = plan_for(cast, kind.id, **LEAST[kind.id])
    if plan.change_count == 0:
        pytest.skip("this shop gives the type nothing to do")
    run = services.create_workflow(
        plan=plan,
        name=kind.id,
        inputs=plan.inputs,
        draft_id=None,
        actor=cast.actor("eddie"),
    )

    run = work(run)
    skipped = ChangeResult.objects.filter(workflow_id=run.pk, outcome="skipped")
    assert list(skipped.values_list("position", "why", "reason")) == []
    assert (run.status, run.fidelity) == ("succeeded", Decimal(1))
    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert (run.status, run.kept) == ("undone", 0)
    assert whole_shop() == before


def test_unknown_inputs_are_refused_at_their_name(shop, cast, kind):
    with pytest.raises(Invalid) as refused:
        plan_for(cast, kind.id, **LEAST[kind.id], no_such_input=1)

    assert list(refused.value.fields) == ["inputs.no_such_input"]
    assert Workflow.objects.count() == 0
