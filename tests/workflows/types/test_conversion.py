"""What keeps visitors from buying: weak pages by their cost, repairs that need no guessing."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.models import Product, TrafficDay
from tests.stores.factories import make_image
from tests.workflows.types.shops import (
    TODAY,
    artifact,
    changes,
    make_clock,
    make_priced,
    plan_for,
    warned,
)
from workflows.text.rules.lexicon import lexicon
from workflows.types.marketing.conversion import better_title
from workflows.types.marketing.weak_pages import changes as falling
from workflows.types.marketing.weak_pages import upper_bound, weak_pages

TYPE = "marketing.conversion_optimization"


class Visits(NamedTuple):
    name: str
    sessions: int
    orders: int


@pytest.fixture
def shop(in_tenant):
    make_clock(in_tenant)
    good = make_priced(in_tenant, "Blue mug", "20.00", sold=5)
    make_image(good.product)
    make_priced(in_tenant, "RED LANTERN  ", "20.00", compare_at_price="20.00", sold=9)
    return in_tenant


def visit(tenant, breakdown, name, sessions, orders, revenue="0", day=TODAY):
    TrafficDay.objects.create(
        tenant=tenant,
        date=day,
        breakdown=breakdown,
        name=name,
        sessions=sessions,
        key_events=orders,
        revenue=revenue,
    )


@pytest.mark.django_db
def test_what_is_plainly_wrong_is_repaired(shop, cast):
    plan = plan_for(cast, TYPE, fix_descriptions=False)

    assert sorted(changes(plan), key=str) == [
        ("RED LANTERN  ", "compare_at_price", "20.00", None),
        ("RED LANTERN  ", "needs_image", False, True),
        ("RED LANTERN  ", "title", "RED LANTERN  ", "Red lantern"),
    ]
    assert "no_visits" in warned(plan)
    assert plan.summary["effect"] == "Repairs 3 things that may keep visitors from buying."


@pytest.mark.django_db
def test_without_visits_pages_that_say_next_to_nothing_are_described(shop, cast):
    Product.objects.filter(title="Blue mug").update(description_html=f"<p>{'Good. ' * 12}</p>")
    block = "Posted in paper,\nnever in plastic."
    plan = plan_for(cast, TYPE, focus_areas=["product_descriptions"], copy_blocks=[block])

    [(label, field, before, after)] = changes(plan)
    assert (label, field, before) == ("RED LANTERN  ", "description_html", "")
    assert after.endswith("<p>Posted in paper,</p>\n<p>never in plastic.</p>")
    assert "Descriptions that say next to nothing" in artifact(plan, "conversion.html")


@pytest.mark.django_db
def test_one_area_alone_can_be_asked_for(shop, cast):
    assert [row[1] for row in changes(plan_for(cast, TYPE, focus_areas="titles"))] == ["title"]
    plan = plan_for(cast, TYPE, focus_areas=["sort_order"], fix_sort_order=True)
    assert [(row[0], row[3]) for row in changes(plan)] == [("RED LANTERN  ", 1), ("Blue mug", 2)]


@pytest.mark.django_db
def test_weak_pages_are_ranked_by_what_they_cost(shop, cast):
    visit(shop, "total", "", 10_000, 300, "9000.00")
    visit(shop, "page", "/", 8_000, 280)
    visit(shop, "page", "/products/dear", 1_500, 15)
    visit(shop, "page", "/products/cheap", 500, 3)
    visit(shop, "page", "/products/rare", 50, 0)

    plan = plan_for(cast, TYPE)

    metrics = {metric["key"]: metric["value"] for metric in plan.summary["metrics"]}
    assert metrics["weak_pages"] == 2
    report = artifact(plan, "conversion.html")
    assert report.index("/products/dear") < report.index("/products/cheap")
    assert "/products/rare" not in report


@pytest.mark.django_db
def test_a_weak_page_that_says_little_gets_a_description(shop, cast):
    product = make_priced(shop, "Wool scarf", "20.00").product
    visit(shop, "total", "", 10_000, 300, "9000.00")
    visit(shop, "page", "/", 8_000, 280)
    visit(shop, "page", f"/products/{product.handle}", 1_500, 15)

    areas = ["product_descriptions"]
    rows = changes(plan_for(cast, TYPE, focus_areas=areas))
    assert [row[:3] for row in rows] == [("Wool scarf", "description_html", "")]
    assert changes(plan_for(cast, TYPE, focus_areas=areas, fix_descriptions=False)) == []


@pytest.mark.django_db
def test_a_channel_that_buys_less_than_before_is_named(shop, cast):
    visit(shop, "total", "", 10_000, 300, "9000.00")
    before = TODAY - timedelta(days=30)
    for name, now, was in (("email", 10, 60), ("direct", 30, 30)):
        visit(shop, "channel", name, 1_000, now)
        visit(shop, "channel", name, 1_000, was, day=before)
    assert warned(plan_for(cast, TYPE))["channels"] == ["email"]


@pytest.mark.django_db
def test_the_same_twice_and_nothing_after_a_run(shop, cast):
    assert plan_for(cast, TYPE).fingerprint == plan_for(cast, TYPE).fingerprint


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            lambda name, sessions, share: Visits(name, sessions, int(sessions * share)),
            st.text(min_size=1, max_size=5),
            st.integers(1, 10_000),
            st.floats(0, 0.2),
        ),
        min_size=1,
        max_size=20,
        unique_by=lambda page: page.name,
    )
)
def test_a_weak_page_is_always_below_the_others(pages):
    found = weak_pages(pages, least=100, confidence=Decimal(95), value=Decimal(30))
    for page in found:
        assert page.sessions >= 100
        assert page.rate < page.usual
        assert page.lost >= 0
    assert [page.lost for page in found] == sorted((p.lost for p in found), reverse=True)


def test_chance_is_not_a_finding():
    assert upper_bound(0, 50, Decimal(95)) > 0.03
    now, before = [Visits("mail", 300, 8)], [Visits("mail", 300, 9)]
    assert falling(now, before, least=100, confidence=Decimal(95), value=Decimal(1)) == []


@pytest.mark.parametrize(
    ("title", "better"),
    [
        ("RED LANTERN", "Red lantern"),
        ("Blue  mug", "Blue mug"),
        ("Blue mug ,", "Blue mug"),
        ("iPhone case", "iPhone case"),
        ("Blue mug (large)", "Blue mug (large)"),
        ("???", "???"),
    ],
)
def test_titles_are_tidied_without_taste(title, better):
    assert better_title(title, lexicon()) == better
