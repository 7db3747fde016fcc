"""Workers die at every named place; the run ends with every change applied exactly once."""

import time
from decimal import Decimal

import pytest

from core.models import Event
from core.scope import scope
from stores.models import Post, Variant
from tests.workflows.conftest import make_shop, prices
from tests.workflows.processes import reloaded, work_in_a_process
from workflows import services
from workflows.models import ChangeResult, Workflow

pytestmark = pytest.mark.slow
COUNT, CHUNK = 30, 10
BEFORE = [f"{10 + number}.00" for number in range(COUNT)]
AFTER = [f"{11 + number}.00" for number in range(COUNT)]
POINTS = (
    "after_claim",
    "before_chunk_1",
    "before_chunk_2",
    "after_write_1",
    "after_write_3",
    "before_commit_2",
    "after_commit_1",
    "after_commit_3",
    "before_finish",
)


@pytest.fixture
def planned(committed_cast, settings):
    """A run of thirty prices and two posts, committed and due."""
    cast = committed_cast
    settings.CODEX_CHUNK_SIZE = CHUNK
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk, COUNT)
        return make_run(cast, posts=2)


def make_run(cast, **inputs) -> Workflow:
    plan = services.make_plan(
        tenant_id=cast.tenant.pk,
        workflow_type_id="test.raise_prices",
        inputs=inputs,
        draft_id=None,
        seed=f"seed {inputs}",
        actor=cast.actor("eddie"),
    )
    return services.create_workflow(
        plan=plan,
        name="Raise prices",
        inputs=plan.inputs,
        draft_id=None,
        actor=cast.actor("eddie"),
        run_at=plan.computed_at,
    )


def crash(run: Workflow, point: str, tmp_path) -> None:
    mark = tmp_path / f"{point}.crashed"
    code = work_in_a_process(
        run, CODEX_CRASH_AT=point, CODEX_CRASH_MARK=str(mark), CODEX_CHUNK_SIZE=str(CHUNK)
    )
    assert (code, mark.exists()) == (-9, True)


def take_over(run: Workflow) -> Workflow:
    """The next worker, once the lease of the dead one has run out."""
    time.sleep(2.2)
    services.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    return reloaded(run)


def kinds(run: Workflow) -> list[str]:
    with scope(tenant_id=run.tenant_id):
        rows = Event.objects.filter(subject_id=run.pk).order_by("at", "id")
        return list(rows.values_list("kind", flat=True))


def results(run: Workflow, phase: str) -> list[tuple[int, str]]:
    rows = ChangeResult.objects.filter(workflow_id=run.pk, phase=phase).order_by("position")
    return list(rows.values_list("position", "outcome"))


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_anywhere_loses_nothing_and_doubles_nothing(planned, tmp_path, point):
    crash(planned, point, tmp_path)
    assert reloaded(planned).status == "running"

    run = take_over(planned)

    assert (run.status, run.applied, run.skipped) == ("succeeded", COUNT + 2, 0)
    assert run.fidelity == Decimal(1)
    with scope(tenant_id=run.tenant_id):
        assert prices() == AFTER
        assert Post.objects.count() == 2
        assert results(run, "apply") == [(n + 1, "applied") for n in range(COUNT + 2)]
    assert kinds(run).count("workflow.started") == 1
    assert kinds(run).count("workflow.resumed") == 1
    assert kinds(run).count("workflow.succeeded") == 1


@pytest.mark.parametrize("point", POINTS)
def test_an_undo_killed_anywhere_puts_everything_back_once(
    planned, committed_cast, tmp_path, point
):
    services.run_workflow(tenant_id=planned.tenant_id, workflow_id=planned.pk)
    with scope(tenant_id=planned.tenant_id):
        services.undo_workflow(workflow_id=planned.pk, actor=committed_cast.actor("eddie"))
    crash(planned, point, tmp_path)
    assert reloaded(planned).status == "undoing"

    run = take_over(planned)

    assert (run.status, run.restored, run.kept) == ("undone", COUNT + 2, 0)
    with scope(tenant_id=run.tenant_id):
        assert prices() == BEFORE
        assert Post.objects.count() == 0
        assert results(run, "undo") == [(n + 1, "restored") for n in range(COUNT + 2)]
    assert kinds(run).count("workflow.undone") == 1


def test_a_kill_and_resume_does_at_most_one_chunk_again(planned, tmp_path):
    """What was committed before the crash is not written again: its rows keep their time."""
    crash(planned, "before_commit_3", tmp_path)
    with scope(tenant_id=planned.tenant_id):
        written = dict(
            ChangeResult.objects.filter(workflow_id=planned.pk).values_list("position", "at")
        )
        touched = dict(Variant.objects.values_list("sku", "updated_at"))

    take_over(planned)

    with scope(tenant_id=planned.tenant_id):
        assert len(written) == 2 * CHUNK
        again = ChangeResult.objects.filter(workflow_id=planned.pk, position__lte=2 * CHUNK)
        assert dict(again.values_list("position", "at")) == written
        moved = [
            sku
            for sku, at in Variant.objects.values_list("sku", "updated_at")
            if touched[sku] != at
        ]
    assert len(moved) == COUNT - 2 * CHUNK


def test_a_run_whose_message_is_never_sent_is_found_by_the_sweep(planned):
    """``after_commit_before_publish``: the row is committed, the broker knows nothing."""
    from workflows import queries

    assert queries.due_run_ids() == [(planned.tenant_id, planned.pk)]
