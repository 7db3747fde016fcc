"""Plans: what they hold, that planning writes nothing, and what happens when a type goes wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from core.errors import Invalid, NotAllowed
from core.models import Event
from stores.models import Variant
from tests.workflows.conftest import make_shop, prices
from workflows import queries, services
from workflows.models import Artifact, Plan, PlannedChange
from workflows.planning.errors import PlanFailed


def rows(plan: Plan) -> list[tuple]:
    return list(
        plan.changes.order_by("position").values_list(
            "position", "kind", "entity", "label", "field", "before", "after"
        )
    )


def test_a_plan_holds_every_change_with_its_before_value(shop, plan_of):
    plan = plan_of(add="1.50")

    assert rows(plan) == [
        (n + 1, "set", "variant", f"Product {n}", "price", f"{10 + n}.00", f"{11 + n}.50")
        for n in range(5)
    ]
    assert plan.change_count == 5


def test_a_plan_says_its_effect_and_figures(shop, plan_of):
    summary = plan_of(posts=2).summary

    assert summary["effect"] == "Raises all prices."
    assert summary["effect_marked"] == "Raises **all prices**."
    assert summary["counts"] == {
        "changes": 7,
        "targets": 7,
        "creates": 2,
        "fields": [
            {"entity": "post", "field": "", "label": "Post", "count": 2},
            {"entity": "variant", "field": "price", "label": "Price", "count": 5},
        ],
        "groups": [
            {"key": "up", "label": "Price up", "risky": False, "count": 5},
            {"key": "none", "label": "Nothing", "risky": False, "count": 0},
        ],
    }
    assert summary["metrics"] == [
        {"key": "add", "label": "Adds", "value": "1.00", "display": "£1.00", "hint": "each"}
    ]
    assert summary["risk"]["level"] == "medium"
    assert summary["risk"]["reasons"][1] == {
        "text": "Many prices",
        "level": "medium",
        "points": 10,
        "source": "type",
    }
    assert summary["limits"] == []
    assert summary["warnings"] == [
        {"code": "test", "text": "Mind this.", "targets": ["One", "Two"], "count": 2}
    ]
    assert summary["artifacts"] == [{"name": "prices.csv", "media_type": "text/csv", "size": 18}]
    assert summary["estimate"] == {"seconds": 1, "runs": 0}
    assert summary["undo"] == {"covered": 7, "total": 7}


def test_planning_writes_nothing_to_the_shop(shop, plan_of):
    before = list(Variant.objects.order_by("pk").values())

    plan_of(posts=3, tags=["new"])

    assert list(Variant.objects.order_by("pk").values()) == before


def test_planned_twice_the_fingerprint_is_the_same(shop, plan_of):
    assert plan_of(posts=3).fingerprint == plan_of(posts=3).fingerprint


@pytest.mark.parametrize("inputs", [{"add": "1.01"}, {"posts": 1}, {"tags": ["x"]}])
def test_other_inputs_give_another_fingerprint(shop, plan_of, inputs):
    assert plan_of().fingerprint != plan_of(**inputs).fingerprint


def test_a_moved_price_gives_another_fingerprint(shop, plan_of):
    first = plan_of().fingerprint
    Variant.objects.filter(sku="SKU-3").update(price="13.01")

    assert plan_of().fingerprint != first


@pytest.mark.parametrize("inputs", [{}, {"posts": 3, "tags": ["a", "ä\\\n\t"]}, {"unsorted": True}])
def test_the_fingerprint_can_be_computed_again_from_the_rows(shop, plan_of, inputs):
    plan = plan_of(**inputs)

    assert services.stored_fingerprint(plan) == plan.fingerprint


def test_the_order_a_type_speaks_in_is_kept_but_not_part_of_the_changes(shop, plan_of):
    plan = plan_of(unsorted=True)
    blocks_differ_only_by_input = plan_of()

    assert [row[3] for row in rows(plan)] == [f"Product {n}" for n in (4, 3, 2, 1, 0)]
    assert plan.fingerprint != blocks_differ_only_by_input.fingerprint
    assert plan.summary["counts"]["targets"] == 5


def test_a_changed_row_is_seen_by_the_fingerprint(shop, plan_of):
    plan = plan_of()
    PlannedChange.objects.filter(plan=plan, position=2).update(after="99.00")

    assert services.stored_fingerprint(plan) != plan.fingerprint


def test_created_rows_have_ids_that_follow_from_the_seed(shop, plan_of):
    ids = [
        list(plan_of(posts=2).changes.filter(kind="create").values_list("target_id")) for _ in "ab"
    ]

    assert ids[0] == ids[1]
    assert ids[0][0] != ids[0][1]


def test_a_change_that_changes_nothing_is_left_out(shop, plan_of):
    assert plan_of(add="0").change_count == 0


def test_a_fresh_plan_goes_stale_when_a_target_moves(shop, plan_of):
    plan = plan_of()
    assert services.plan_is_fresh(plan)

    Variant.objects.filter(sku="SKU-1").update(price="1.00")

    assert not services.plan_is_fresh(plan)


def test_a_plan_of_an_older_version_of_its_type_is_stale(shop, plan_of, raise_prices, monkeypatch):
    plan = plan_of()
    monkeypatch.setattr(type(raise_prices), "version", 2)

    assert not services.plan_is_fresh(plan)


def test_files_are_kept_in_parts(shop, plan_of):
    plan = plan_of()
    artifact = queries.artifact(plan.pk, "prices.csv")

    assert b"".join(bytes(part.data) for part in artifact.parts.order_by("number")) == (
        b"row 0\nrow 1\nrow 2\n"
    )
    assert artifact.size == 18


@pytest.mark.parametrize(
    ("inputs", "fields"),
    [
        ({"add": "a lot"}, {"inputs.add": ["This has to be a number."]}),
        ({"add": 501}, {"inputs.add": ["Has to be 500 or less."]}),
        ({"posts": -1}, {"inputs.posts": ["Has to be 0 or more."]}),
        ({"tags": [1]}, {"inputs.tags.0": ["This has to be text."]}),
        ({"price": 1}, {"inputs.price": ["There is no such input."]}),
        ({"fail": "needs"}, {"inputs.tags": ["Your shop has no tags yet."]}),
    ],
)
def test_bad_inputs_are_named_field_by_field(shop, plan_of, inputs, fields):
    with pytest.raises(Invalid) as refused:
        plan_of(**inputs)

    assert refused.value.fields == fields
    assert Plan.objects.count() == 0


def test_an_unknown_type_is_named(shop, cast):
    with pytest.raises(Invalid) as refused:
        services.validate_inputs("nobody.knows", {})

    assert list(refused.value.fields) == ["workflow_type_id"]


def test_inputs_come_back_with_their_defaults(shop):
    assert services.validate_inputs("test.raise_prices", {"posts": 2}) == {
        "add": "1.00",
        "posts": 2,
        "unsorted": False,
        "tags": [],
        "fail": "",
    }


@pytest.mark.parametrize(
    "fail",
    [
        "raise",
        "write",
        "write late",
        "float",
        "twice",
        "twice apart",
        "negative",
        "unknown field",
        "nul",
        "nul in a list",
        "file name",
        "no finish",
    ],
)
def test_a_type_that_goes_wrong_leaves_nothing_and_gives_a_reference(shop, plan_of, fail):
    before = prices()

    with pytest.raises(PlanFailed) as failed:
        plan_of(fail=fail)

    assert failed.value.extra["reference"].startswith("fault_")
    assert prices() == before
    assert (Plan.objects.count(), PlannedChange.objects.count(), Artifact.objects.count()) == (
        0,
        0,
        0,
    )


def test_after_a_failed_plan_the_next_one_works_in_the_same_transaction(shop, plan_of):
    with pytest.raises(PlanFailed):
        plan_of(fail="write late")

    assert plan_of().change_count == 5
    Variant.objects.filter(sku="SKU-1").update(price=Decimal(5))


def test_a_viewer_may_not_plan(shop, cast):
    with pytest.raises(NotAllowed):
        services.make_plan(
            tenant_id=cast.tenant.pk,
            workflow_type_id="test.raise_prices",
            inputs={},
            draft_id=None,
            seed="x",
            actor=cast.actor("vera"),
        )

    assert Plan.objects.count() == 0
    assert Event.objects.count() == 0


def test_a_plan_over_several_batches_is_whole(cast, in_tenant, plan_of):
    make_shop(in_tenant.pk, 12_345)

    plan = plan_of()

    assert plan.change_count == plan.changes.count() == 12_345
    assert services.stored_fingerprint(plan) == plan.fingerprint


def test_old_previews_that_nothing_refers_to_are_forgotten(shop, plan_of, run_of):
    kept_for_its_run, kept_for_its_age, forgotten = plan_of(), plan_of(), plan_of()
    run_of(kept_for_its_run)
    yesterday = timezone.now() - timedelta(days=2)
    old = Plan.objects.filter(pk__in=[kept_for_its_run.pk, forgotten.pk])
    old.update(computed_at=yesterday)

    assert services.prune_plans() == 1
    assert set(Plan.objects.values_list("pk", flat=True)) == {
        kept_for_its_run.pk,
        kept_for_its_age.pk,
    }
    assert PlannedChange.objects.filter(plan_id=forgotten.pk).count() == 0


def test_beat_knows_the_sweeps(db):
    names = PeriodicTask.objects.filter(task__startswith="workflows.", enabled=True)
    assert set(names.values_list("task", flat=True)) == {"workflows.sweep", "workflows.prune_plans"}
