"""Outcomes are measured against what would have been anyway; confidence learns from them."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.utils import timezone

from core.scope import scope
from proposals import queries
from proposals.models import Calibration, Outcome, PooledCalibration, Proposal
from proposals.services import accept_proposal, propose_for_tenant
from proposals.services.calibrating import recalibrate, recalibrate_all
from proposals.services.chains import chain_of
from proposals.services.measuring import measure_outcome
from proposals.services.proposing import PROPOSER
from stores.models import Product, TrafficDay
from tests.proposals.conftest import DESCRIPTIONS, in_shop, stock
from workflows.models import ChangeResult, Plan, PlannedChange, Workflow

AGO = 70
WINDOW = 60


def run_of(draft, product_ids, *, days_ago=AGO):
    """A finished run that wrote those products' descriptions, as the engine leaves one behind."""
    moment = timezone.now() - timedelta(days=days_ago)
    plan = Plan.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        workflow_type_id=draft.workflow_type_id,
        type_version=1,
        inputs={},
        seed=draft.pk,
        fingerprint="0" * 64,
        summary={},
        change_count=len(product_ids),
    )
    PlannedChange.objects.bulk_create(
        PlannedChange(
            tenant_id=draft.tenant_id,
            plan=plan,
            position=place,
            kind="set",
            entity="product",
            target_id=pk,
            label=pk,
            field="description_html",
            before="",
            after="<p>Text</p>",
        )
        for place, pk in enumerate(product_ids, 1)
    )
    run = Workflow.objects.create(
        tenant_id=draft.tenant_id,
        plan=plan,
        draft=draft,
        workflow_type_id=draft.workflow_type_id,
        name=draft.name,
        inputs={},
        status="succeeded",
        created_by_agent="draft_converter",
        total=len(product_ids),
        done=len(product_ids),
        applied=len(product_ids),
        fidelity=Decimal(1),
        started_at=moment,
        first_change_at=moment,
        finished_at=moment,
    )
    ChangeResult.objects.bulk_create(
        ChangeResult(
            tenant_id=draft.tenant_id,
            workflow=run,
            phase="apply",
            position=place,
            outcome="applied",
        )
        for place in range(1, len(product_ids) + 1)
    )
    return run


def visits(tenant, touched, *, gain, base=8.0):
    """Daily visits of each product's page for 140 days; ``gain`` from the run on."""
    rng, today = np.random.default_rng(2), timezone.now().date()
    rows = []
    for product in Product.objects.order_by("handle"):
        for back in range(1, 141):
            lifted = product.pk in touched and back < AGO
            sessions = int(rng.poisson(base * (1 + gain) if lifted else base))
            rows.append(
                TrafficDay(
                    tenant=tenant,
                    date=today - timedelta(days=back),
                    breakdown="page",
                    name=f"/products/{product.handle}",
                    sessions=sessions,
                )
            )
    TrafficDay.objects.bulk_create(rows)


@pytest.fixture
def followed(cast):
    """A proposal that was accepted and run: six of twenty products got their text."""
    with in_shop(cast):
        stock(cast.tenant, described=14, bare=6)
    (proposal,) = propose_for_tenant(tenant_id=cast.tenant.pk).proposals
    with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
        proposal, draft = accept_proposal(proposal_id=proposal.pk, actor=cast.actor("eddie"))
        touched = proposal.suggested_inputs["product_ids"]
        run = run_of(draft, touched)
    return cast, proposal, run, touched


def measured(followed, *, gain, base=8.0):
    cast, _proposal, run, touched = followed
    with in_shop(cast):
        visits(cast.tenant, set(touched), gain=gain, base=base)
        return measure_outcome(workflow_id=run.pk)


def test_a_planted_gain_is_measured_with_its_interval(followed):
    """Six products at 8 visits a day gain half: 24 a day more, 1,440 in sixty days."""
    outcome = measured(followed, gain=0.5)
    assert outcome.verdict == "better"
    assert outcome.method == "touched_against_untouched"
    assert outcome.low < 1440 < outcome.high
    assert outcome.effect == pytest.approx(1440, rel=0.1)
    assert outcome.baseline == pytest.approx(6 * 8 * 60, rel=0.05)
    assert (outcome.sample["touched"], outcome.sample["untouched"]) == (6, 14)
    assert outcome.window_days == WINDOW


def test_where_nothing_happened_it_says_so(followed):
    assert measured(followed, gain=0.0).verdict == "none"


def test_where_it_did_harm_it_says_so(followed):
    assert measured(followed, gain=-0.5).verdict == "worse"


def test_not_enough_data_is_an_answer(followed):
    outcome = measured(followed, gain=0.5, base=0.02)
    assert (outcome.verdict, outcome.effect) == ("not_enough_data", None)
    assert outcome.why


def test_a_run_is_measured_once(followed):
    cast, _proposal, run, _touched = followed
    measured(followed, gain=0.5)
    with in_shop(cast):
        assert measure_outcome(workflow_id=run.pk) is None
        assert Outcome.objects.count() == 1


def test_the_window_has_to_have_passed(followed):
    cast, _proposal, run, touched = followed
    with in_shop(cast):
        Workflow.objects.filter(pk=run.pk).update(
            first_change_at=timezone.now() - timedelta(days=10)
        )
        visits(cast.tenant, set(touched), gain=0.5)
        outcome = measure_outcome(workflow_id=run.pk)
    assert outcome.verdict == "not_enough_data"


def remember(proposal, run, said, verdict, *, number=0):
    """An outcome as it would have been measured, of a run of its own."""
    known = verdict != "not_enough_data"
    Outcome.objects.create(
        tenant_id=proposal.tenant_id,
        proposal=proposal,
        workflow=run,
        detector=DESCRIPTIONS,
        said_confidence=said,
        metric="sessions",
        method="touched_against_untouched",
        window_days=28,
        starts_on="2026-01-01",
        ends_on="2026-02-26",
        expected_low=100,
        expected_high=300,
        effect=100 if known else None,
        low=50 if known else None,
        high=150 if known else None,
        verdict=verdict,
        measured_at=timezone.now(),
    )


def remember_many(cast, said, verdicts):
    """Each with a run of its own, on drafts of the proposal's kind."""
    from drafts.services import create_draft

    with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
        proposal = Proposal.objects.get()
        for verdict in verdicts:
            draft = create_draft(
                tenant_id=cast.tenant.pk,
                workflow_type_id=proposal.workflow_type_id,
                name="Again",
                actor=cast.actor("eddie"),
            )
            remember(proposal, run_of(draft, ["x"]), said, verdict)


def test_forty_percent_right_at_eighty_moves_the_next_towards_forty(followed):
    cast = followed[0]
    remember_many(cast, 0.8, ["better"] * 8 + ["none"] * 10 + ["worse"] * 2)
    with in_shop(cast):
        (row,) = recalibrate(tenant_id=cast.tenant.pk)
        known = queries.experience()[DESCRIPTIONS]
        told = queries.track_record()
    assert (row.right, row.total, row.points) == (8, 20, [[0.8, 0.4, 20]])
    assert known.confidence(0.8) == pytest.approx((0.4 * 20 + 0.8 * 10) / 30, abs=1e-3)
    assert known.record == (8, 20, True)
    assert row.brier == pytest.approx(0.4 * 0.04 + 0.6 * 0.64)
    assert (told.right, told.total, told.too_few) == (8, 20, 0)
    assert told.brier == pytest.approx(row.brier)


def test_not_enough_data_teaches_nothing(followed):
    cast = followed[0]
    remember_many(cast, 0.8, ["not_enough_data"] * 3)
    with in_shop(cast):
        assert recalibrate(tenant_id=cast.tenant.pk) == []
        assert queries.track_record().too_few == 3


def test_expectations_are_drawn_to_what_was_measured(followed):
    """Expected 200 on average, measured 100: half, as far as twenty outcomes outweigh ten."""
    cast = followed[0]
    remember_many(cast, 0.8, ["better"] * 20)
    with in_shop(cast):
        recalibrate(tenant_id=cast.tenant.pk)
        factor = queries.experience()[DESCRIPTIONS].impact_factor()
    assert factor == pytest.approx((0.5 * 20 + 1.0 * 10) / 30)


def test_shops_pool_their_counts_and_nothing_else(followed):
    cast = followed[0]
    remember_many(cast, 0.8, ["better", "none", "none", "none"])
    recalibrate_all(tenant_ids=[cast.tenant.pk])
    pooled = PooledCalibration.objects.get()
    assert (pooled.detector, pooled.right, pooled.total, pooled.tenants) == (DESCRIPTIONS, 1, 4, 1)
    with scope(tenant_id=cast.other.pk):
        known = queries.experience()[DESCRIPTIONS]
        assert Calibration.objects.count() == 0
    # Another shop's confidence is corrected by it; its figures show from five shops on.
    assert known.confidence(0.8) == pytest.approx((0.25 * 4 + 0.8 * 10) / 14, abs=1e-3)
    assert known.record is None


def test_a_finished_run_leads_to_a_follow_up_once(followed):
    cast, proposal, run, _touched = followed
    with in_shop(cast):
        Workflow.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=15))
    first = propose_for_tenant(tenant_id=cast.tenant.pk)
    (following,) = [p for p in first.proposals if p.detector == "follow_up"]
    assert following.workflow_type_id == "seo.audit"
    with in_shop(cast):
        following.refresh_from_db()
        assert following.follows_workflow_id == run.pk
        assert [link.pk for link in chain_of(following)] == [proposal.pk, following.pk]
    again = propose_for_tenant(tenant_id=cast.tenant.pk, actor=PROPOSER)
    assert [p for p in again.proposals if p.detector == "follow_up"] == []
