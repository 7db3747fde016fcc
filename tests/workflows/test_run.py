"""Runs in this process: apply, drift, cancel, undo. Workers and crashes are in test_worker.py."""

from decimal import Decimal

import pytest
from django.db import connection

from core.errors import IllegalMove, NotAllowed, NotFound
from core.models import Event
from core.scope import scope
from notifications.models import Notice
from stores.models import Campaign, Post, Product, ProductImage, Promotion, Variant
from tests.workflows.conftest import prices
from workflows import queries, services
from workflows.engine.lease import Claim, Fenced, holding
from workflows.models import ChangeResult, Workflow
from workflows.services import execution
from workflows.states import RunState

BEFORE = ["10.00", "11.00", "12.00", "13.00", "14.00"]
AFTER = ["11.00", "12.00", "13.00", "14.00", "15.00"]


@pytest.fixture(params=[2, 1000])
def chunk_size(request, settings):
    settings.CODEX_CHUNK_SIZE = request.param
    return request.param


def kinds_of_events(run: Workflow) -> list[str]:
    return [event.kind for event in reversed(queries.timeline(run))]


def outcomes(run: Workflow, phase: str) -> list[tuple[int, str, str, object]]:
    return list(
        ChangeResult.objects.filter(workflow_id=run.pk, phase=phase)
        .order_by("position")
        .values_list("position", "outcome", "why", "found")
    )


def whole_shop() -> list[list[tuple]]:
    """Every value of every row, times of change aside."""
    return [
        [
            tuple(value for name, value in sorted(row.items()) if name != "updated_at")
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Product, Variant, ProductImage, Post, Campaign, Promotion)
    ]


def test_a_run_does_exactly_what_was_planned(shop, run_of, work, plan_of, chunk_size):
    run = work(run_of(plan_of(posts=3, tags=["new"])))

    assert prices() == AFTER
    assert list(Product.objects.values_list("tags", flat=True)) == [["new"]] * 5
    assert Post.objects.filter(created_by=run.pk).count() == 3
    assert (run.status, run.done, run.applied, run.skipped) == ("succeeded", 13, 13, 0)
    assert run.fidelity == Decimal(1)
    assert [row[1] for row in outcomes(run, "apply")] == ["applied"] * 13
    assert kinds_of_events(run) == [
        "workflow.created",
        "workflow.started",
        "workflow.checked",
        "workflow.succeeded",
    ]


def test_a_run_that_is_done_does_nothing_when_called_again(shop, run_of, work):
    run = work(run_of())
    Variant.objects.update(price=Decimal(1))

    again = work(run)

    assert prices() == ["1.00"] * 5
    assert (again.fence, again.status) == (run.fence, run.status)


def test_drift_before_the_start_stops_everything_and_names_what_moved(
    shop, run_of, work, chunk_size
):
    run = run_of()
    Variant.objects.filter(sku="SKU-3").update(price="12.34")

    run = work(run)

    assert prices() == ["10.00", "11.00", "12.00", "12.34", "14.00"]
    assert (run.status, run.done, run.applied, run.fidelity) == ("stopped_by_drift", 0, 0, None)
    assert outcomes(run, "drift") == [(4, "moved", "drifted", "12.34")]
    stopped = queries.timeline(run)[0]
    assert (stopped.kind, stopped.data) == (
        "workflow.stopped_by_drift",
        {"moved": 1, "first": ["Product 3 · price"]},
    )


def test_a_target_that_is_gone_is_drift_too(shop, run_of, work):
    run = run_of()
    Product.objects.get(pk="product_000002").delete()

    run = work(run)

    assert run.status == RunState.STOPPED_BY_DRIFT
    assert outcomes(run, "drift") == [(3, "moved", "missing", None)]


def test_drift_after_the_start_is_skipped_and_told(shop, run_of, work, settings, monkeypatch):
    settings.CODEX_CHUNK_SIZE = 2
    run = run_of()
    real = execution.apply_chunk

    def somebody_edits_meanwhile(row):
        if row.done == 2:
            Variant.objects.filter(sku="SKU-3").update(price="12.34")
        real(row)

    monkeypatch.setattr(execution, "apply_chunk", somebody_edits_meanwhile)
    run = work(run)

    assert prices() == ["11.00", "12.00", "13.00", "12.34", "15.00"]
    assert (run.status, run.applied, run.skipped) == ("succeeded", 4, 1)
    assert run.fidelity == Decimal("0.8")
    assert outcomes(run, "apply")[3] == (4, "skipped", "drifted", "12.34")


def test_run_then_undo_leaves_every_field_as_it_was(shop, cast, run_of, work, plan_of, chunk_size):
    before = whole_shop()
    run = work(run_of(plan_of(posts=3, tags=["new"])))
    assert whole_shop() != before

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert whole_shop() == before
    assert (run.status, run.restored, run.kept) == ("undone", 13, 0)
    assert kinds_of_events(run)[-3:] == [
        "workflow.undo_started",
        "workflow.resumed",
        "workflow.undone",
    ]


def test_an_edit_made_since_is_kept_and_listed(shop, cast, run_of, work, chunk_size):
    run = work(run_of())
    Variant.objects.filter(sku="SKU-1").update(price="50.00")

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert prices() == ["10.00", "50.00", "12.00", "13.00", "14.00"]
    assert (run.status, run.restored, run.kept) == ("undo_incomplete", 4, 1)
    assert outcomes(run, "undo")[1] == (2, "kept", "drifted", "50.00")


def test_an_incomplete_undo_can_be_tried_again(shop, cast, run_of, work, chunk_size):
    run = work(run_of())
    Variant.objects.filter(sku="SKU-1").update(price="50.00")
    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)
    Variant.objects.filter(sku="SKU-1").update(price="12.00")

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert prices() == BEFORE
    assert (run.status, run.restored, run.kept) == ("undone", 5, 0)
    assert [row[1] for row in outcomes(run, "undo")] == ["restored"] * 5


def test_undo_of_a_created_row_keeps_what_somebody_edited(shop, cast, run_of, work, plan_of):
    run = work(run_of(plan_of(add="0", posts=2)))
    edited = Post.objects.order_by("scheduled_at").first()
    Post.objects.filter(pk=edited.pk).update(caption="Mine now")

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert list(Post.objects.values_list("caption", flat=True)) == ["Mine now"]
    assert (run.status, run.restored, run.kept) == ("undo_incomplete", 1, 1)


def test_undo_of_a_created_row_somebody_deleted_is_done(shop, cast, run_of, work, plan_of):
    run = work(run_of(plan_of(add="0", posts=2)))
    Post.objects.first().delete()

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert Post.objects.count() == 0
    assert run.status == RunState.UNDONE


def test_undo_puts_back_only_what_was_applied(shop, cast, run_of, work, settings, monkeypatch):
    settings.CODEX_CHUNK_SIZE = 2
    run = run_of()
    real = execution.apply_chunk

    def stopped_after_one(row):
        real(row)
        services.cancel_workflow(workflow_id=row.pk, actor=cast.actor("olivia"))

    monkeypatch.setattr(execution, "apply_chunk", stopped_after_one)
    run = work(run)
    assert prices() == ["11.00", "12.00", "12.00", "13.00", "14.00"]
    assert (run.status, run.done, run.applied) == ("cancelled", 2, 2)
    assert run.fidelity == Decimal("0.4")

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("olivia"))
    run = work(run)

    assert prices() == BEFORE
    assert (run.status, run.restored) == ("undone", 2)


def test_a_waiting_run_starts_only_when_asked(shop, cast, run_of, work):
    run = work(run_of(auto_execute=False))
    assert (run.status, run.fence, prices()) == ("pending", 0, BEFORE)

    services.start_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))

    assert work(run).status == RunState.SUCCEEDED


def test_a_run_with_a_due_time_waits_for_it(shop, run_of, work):
    later = queries.database_now().replace(year=2027, month=1)

    run = work(run_of(run_at=later))

    assert (run.status, run.due_at, prices()) == ("pending", later, BEFORE)


def test_a_waiting_run_that_is_cancelled_never_starts(shop, cast, run_of, work):
    run = run_of()

    services.cancel_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    run = work(run)

    assert (run.status, run.fence, prices()) == ("cancelled", 0, BEFORE)
    with pytest.raises(IllegalMove):
        services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))


@pytest.mark.parametrize("service", ["start_workflow", "cancel_workflow", "undo_workflow"])
@pytest.mark.parametrize(
    ("who", "refusal"), [("vera", NotAllowed), ("bob", NotAllowed), ("stranger", NotAllowed)]
)
def test_who_may_not_move_a_run_moves_nothing(shop, cast, run_of, service, who, refusal):
    run = run_of(auto_execute=False)
    events = Event.objects.count()

    with pytest.raises(refusal):
        getattr(services, service)(workflow_id=run.pk, actor=cast.actor(who))

    assert Workflow.objects.get().status == RunState.PENDING
    assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["olivia", "adam", "eddie"])
def test_who_may_undo(shop, cast, run_of, work, who):
    run = work(run_of())

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor(who))

    assert work(run).status == RunState.UNDONE


def test_a_run_that_is_not_there(shop, cast):
    with pytest.raises(NotFound):
        services.start_workflow(workflow_id="workflow_nobody", actor=cast.actor("olivia"))


def test_a_worker_that_lost_its_lease_cannot_write(shop, run_of, cast):
    run = run_of()
    stale = execution._claim(run.tenant_id, run.pk)
    Workflow.objects.update(lease_until=queries.database_now())
    fresh = execution._claim(run.tenant_id, run.pk)

    assert (stale.fence, fresh.fence) == (1, 2)
    with pytest.raises(Fenced), holding(stale):
        raise AssertionError("the stale worker got in")
    with holding(fresh) as held:
        assert held.pk == run.pk


def test_a_claimed_run_is_not_claimed_twice(shop, run_of):
    run = run_of()

    assert isinstance(execution._claim(run.tenant_id, run.pk), Claim)
    assert execution._claim(run.tenant_id, run.pk) is None


def test_a_run_whose_workers_die_again_and_again_is_given_up(shop, run_of, work, settings):
    run = run_of()
    for _ in range(settings.CODEX_RUN_ATTEMPTS):
        assert execution._claim(run.tenant_id, run.pk) is not None
        Workflow.objects.update(lease_until=queries.database_now())

    run = work(run)

    assert (run.status, run.done, prices()) == ("failed", 0, BEFORE)
    assert run.error == "Given up: its worker died 5 times without getting further."
    assert kinds_of_events(run)[-1] == "workflow.given_up"


class Died(BaseException):
    """What a killed worker leaves behind: nothing of its transaction, and no goodbye."""


def test_a_chunk_that_kills_every_worker_is_given_up_too(shop, run_of, work, settings, monkeypatch):
    run = run_of()

    def kills(row):
        raise Died

    monkeypatch.setattr(execution, "apply_chunk", kills)
    for _ in range(settings.CODEX_RUN_ATTEMPTS):
        with pytest.raises(Died):
            work(run)
        Workflow.objects.update(lease_until=queries.database_now())

    run = work(run)

    assert (run.status, run.done, prices()) == ("failed", 0, BEFORE)
    assert kinds_of_events(run).count("workflow.started") == 1


def test_a_fault_while_writing_fails_the_run_with_a_reference(
    shop, run_of, work, settings, monkeypatch
):
    settings.CODEX_CHUNK_SIZE = 2
    run = run_of()
    real = execution.apply_chunk

    def breaks_in_the_second(row):
        real(row)
        if row.done == 2:
            raise RuntimeError("the shop is on fire")

    monkeypatch.setattr(execution, "apply_chunk", breaks_in_the_second)
    run = work(run)

    assert (run.status, run.done, run.applied) == ("failed", 2, 2)
    assert prices() == ["11.00", "12.00", "12.00", "13.00", "14.00"]
    assert run.error == "The run stopped with an error: RuntimeError: the shop is on fire"
    assert run.error_reference.startswith("fault_")


def test_one_run_a_draft_whoever_asks_again(shop, run_of, plan_of):
    plan = plan_of()

    assert run_of(plan).pk == run_of(plan).pk
    assert Workflow.objects.count() == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "succeeded"),
        ("status", "undone"),
        ("status", "finished"),
        ("done", 1),
        ("applied", 1),
        ("restored", 1),
        ("fidelity", "1.1"),
        ("lease_until", "now()"),
    ],
)
def test_the_database_refuses_what_cannot_be(shop, run_of, column, value):
    from django.db import DatabaseError, transaction

    run_of()
    shown = value if value == "now()" else f"'{value}'"
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE workflows SET {column} = {shown}")


def notices_of(cast, name: str) -> list[tuple[str, str]]:
    """Everybody reads their own notices alone."""
    user_id = getattr(cast, name).pk
    with scope(tenant_id=cast.tenant.pk, user_id=user_id):
        rows = Notice.objects.filter(user_id=user_id).order_by("created_at", "id")
        return list(rows.values_list("kind", "text"))


def test_whoever_asked_for_a_run_is_told_how_it_ended(shop, cast, run_of, work):
    run = work(run_of())
    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("olivia"))
    work(run)

    assert notices_of(cast, "eddie") == [
        ("workflow.succeeded", "5 of 5 applied, 0 skipped."),
        ("workflow.undone", "5 put back, 0 kept because they were edited since."),
    ]
    assert notices_of(cast, "olivia") == []
