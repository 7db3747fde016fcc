"""A part of a plan: exactly what was left, under a fingerprint of its own."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.actors import SystemActor
from core.errors import Invalid, NotAllowed
from stores.models import Campaign, Promotion, Variant
from tests.workflows.conftest import prices
from tests.workflows.kinds import RaisePrices
from tests.workflows.test_properties import PRICES, PROPERTY, example  # noqa: F401
from tests.workflows.test_run import whole_shop
from workflows import queries, services
from workflows.models import Artifact, Plan, PlannedChange
from workflows.types import registry

SCISSORS = SystemActor("scissors", grants=frozenset({"workflows.trim_plan"}))


def trim(plan: Plan, *without: int, **more) -> Plan:
    return services.trim_plan(plan=plan, actor=SCISSORS, without=without, **more)


def rows_of(plan: Plan) -> list[tuple]:
    columns = ("kind", "entity", "target_id", "field", "label", "before", "after", "note")
    return list(PlannedChange.objects.filter(plan=plan).order_by("position").values_list(*columns))


def test_what_is_left_is_the_plan_without_these_rows(shop, plan_of):
    plan = plan_of(posts=2)
    whole = rows_of(plan)

    part = trim(plan, 2, 6)

    assert rows_of(part) == [row for n, row in enumerate(whole, start=1) if n not in (2, 6)]
    positions = PlannedChange.objects.filter(plan=part).order_by("position")
    assert list(positions.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert part.fingerprint == services.stored_fingerprint(part) != plan.fingerprint
    assert (part.change_count, part.trimmed_from_id) == (5, plan.pk)
    assert (part.computed_at, part.inputs, part.seed) == (plan.computed_at, plan.inputs, plan.seed)
    assert rows_of(plan) == whole
    gone = queries.left_out(part).order_by("position").values_list("position", flat=True)
    assert list(gone) == [2, 6]


def test_its_summary_counts_what_is_left(shop, plan_of):
    plan = plan_of(posts=2, tags=["new"])

    summary = trim(plan, 1, 2, 12).summary

    assert summary["effect"] == "9 of 12 changes, a part of this plan: Raises all prices."
    assert summary["effect_marked"].startswith("**9 of 12 changes**, a part of this plan: Raises")
    assert summary["counts"] == {
        "changes": 9,
        "targets": 9,
        "creates": 1,
        "fields": [
            {"entity": "post", "field": "", "label": "Post", "count": 1},
            {"entity": "product", "field": "tags", "label": "Tags", "count": 5},
            {"entity": "variant", "field": "price", "label": "Price", "count": 3},
        ],
        "groups": [
            {"key": "up", "label": "Price up", "risky": False, "count": 3},
            {"key": "none", "label": "Nothing", "risky": False, "count": 0},
        ],
    }
    assert summary["undo"] == {"covered": 9, "total": 9}
    assert summary["histogram"] is None
    assert [metric["hint"] for metric in summary["metrics"]] == ["of the whole plan"]
    assert summary["part"] == {
        "effect": plan.summary["effect"],
        "effect_marked": plan.summary["effect_marked"],
        "kept": 9,
        "total": 12,
        "left_out": 3,
        "taken_along": 0,
    }


def test_files_are_carried_along_and_named_after_the_whole_plan(shop, plan_of):
    plan = plan_of()
    part = trim(trim(plan, 1), 1)

    assert [file["name"] for file in part.summary["artifacts"]] == ["whole-plan-prices.csv"]
    file = queries.artifact(part.pk, "whole-plan-prices.csv")
    whole = queries.artifact(plan.pk, "prices.csv")
    assert (file.sha256, file.size) == (whole.sha256, whole.size)
    assert [bytes(p.data) for p in file.parts.all()] == [bytes(p.data) for p in whole.parts.all()]
    assert Artifact.objects.filter(plan=part).count() == 1


def test_a_part_of_a_part_is_a_part_of_the_whole(shop, plan_of):
    plan = plan_of()
    first = trim(plan, 1, 2)
    second = trim(first, 1)

    assert second.trimmed_from_id == plan.pk
    assert rows_of(second) == rows_of(plan)[3:]
    assert second.summary["effect"] == "2 of 5 changes, a part of this plan: Raises all prices."
    assert second.summary["part"]["left_out"] == 3
    assert queries.left_out(second).count() == 3


@pytest.mark.parametrize(
    ("unticked", "left"),
    [
        ({"matching": [{"group": "up"}]}, ["tags"] * 5),
        ({"matching": [{"field": "product.tags"}]}, ["price"] * 5),
        ({"matching": [{"group": "up"}], "keeping": [2, 4]}, ["price"] * 2 + ["tags"] * 5),
        ({"matching": [{"q": "SKU-3"}], "without": [1]}, ["price"] * 3 + ["tags"] * 5),
        ({"matching": [{"field": "product.tags", "q": "Product 3"}]}, ["price"] * 5 + ["tags"] * 4),
    ],
)
def test_filters_leave_out_all_they_find(shop, plan_of, unticked, left):
    part = services.trim_plan(plan=plan_of(tags=["new"]), actor=SCISSORS, **unticked)

    fields = PlannedChange.objects.filter(plan=part).order_by("position")
    assert list(fields.values_list("field", flat=True)) == left


@pytest.mark.parametrize(
    ("unticked", "field"),
    [
        ({"without": []}, "without"),
        ({"without": [1, 2, 3, 4, 5]}, "without"),
        ({"without": [6]}, "without"),
        ({"matching": [{}]}, "matching"),
        ({"matching": [{"group": ""}]}, "matching"),
        ({"matching": [{"colour": "red"}]}, "matching"),
        ({"matching": [{"group": "up"}]}, "without"),
        ({"without": [3], "keeping": [3]}, "without"),
    ],
)
def test_nothing_all_and_the_unknown_are_refused(shop, plan_of, unticked, field):
    plan = plan_of()

    with pytest.raises(Invalid) as refused:
        services.trim_plan(plan=plan, actor=SCISSORS, **unticked)

    assert list(refused.value.fields) == [field]
    assert Plan.objects.count() == 1
    assert PlannedChange.objects.count() == 5


def test_nobody_trims_by_being_a_member(cast, shop, plan_of):
    plan = plan_of()
    for who in ("olivia", "eddie", "rita"):
        with pytest.raises(NotAllowed):
            services.trim_plan(plan=plan, actor=cast.actor(who), without=[1])
    assert Plan.objects.count() == 1


class Launch(RaisePrices):
    """A campaign, an offer of it, one of none, and prices with their compare-at prices."""

    id = "test.launch"
    together = frozenset({("variant", "price"), ("variant", "compare_at_price")})

    def plan(self, store, inputs, out) -> None:
        campaign = out.create("campaign", "one", "Letter", {"name": "Letter", "subject": "Hi"})
        for key, more in (("with", {"campaign_id": campaign}), ("without", {})):
            offer = {"name": key, "kind": "percent", "value": "10.00", "product_ids": []}
            window = {"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-02T00:00:00Z"}
            out.create("promotion", key, key, offer | window | more)
        for pk, price in Variant.objects.order_by("pk").values_list("pk", "price")[:2]:
            out.set("variant", str(pk), "One", "compare_at_price", Decimal("50.00"), None)
            out.set("variant", str(pk), "One", "price", price, price + 1)
        out.finish(effect="Launches.")


@pytest.fixture
def launch(cast, shop):
    Variant.objects.update(compare_at_price=Decimal("50.00"))
    with registry.temporarily(Launch):
        yield services.make_plan(
            tenant_id=shop.pk,
            workflow_type_id="test.launch",
            inputs={},
            draft_id=None,
            seed="draft_launch",
            actor=cast.actor("eddie"),
        )


@pytest.mark.parametrize(
    ("without", "left", "taken_along"),
    [
        ((1,), [3, 4, 5, 6, 7], 1),
        ((2,), [1, 3, 4, 5, 6, 7], 0),
        ((4,), [1, 2, 3, 6, 7], 1),
        ((7,), [1, 2, 3, 4, 5], 1),
        ((1, 5), [3, 6, 7], 2),
    ],
)
def test_what_cannot_stand_alone_goes_too(launch, without, left, taken_along):
    whole = rows_of(launch)

    part = trim(launch, *without)

    assert rows_of(part) == [whole[position - 1] for position in left]
    assert part.summary["part"]["taken_along"] == taken_along


def test_when_all_hangs_on_it_the_refusal_says_so(launch):
    with pytest.raises(Invalid) as refused:
        trim(launch, 1, 3, 4, 6)
    assert "cannot stand without" in str(refused.value.fields["without"][0])


def test_a_trimmed_plan_runs_and_nothing_else(cast, launch, run_of, work):
    """Through the engine: the shop afterwards is the part, and the undo gives it back."""
    before = whole_shop()
    part = trim(launch, 1, 4)

    run = work(run_of(part))

    assert (run.status, run.applied, run.total, run.fidelity) == ("succeeded", 3, 3, 1)
    assert prices() == ["10.00", "12.00", "12.00", "13.00", "14.00"]
    assert Campaign.objects.count() == 0
    assert list(Promotion.objects.values_list("name", flat=True)) == ["without"]

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    assert work(run).status == "undone"
    assert whole_shop() == before


@PROPERTY
@given(prices=PRICES, posts=st.integers(0, 3), data=st.data())
def test_any_part_has_the_fingerprint_of_its_rows_and_runs_as_itself(
    example,  # noqa: F811
    run_of,
    work,
    cast,
    prices,
    posts,
    data,
):
    with example(prices):
        plan = example.plan(posts=posts)
        count = plan.change_count
        if count < 2:
            return
        out = data.draw(st.sets(st.integers(1, count), min_size=1, max_size=count - 1))
        whole, before = rows_of(plan), whole_shop()

        part = trim(plan, *out)

        kept = [row for number, row in enumerate(whole, start=1) if number not in out]
        assert rows_of(part) == kept
        assert services.stored_fingerprint(part) == part.fingerprint != plan.fingerprint
        assert services.plan_is_fresh(part)
        run = work(run_of(part))
        assert (run.applied, run.fidelity) == (len(kept), 1)
        services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
        assert work(run).status == "undone"
        assert whole_shop() == before


def test_the_database_keeps_a_part_from_being_its_own_whole(shop, plan_of):
    part = trim(plan_of(), 1)
    for statement in (
        "UPDATE workflow_plans SET trimmed_from_id = id WHERE id = %s",
        "UPDATE workflow_plans SET change_count = 0 WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="plan_"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [part.pk])
