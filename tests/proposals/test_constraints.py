"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from proposals.models import Calibration, Mute, Outcome, Proposal, ProposerRun
from tests.proposals.conftest import in_shop

PLAIN = {
    "workflow_type_id": "seo.audit",
    "title": "A title",
    "description": "d",
    "reasoning": "r",
    "confidence_score": 0.5,
    "said_confidence": 0.5,
    "based_on": {},
    "expected_impact": {},
    "detector": "x",
    "detector_version": 1,
    "today": "2026-11-23",
    "suppression_key": "x::0",
}


def make(tenant, **more):
    return Proposal.objects.create(tenant=tenant, expires_at=timezone.now(), **{**PLAIN, **more})


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"title": "  "}, "proposal_has_a_title"),
        ({"reasoning": ""}, "proposal_gives_its_reasons"),
        ({"confidence_score": 1.2}, "proposal_confidence_is_a_share"),
        ({"said_confidence": -0.1}, "proposal_confidence_is_a_share"),
        ({"priority": "now"}, "proposal_priority_is_known"),
        ({"status": "accepted", "decided_at": timezone.now()}, "proposal_accepted_has_its_draft"),
        ({"status": "dismissed"}, "proposal_decided_has_a_time"),
        ({"decided_at": timezone.now()}, "proposal_decided_has_a_time"),
    ],
)
def test_a_proposal_is_whole(cast, more, name):
    with in_shop(cast), pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(cast.tenant, **more)


def test_one_open_proposal_of_a_kind_and_target(cast):
    with in_shop(cast):
        make(cast.tenant, target="page")
        make(cast.tenant, target="another")
        with pytest.raises(IntegrityError, match="proposal_open_once"), transaction.atomic():
            make(cast.tenant, target="page")


@pytest.mark.parametrize(
    ("before", "after"),
    [("expired", "pending"), ("expired", "dismissed"), ("dismissed", "expired")],
)
def test_illegal_moves_are_refused_even_to_plain_sql(cast, before, after):
    with in_shop(cast):
        found = make(cast.tenant, status=before, decided_at=timezone.now())
        decided = None if after == "pending" else timezone.now()
        with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
            Proposal.objects.filter(pk=found.pk).update(status=after, decided_at=decided)


def mute(found, **more):
    told = {"reason_code": "not_true", "severity": 2.0, "returns_at_severity": 3.0, **more}
    return Mute.objects.create(
        tenant_id=found.tenant_id, proposal=found, detector="x", suppression_key="x::0", **told
    )


def test_a_mute_is_whole(cast):
    with in_shop(cast):
        found = make(cast.tenant)
        for more, name in (
            ({"reason_code": "because"}, "mute_reason_is_known"),
            ({"reason_code": "other"}, "mute_another_reason_is_said"),
            ({"returns_at_severity": 1.0}, "mute_returns_when_worse"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                mute(found, **more)
        mute(found)
        with pytest.raises(IntegrityError, match="mute_open_once"), transaction.atomic():
            mute(found)


def test_runs_and_records_add_up(cast):
    with in_shop(cast):
        with pytest.raises(IntegrityError, match="proposer_run_adds_up"), transaction.atomic():
            ProposerRun.objects.create(tenant=cast.tenant, trigger="command", found=3, proposed=1)
        with (
            pytest.raises(IntegrityError, match="calibration_right_of_total"),
            transaction.atomic(),
        ):
            Calibration.objects.create(tenant=cast.tenant, detector="x", right=2, total=1)


def test_an_effect_comes_with_its_interval():
    names = {constraint.name for constraint in Outcome._meta.constraints}
    assert "outcome_measured_has_an_interval" in names


def test_another_tenants_proposals_are_not_seen(cast):
    from core.scope import scope

    with in_shop(cast):
        make(cast.tenant)
    with scope(tenant_id=cast.other.pk):
        assert Proposal.objects.count() == 0
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            make(cast.tenant)
