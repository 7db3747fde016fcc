"""On the demo shop each of the seven detectors fires once, with evidence that is true of its rows.

The evidence is counted again here, from the simulator's rows, with formulas of its own.
"""

import csv
from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest

from core.scope import scope
from drafts.services import preview_draft
from proposals.detectors import registry
from proposals.models import Proposal
from proposals.services import accept_proposal, propose_for_tenant
from stores.demo.catalogue import DEMO_SHOP, read_items
from stores.demo.loading import load_history
from stores.demo.simulator import simulate
from stores.models import Product, StoreProfile
from tests.demo.stocking import stock

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 23)


@pytest.fixture
def demo(cast):
    """The catalogue as the importer would load it, with the history up to the fixed day."""
    items = read_items(DEMO_SHOP)
    history = simulate(items, TODAY)
    with scope(tenant_id=cast.tenant.pk):
        stock(cast.tenant, items)
        with DEMO_SHOP.products.open(newline="", encoding="utf-8") as handle:
            rows = {row["URL handle"]: row for row in csv.DictReader(handle) if row["Title"]}
        for product in Product.objects.all():
            row = rows[product.handle]
            product.description_html = row["Description"]
            product.status = row["Status"].lower()
            product.save()
        StoreProfile.objects.update(clock="history")
        load_history(history, today=TODAY, currency="GBP", country="GB")
    return cast, items, history


def window(days, skip=0):
    return {TODAY - timedelta(days=n) for n in range(skip, skip + days)}


def test_all_seven_fire_once_with_true_evidence_and_lead_to_drafts_that_can_run(demo):
    """One test, because loading the shop's thirteen months is what takes long."""
    cast, items, history = demo
    each_finding_is_true(cast, items, history)
    each_draft_changes_something(cast)


def each_finding_is_true(cast, items, history):
    report = propose_for_tenant(tenant_id=cast.tenant.pk, dry_run=True)
    found = {d.sighting.detector.id: d.sighting.finding for d in report.decisions}

    assert sorted(found) == sorted(d.id for d in registry.all())
    assert len(report.decisions) == 7

    lost = found["declining_traffic"]
    visits = Counter()
    for row in history.traffic:
        visits[row.day in window(28), row.day in window(28, skip=28)] += row.sessions
    share = 1 - visits[True, False] / visits[False, True]
    assert lost.value == pytest.approx(share, abs=0.01)
    assert lost.interval.high < -0.15

    poor = found["low_conversion"]
    pages = {
        "/collections/gift-boxes",
        "/products/gift-box-cosy-evening",
        "/products/lambswool-throw",
    }
    seen = [r for r in history.traffic if r.day in window(28) and r.landing_page in pages]
    assert {row.label for row in poor.evidence} == pages
    assert poor.sample_size == sum(row.sessions for row in seen)
    assert poor.value == sum(row.orders for row in seen) / poor.sample_size

    prices = found["pricing_opportunity"]
    asked = {}
    for row in history.market_prices:
        if row.observed_on == TODAY - timedelta(days=1):
            asked.setdefault(row.sku, []).append(row.price)
    price, sales = {item.sku: item.price for item in items}, Counter()
    for line in history.lines:
        if line.placed_at.date() in window(90):
            sales[line.sku] += line.unit_price * line.quantity - line.discount
    sold = [sku for sku in asked if sales[sku] > 0]
    gap = sum(float(sales[s]) * float(median(asked[s]) / price[s]) for s in sold)
    assert prices.value == pytest.approx(gap / sum(float(sales[s]) for s in sold) - 1, abs=0.005)

    bare = found["products_without_descriptions"]
    with DEMO_SHOP.products.open(newline="", encoding="utf-8") as handle:
        active = [r for r in csv.DictReader(handle) if r["Title"] and r["Status"] == "Active"]
    assert bare.sample_size == len(active)
    assert len(bare.evidence) == sum(not row["Description"] for row in active)

    assert found["no_recent_campaigns"].value == 41
    assert (found["social_gaps"].value, found["social_gaps"].target) == (19, "pinterest")
    assert found["upcoming_holiday"].target == "christmas:2026"


def each_draft_changes_something(cast):
    drafts = {}
    for _turn in range(2):
        for found in propose_for_tenant(tenant_id=cast.tenant.pk).proposals:
            with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
                actor = cast.actor("eddie")
                _done, draft = accept_proposal(proposal_id=found.pk, actor=actor)
                drafts[found.detector] = preview_draft(draft_id=draft.pk, actor=actor)
    assert sorted(drafts) == sorted(d.id for d in registry.all())
    with scope(tenant_id=cast.tenant.pk):
        assert Proposal.objects.filter(status="accepted").count() == 7
    assert {name: d.plan.change_count > 0 for name, d in drafts.items()} == dict.fromkeys(
        drafts, True
    )
