"""The audit finds what is wrong, repairs what needs no guessing, and reports the rest."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.models import SearchQuery, StoreProfile
from tests.stores.factories import make_image, make_product
from tests.workflows.types.shops import TODAY, artifact, changes, make_clock, plan_for, warned
from workflows.types.seo.checks import (
    better_slug,
    description_fault,
    handle_of,
    shorter_title,
    slug_fault,
    title_fault,
    usual_clicks,
)

TYPE = "seo.audit"
META = "A mug for tea, coffee and everything else that is better warm, made for every day."


@pytest.fixture
def shop(in_tenant):
    make_clock(in_tenant)
    StoreProfile.objects.filter(tenant=in_tenant).update(name="Example & Sons")
    text = "<p>" + "Words that say what a customer wants to know. " * 8 + "</p>"
    make_product(
        in_tenant,
        title="Blue mug",
        handle="blue-mug",
        seo_title="Blue mug, to hold on to",
        seo_description=META,
        description_html=text,
        id="product_1",
    )
    untold = make_product(in_tenant, title="Red lantern", handle="copy-of-lamp", id="product_2")
    make_image(untold)
    make_image(untold, alt="A red lantern on a step")
    return in_tenant


@pytest.mark.django_db
def test_missing_texts_are_written_and_good_ones_left_alone(shop, cast):
    plan = plan_for(cast, TYPE)

    rows = changes(plan)
    assert [(label, field, before) for label, field, before, _ in rows] == [
        ("Red lantern", "seo_description", ""),
        ("Red lantern", "seo_title", ""),
        ("Red lantern", "alt", ""),
    ]
    assert rows[1][3] == "Red lantern | Example & Sons"
    assert rows[2][3] == "Red lantern"
    assert 50 <= len(rows[0][3]) <= 155
    assert plan.summary["effect"] == "Finds 5 faults on 2 pages and repairs 3 of them."
    assert "thin_pages" in warned(plan)


@pytest.mark.django_db
def test_repeated_titles_are_told_apart(shop, cast):
    for number, vendor in enumerate(("Alder", "Birch")):
        make_product(
            shop, title="Oak tray", seo_title="Oak tray", vendor=vendor, id=f"product_9{number}"
        )
    plan = plan_for(cast, TYPE, checks=["titles"])
    after = [row[3] for row in changes(plan) if row[0] == "Oak tray"]
    assert len(after) == len(set(after)) == 2


@pytest.mark.django_db
def test_addresses_change_only_when_asked(shop, cast):
    make_product(shop, title="Red lantern", handle="red-lantern", status="archived")
    plan = plan_for(cast, TYPE, checks=["slugs"])
    fixed = plan_for(cast, TYPE, checks=["slugs"], fix_slugs=True)
    assert changes(plan) == []
    assert changes(fixed) == [("Red lantern", "handle", "copy-of-lamp", "red-lantern-2")]
    assert fixed.summary["risk"]["level"] == "high"


@pytest.mark.django_db
def test_searches_with_few_clicks_are_reported_by_what_they_cost(shop, cast):
    for query, clicks, shown, place in (
        ("blue mug", 10, 1000, "2.0"),
        ("good place", 200, 1000, "1.0"),
        ("rare", 0, 20, "1.0"),
    ):
        SearchQuery.objects.create(
            tenant=shop,
            starts_on=TODAY,
            ends_on=TODAY,
            query=query,
            page="/products/blue-mug",
            clicks=clicks,
            impressions=shown,
            position=Decimal(place),
        )
    plan = plan_for(cast, TYPE, checks=["searches"])
    metrics = {metric["key"]: metric["value"] for metric in plan.summary["metrics"]}
    assert metrics["lost_clicks"] == 110
    report = artifact(plan, "seo-audit.html")
    assert "blue mug" in report
    assert "good place" not in report


class _Balance(HTMLParser):
    void = frozenset({"meta", "br"})

    def __init__(self):
        super().__init__()
        self.open, self.scripts = [], 0

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script" or any(name.startswith("on") for name, _ in attrs)
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.django_db
def test_the_report_is_whole_and_safe(shop, cast):
    make_product(shop, title="<script>alert(1)</script> & more")
    parser = _Balance()
    parser.feed(artifact(plan_for(cast, TYPE), "seo-audit.html"))
    assert parser.open == []
    assert parser.scripts == 0


@pytest.mark.django_db
def test_at_most_so_many_repairs(shop, cast):
    plan = plan_for(cast, TYPE, max_items=1)
    assert len(changes(plan)) == 1
    assert "max_items" in warned(plan)


@pytest.mark.parametrize(
    ("handle", "title", "fault"),
    [
        ("red-mug", "Red mug", None),
        ("copy-of-red-mug", "Red mug", "says_nothing"),
        ("product-4471", "Red mug", "says_nothing"),
        ("mug2-final", "Red mug", "says_nothing"),
        ("untitled-12", "Red mug", "says_nothing"),
        ("4471", "Red mug", "says_nothing"),
        ("lavender-pillow", "Evening candle", "other_words"),
        ("mug-" * 25 + "red", "Red mug", "too_long"),
        ("", "Red mug", None),
    ],
)
def test_addresses_are_judged(handle, title, fault):
    assert slug_fault(handle, title) == fault


def test_titles_and_descriptions_are_judged():
    assert title_fault("", "Mug", set(), 60) == "missing"
    assert title_fault("Mug", "Mug", {"mug"}, 60) == "repeated"
    assert title_fault("M" * 61, "Mug", set(), 60) == "too_long"
    assert title_fault("Mug for tea", "Mug", set(), 60) is None
    assert description_fault(" ", set(), 155) == "missing"
    assert description_fault("x" * 156, set(), 155) == "too_long"
    assert description_fault("Short", set(), 155) == "too_short"
    assert description_fault(META, {META.lower()}, 155) == "repeated"


@given(st.text(max_size=200), st.sets(st.text(max_size=10), max_size=3))
def test_a_better_address_is_free_and_well_formed(title, taken):
    slug = better_slug(title, taken)
    if slug is not None:
        assert slug not in taken
        assert len(slug) <= 80
        assert all(ch.isalnum() or ch in "-_" for ch in slug)


def test_long_titles_are_shortened_not_replaced():
    assert shorter_title("Blue mug | Kitchen | Example & Sons", 20) == "Blue mug | Kitchen"
    assert shorter_title("Blue mug for tea and coffee", 15) == "Blue mug for"
    assert shorter_title("Blue mug", 15) == "Blue mug"


@pytest.mark.django_db
def test_a_long_description_keeps_its_own_words(shop, cast):
    own = "Scarves woven in Scotland from lambswool. " + "Long enough to wrap twice round. " * 5
    make_product(shop, title="Wool scarf", seo_title="Wool scarf", seo_description=own.strip())
    plan = plan_for(cast, TYPE, checks=["descriptions"])
    after = {row[0]: row[3] for row in changes(plan)}["Wool scarf"]
    assert own.startswith(after)
    assert len(after) <= 155


def test_pages_lead_to_their_handles():
    assert handle_of("https://shop.example/products/red-mug?x=1") == "red-mug"
    assert handle_of("/collections/mugs") == ""
    assert usual_clicks(Decimal("1.0"), 100) == 22
    assert usual_clicks(Decimal("15"), 1000) == 8
