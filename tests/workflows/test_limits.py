"""Limits of a tenant: who changes them, what they say, and that nothing passes them by."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from core.errors import Conflict, Invalid, NotAllowed
from core.models import Event
from stores.models import Variant
from tests.workflows.anything import Anything, make_selling_shop, plan_anything
from workflows import restraints, services
from workflows.models import LimitSet, Workflow
from workflows.services import OutsideLimits
from workflows.types import registry


@pytest.fixture(autouse=True)
def anything():
    with registry.temporarily(Anything) as kind:
        yield kind


@pytest.fixture
def selling(in_tenant):
    make_selling_shop(in_tenant)
    return in_tenant


@pytest.fixture
def limit(cast):
    def limit(family: str = "", who: str = "olivia", **limits):
        held = restraints.limit_set(family)
        return services.set_limits(
            tenant_id=cast.tenant.pk,
            limits=limits,
            family=family,
            number=held.number if held else 0,
            actor=cast.actor(who),
        )

    return limit


def said(plan) -> list[str]:
    return [breach["text"] for breach in services.breached_limits(plan)]


OFFER = {"kind": "percent", "value": 40, "days": 90, "handles": ["mug"]}
BREACHES = [
    (
        {"max_items": 2},
        {"prices": {"mug-s": "10.10", "mug-l": "20.10", "tray": "40.10"}},
        "Touches 3 items; your limit is 2.",
    ),
    (
        {"max_step_percent": 25},
        {"prices": {"mug-s": "13.20"}},
        "Raises prices by up to 32%; your limit is 25%.",
    ),
    (
        {"max_step_percent": 25},
        {"prices": {"mug-s": "7.49"}},
        "Lowers prices by up to 25.1%; your limit is 25%.",
    ),
    (
        {"max_discount_percent": Decimal("39.5")},
        {"offers": [OFFER]},
        "Gives discounts of up to 40%; your limit is 39.5%.",
    ),
    (
        {"max_discount_percent": 30},
        {"beside": {"tray": "80.00"}},
        "Gives discounts of up to 50%; your limit is 30%.",
    ),
    (
        {"max_money_at_risk": Decimal("24.99")},
        {"prices": {"mug-s": "11.00"}},
        "Puts £25.00 at risk; your limit is £24.99.",
    ),
    (
        {"max_revenue_percent": 50},
        {"titles": {"mug": "Mug!"}},
        "Touches products that bring in 69.23% of the revenue; your limit is 50%.",
    ),
    (
        {"max_recipients": 1_000},
        {"letters": [700, 301]},
        "Writes to 1,001 customers; your limit is 1,000.",
    ),
]


@pytest.mark.parametrize(("limits", "inputs", "text"), BREACHES)
def test_a_plan_says_each_limit_it_breaks(selling, cast, limit, limits, inputs, text):
    before = plan_anything(cast, **inputs)
    assert before.summary["limits"] == []
    limit(**limits)

    plan = plan_anything(cast, **inputs)

    assert [breach["text"] for breach in plan.summary["limits"]] == [text]
    assert said(before) == [text]  # judged by the limits of now
    with pytest.raises(OutsideLimits) as refused:
        services.require_within_limits(before)
    assert refused.value.fields == {"limits": [text]}
    assert refused.value.status == 422
    assert refused.value.extra["limits"] == plan.summary["limits"]


def test_at_the_limit_is_inside_it(selling, cast, limit):
    limit(max_step_percent=20, max_items=1, max_money_at_risk=50)

    assert said(plan_anything(cast, prices={"mug-s": "12.00"})) == []


def test_a_family_has_limits_of_its_own_beside_those_of_all(selling, cast, limit):
    limit(max_step_percent=30)
    limit("test", max_step_percent=10)
    limit("pricing", max_step_percent=1)

    assert said(plan_anything(cast, prices={"mug-s": "12.00"})) == [
        "Raises prices by up to 20%; your limit for Test is 10%."
    ]
    limit("test", max_step_percent=40)
    assert said(plan_anything(cast, prices={"mug-s": "12.00"})) == []
    assert said(plan_anything(cast, prices={"mug-s": "13.50"})) == [
        "Raises prices by up to 35%; your limit is 30%."
    ]


def test_unknown_money_is_not_too_much_but_is_said(in_tenant, cast, limit):
    make_selling_shop(in_tenant)
    from stores.models import OrderLine

    OrderLine.objects.all().delete()
    limit(max_money_at_risk=0)

    plan = plan_anything(cast, prices={"mug-s": "11.00"})

    assert said(plan) == []
    assert "is not known" in plan.summary["risk"]["reasons"][0]["text"]


def test_each_change_is_a_version_and_an_event(selling, cast, limit):
    limit(max_items=10)
    limit(max_items=20, max_step_percent="12.5")

    held = restraints.limit_sets()

    assert [(one.number, one.max_items) for one in held] == [(2, 20)]
    assert LimitSet.objects.count() == 2
    changed = Event.objects.filter(kind="limits.changed").order_by("at", "id").last()
    assert changed.actor_id == cast.olivia.pk
    assert changed.data == {
        "family": "",
        "changed": {"max_items": ["10", "20"], "max_step_percent": [None, "12.5"]},
    }


def test_two_people_cannot_overwrite_each_other(selling, cast, limit):
    limit(max_items=10)
    with pytest.raises(Conflict):
        services.set_limits(tenant_id=cast.tenant.pk, limits={}, number=0, actor=cast.actor("adam"))
    assert restraints.limit_set("").max_items == 10


@pytest.mark.parametrize("who", ["eddie", "vera"])
def test_only_owners_and_admins_change_them(selling, cast, limit, who):
    with pytest.raises(NotAllowed):
        limit(who=who, max_items=10)
    assert LimitSet.objects.count() == 0


@pytest.mark.parametrize(
    "limits",
    [{"max_items": 0}, {"max_discount_percent": 101}, {"max_step_percent": -1}, {"most": 3}],
)
def test_nonsense_is_refused_by_field(selling, limit, limits):
    with pytest.raises(Invalid) as refused:
        limit(**limits)
    assert list(refused.value.fields) == list(limits)
    assert LimitSet.objects.count() == 0


def test_an_unknown_family_is_refused(selling, limit):
    with pytest.raises(Invalid):
        limit("magic", max_items=3)


@pytest.mark.parametrize(
    "facts",
    [{"number": 0}, {"max_items": 0}, {"max_discount_percent": 101}, {"max_money_at_risk": -1}],
)
def test_the_database_refuses_nonsense_too(in_tenant, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        LimitSet.objects.create(tenant=in_tenant, **{"number": 1, **facts})


def test_the_database_keeps_every_version(selling, limit):
    limit(max_items=3)
    for write in (
        lambda: LimitSet.objects.update(max_items=4),
        lambda: LimitSet.objects.all().delete(),
    ):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            write()
    assert [one.max_items for one in LimitSet.objects.all()] == [3]


def test_a_run_is_not_made_outside_the_limits_whoever_asks(selling, cast, limit):
    plan = plan_anything(cast, prices={"mug-s": "13.20"})
    limit(max_step_percent=25)

    with pytest.raises(OutsideLimits):
        services.create_workflow(
            plan=plan, name="Too far", inputs={}, draft_id=None, actor=cast.actor("olivia")
        )

    assert Workflow.objects.count() == 0
    assert Variant.objects.get(sku="mug-s").price == Decimal("10.00")


def test_a_direct_run_is_held_by_them_too(selling, cast, limit):
    selling.allows_direct_runs = True
    selling.save()
    limit(max_step_percent=25)

    with pytest.raises(OutsideLimits):
        services.run_directly(
            actor=cast.actor("olivia"),
            workflow_type_id="test.anything",
            name="Too far",
            inputs={"prices": {"mug-s": "13.20"}},
        )
    assert Workflow.objects.count() == 0
