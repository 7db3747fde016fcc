"""What is found becomes a proposal once, with its evidence; nobody is nagged."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from core.errors import NotAllowed
from core.models import Event
from core.scope import scope
from proposals.detectors import registry
from proposals.detectors.base import Detector
from proposals.detectors.descriptions import ProductsWithoutDescriptions
from proposals.models import Proposal, ProposerRun
from proposals.services import (
    accept_proposal,
    change_detector,
    propose_for_tenant,
    propose_for_tenants,
    replay,
)
from proposals.services.proposing import PROPOSER
from stores.models import Product
from tests.proposals.conftest import DESCRIPTIONS, SOCIAL, in_shop, post, stock
from workflows.services import validate_inputs


def propose(cast, **options):
    return propose_for_tenant(tenant_id=cast.tenant.pk, **options)


def kinds(report):
    return sorted(proposal.detector for proposal in report.proposals)


def test_what_is_found_is_proposed_with_its_evidence(shop):
    report = propose(shop)

    assert kinds(report) == [DESCRIPTIONS, SOCIAL]
    with in_shop(shop):
        found = Proposal.objects.get(detector=DESCRIPTIONS)
        bare = set(Product.objects.filter(description_html="").values_list("id", flat=True))
    assert found.title == "Write descriptions for 4 products"
    assert found.based_on["value"] == 0.4
    assert found.based_on["threshold"] == 0.3
    assert found.based_on["sample_size"] == 10
    assert {row["id"] for row in found.based_on["evidence"]} == bare
    assert found.suppression_key == f"{DESCRIPTIONS}::0"
    assert (found.status, found.priority) == ("pending", "normal")
    assert found.expires_at > timezone.now() + timedelta(days=20)


def test_suggested_inputs_pass_the_types_validation(shop):
    for proposal in propose(shop).proposals:
        validate_inputs(proposal.workflow_type_id, proposal.suggested_inputs)


def test_each_proposal_is_written_down(shop):
    propose(shop)
    with in_shop(shop):
        events = Event.objects.filter(tenant_id=shop.tenant.pk, kind="proposal.created")
        assert events.count() == 2
        assert {event.actor_id for event in events} == {"system:proposer"}


def test_the_run_is_logged_with_its_cost(shop):
    report = propose(shop)
    with in_shop(shop):
        run = ProposerRun.objects.get()
    assert (run.found, run.proposed, run.held_back, run.error) == (2, 2, 0, "")
    assert run.finished_at is not None
    assert run.cost == report.cost
    assert run.cost["queries"] >= len(registry.all())
    assert run.detail == {f"{DESCRIPTIONS}:": "proposed", f"{SOCIAL}:pinterest": "proposed"}


def test_a_second_run_proposes_nothing_twice(shop):
    propose(shop)
    again = propose(shop)
    assert again.proposals == []
    assert {d.why for d in again.decisions} == {"A proposal of this kind is open."}
    with in_shop(shop):
        assert Proposal.objects.count() == 2


def test_a_dry_run_writes_nothing(shop):
    report = propose(shop, dry_run=True)
    assert [d.why for d in report.decisions] == ["", ""]
    with in_shop(shop):
        assert (Proposal.objects.count(), ProposerRun.objects.count()) == (0, 0)


def test_one_detector_alone(shop):
    assert kinds(propose(shop, detector=SOCIAL)) == [SOCIAL]


def test_what_was_accepted_is_left_alone_until_its_draft_is_given_up(shop, proposal):
    from drafts.services import discard_draft

    with scope(tenant_id=shop.tenant.pk, user_id=shop.eddie.pk):
        _done, draft = accept_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    (held,) = propose(shop, detector=DESCRIPTIONS).decisions
    assert held.why == "It was accepted lately."
    with scope(tenant_id=shop.tenant.pk, user_id=shop.eddie.pk):
        discard_draft(draft_id=draft.pk, actor=shop.actor("eddie"))
    assert kinds(propose(shop, detector=DESCRIPTIONS)) == [DESCRIPTIONS]


def test_a_tenant_changes_a_detectors_settings(shop):
    with in_shop(shop):
        change_detector(
            detector=DESCRIPTIONS, values={"threshold": 0.5}, is_on=True, actor=shop.actor("olivia")
        )
        change_detector(detector=SOCIAL, values={}, is_on=False, actor=shop.actor("olivia"))
    assert propose(shop).decisions == []


def test_an_editor_may_not_change_them(shop):
    with in_shop(shop), pytest.raises(NotAllowed):
        change_detector(detector=SOCIAL, values={}, is_on=False, actor=shop.actor("eddie"))
    assert SOCIAL in kinds(propose(shop))


@pytest.fixture
def many():
    """Six more detectors that find the same gap, each worth ten times the one before."""
    from contextlib import ExitStack
    from dataclasses import replace

    with ExitStack() as stack:
        for place in range(6):

            class Another(ProductsWithoutDescriptions):
                id = f"another_{place}"
                worth = 10.0 ** (place + 2)

                def illustrate(self, reader, found):
                    return {
                        (shop.tenant_id, finding.target): replace(
                            finding, impact=replace(finding.impact, worth=self.worth)
                        )
                        for shop, _settings, finding in found
                    }

            stack.enter_context(registry.temporarily(Another))
        yield


def test_at_most_five_stay_open_and_the_best_come_first(shop, many):
    report = propose(shop)
    assert [p.detector for p in report.proposals] == [f"another_{n}" for n in (5, 4, 3, 2, 1)]
    held = [d for d in report.decisions if d.is_held_back]
    assert {d.why for d in held} == {"5 proposals are open already."}
    ranks = [p.rank for p in report.proposals]
    assert ranks == sorted(ranks, reverse=True)


class Broken(Detector):
    id, version = "broken", 1
    workflow_type_id = "content.product_descriptions"
    Settings = ProductsWithoutDescriptions.Settings

    def read(self, reader, shops):
        return list(reader.ask("SELECT no_such_column FROM shop", [(s, {}) for s, _ in shops]))


def test_a_detector_that_fails_is_noted_and_stops_no_other(shop):
    with registry.temporarily(Broken):
        report = propose(shop)
    assert kinds(report) == [DESCRIPTIONS, SOCIAL]
    assert list(report.errors) == ["broken"]
    with in_shop(shop):
        assert "no_such_column" in ProposerRun.objects.get().error


def test_the_proposer_may_create_proposals_and_nothing_else(shop, proposal):
    assert PROPOSER.grants == {"proposals.create_proposal"}
    for perm in ("accept", "dismiss", "snooze", "restore", "expire"):
        assert not PROPOSER.has_perm(f"proposals.{perm}_proposal", proposal)
    with in_shop(shop), pytest.raises(NotAllowed):
        accept_proposal(proposal_id=proposal.pk, actor=PROPOSER)


def test_nobody_else_creates_proposals(shop):
    with pytest.raises(NotAllowed):
        propose(shop, actor=shop.actor("olivia"))
    with in_shop(shop):
        assert Proposal.objects.count() == 0


def test_the_same_detector_on_the_same_data_finds_the_same(shop, proposal):
    with in_shop(shop):
        found = replay(proposal_id=proposal.pk, actor=shop.actor("vera"))
        assert (found.is_same, found.is_found) == (True, True)
        Product.objects.filter(handle="thing-9").update(description_html="<p>Now it has one</p>")
        changed = replay(proposal_id=proposal.pk, actor=shop.actor("vera"))
        assert (changed.is_same, changed.is_found) == (False, True)
        Product.objects.update(description_html="<p>All have one</p>")
        assert replay(proposal_id=proposal.pk, actor=shop.actor("vera")).is_found is False


# With commits: the scan login, several connections


@pytest.fixture
def two_shops(committed_cast):
    for tenant in (committed_cast.tenant, committed_cast.other):
        with scope(tenant_id=tenant.pk):
            stock(tenant)
    with in_shop(committed_cast):
        post(committed_cast.tenant)
    return committed_cast


def test_many_shops_are_read_at_once_and_each_gets_its_own(two_shops):
    ids = [two_shops.tenant.pk, two_shops.other.pk]
    first, second = propose_for_tenants(tenant_ids=ids)

    assert kinds(first) == [DESCRIPTIONS, SOCIAL]
    assert kinds(second) == [DESCRIPTIONS]
    with in_shop(two_shops):
        assert {row.tenant_id for row in Proposal.objects.all()} == {two_shops.tenant.pk}


def test_the_scan_login_and_the_tenants_scope_see_the_same(two_shops):
    alone = propose_for_tenant(tenant_id=two_shops.tenant.pk, dry_run=True)
    together = propose_for_tenants(tenant_ids=[two_shops.tenant.pk, two_shops.other.pk])[0]
    assert [d.sighting.finding for d in alone.decisions] == [
        d.sighting.finding for d in together.decisions
    ]


def test_one_tenants_failure_stops_nobody_else(two_shops):
    ids = ["tenant_that_is_not", two_shops.tenant.pk, two_shops.other.pk]
    with scope(tenant_id=two_shops.other.pk):
        change_detector(
            detector=DESCRIPTIONS, values={}, is_on=True, actor=two_shops.actor("stranger")
        )
        from proposals.models import DetectorSettings

        DetectorSettings.objects.update(values={"threshold": "much"})
    reports = {report.tenant_id: report for report in propose_for_tenants(tenant_ids=ids)}

    assert "DoesNotExist" in reports["tenant_that_is_not"].errors[""]
    assert "ValidationError" in reports[two_shops.other.pk].errors[DESCRIPTIONS]
    assert kinds(reports[two_shops.tenant.pk]) == [DESCRIPTIONS, SOCIAL]


def test_two_runs_at_once_propose_nothing_twice(two_shops):
    gate, reports = Barrier(4), []

    def run():
        gate.wait()
        try:
            reports.append(propose_for_tenants(tenant_ids=[two_shops.tenant.pk])[0])
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(len(report.proposals) for report in reports) == [0, 0, 0, 2]
    assert [report.errors for report in reports] == [{}] * 4
    with in_shop(two_shops):
        assert Proposal.objects.count() == 2
        assert ProposerRun.objects.count() == 4
