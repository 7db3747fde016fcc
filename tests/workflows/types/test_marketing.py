"""Campaigns: segments of customers, letters, offers that never go below the floor."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import Invalid
from stores.models import Campaign, StoreProfile
from tests.stores.factories import make_order
from tests.workflows.types.shops import (
    TODAY,
    artifact,
    make_clock,
    make_priced,
    make_promotion,
    plan_for,
    table,
    warned,
)
from workflows.models import PlannedChange
from workflows.text.markup import faults
from workflows.types.marketing.holidays import Holiday, day_of, easter, next_day_of
from workflows.types.marketing.offers import discounted
from workflows.types.marketing.sending import wilson

LAUNCH, SEASON = "marketing.launch_campaign", "marketing.seasonal_campaign"
TITLES = ("Blue mug", "Red lantern", "Linen notebook", "Wool scarf", "Christmas garland")


@pytest.fixture
def shop(in_tenant):
    make_clock(in_tenant)
    StoreProfile.objects.filter(tenant=in_tenant).update(name="Example & Sons")
    mugs = [make_priced(in_tenant, title, "20.00", cost="10.00", sold=2) for title in TITLES]
    for number in range(30):
        for visit in range(3):
            day = TODAY - timedelta(days=10 + 20 * visit + number % 5)
            make_order(
                in_tenant,
                day=day,
                customer_hash=f"{number:032}",
                lines=[(mugs[number % 5], 1 + number, Decimal("20.00"))],
            )
    for number in range(40):
        make_order(
            in_tenant,
            day=TODAY - timedelta(days=300),
            customer_hash=f"old{number:029}",
            lines=[(mugs[0], 1, Decimal("20.00"))],
        )
    return in_tenant


def made(plan) -> list[dict]:
    return [
        {"entity": row.entity, "id": row.target_id, **row.after}
        for row in PlannedChange.objects.filter(plan=plan).order_by("position")
    ]


@pytest.mark.django_db
def test_each_segment_gets_a_letter_of_its_own(shop, cast):
    plan = plan_for(
        cast,
        LAUNCH,
        segments=["loyal", "lapsed", "at_risk"],
        send_date="2030-05-06",
        send_time="09:00",
    )

    rows = made(plan)
    assert [(row["segment"], row["audience_size"]) for row in rows] == [
        ("loyal", 27),
        ("lapsed", 36),
    ]
    assert [row["scheduled_at"] for row in rows] == [
        "2030-05-06T08:00:00+00:00",
        "2030-05-06T08:30:00+00:00",
    ]
    assert len({row["subject"] for row in rows}) == 2
    for row in rows:
        assert faults(row["body_html"]) == []
        assert len(row["subject"]) <= 70
    assert warned(plan) == {"small_segments": ["Customers at risk"]}
    assert plan.summary["effect"] == "Schedules 2 letters to 63 customers from 6 May, 09:00."
    assert len(table(plan, "segments.csv")) == 2
    assert "Nothing has been sent" in artifact(plan, "letters.html")


@pytest.mark.django_db
def test_past_letters_say_what_to_expect(shop, cast):
    Campaign.objects.create(
        tenant=shop,
        name="Before",
        status="sent",
        sent_at=datetime.fromisoformat("2026-11-01T09:00Z"),
        recipients=1000,
        orders=30,
        revenue="1500.00",
    )
    plan = plan_for(cast, LAUNCH, segments=["loyal"])
    metric = {m["key"]: m for m in plan.summary["metrics"]}["expected_orders"]
    low, high = wilson(30, 1000)
    assert metric["value"] == int(low * 27)
    assert metric["display"] == f"{int(low * 27)} – {int(high * 27) + 1}"


@pytest.mark.django_db
def test_a_shop_without_customers_or_with_small_segments_says_so(in_tenant, cast):
    make_clock(in_tenant)
    make_priced(in_tenant, "Blue mug", "20.00")
    with pytest.raises(Invalid):
        plan_for(cast, LAUNCH)


@pytest.mark.django_db
def test_an_offer_takes_what_stays_above_the_floor_and_ends_by_itself(shop, cast):
    make_priced(shop, "Christmas bauble", "12.00", cost="11.00", sold=9)
    make_priced(shop, "Christmas stocking", "12.00", cost=None, sold=9)
    busy = make_priced(shop, "Christmas wreath", "12.00", cost="2.00", sold=9)
    make_promotion(
        busy.product,
        starts=datetime.fromisoformat("2030-12-01T00:00Z"),
        ends=datetime.fromisoformat("2030-12-20T00:00Z"),
    )
    plan = plan_for(cast, SEASON, holiday="christmas", starts_on="2030-12-11", discount_percent=20)

    campaign, promotion = made(plan)
    assert (campaign["entity"], promotion["entity"]) == ("campaign", "promotion")
    assert promotion["campaign_id"] == campaign["id"]
    assert promotion["starts_at"] == "2030-12-11T00:00:00+00:00"
    assert promotion["ends_at"] == "2030-12-25T23:59:59+00:00"
    assert promotion["value"] == "20.00"
    assert [row[0] for row in table(plan, "offer.csv")] == ["Christmas garland"]
    assert table(plan, "offer.csv")[0][1:4] == ["20.00", "16.00", "60.0"]
    assert warned(plan) == {
        "floor": ["Christmas bauble"],
        "unknown_cost": ["Christmas stocking"],
        "busy": ["Christmas wreath"],
    }
    assert plan.summary["effect"] == (
        "Takes 20% off 1 product for Christmas, from 11 December to 25 December 2030, "
        "and tells 30 customers."
    )
    assert "20% off" in campaign["subject"] + campaign["body_html"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"product_focus": "zebra"}, "inputs.product_focus"),
        ({"margin_floor_percent": 500}, "inputs.product_focus"),
        ({"discount_percent": 71}, "inputs.discount_percent"),
        ({"code": "lower"}, "inputs.code"),
        ({"starts_on": "2030-12-11", "ends_on": "2030-12-01"}, "inputs.ends_on"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_at_its_field(shop, cast, inputs, field):
    with pytest.raises(Invalid) as refused:
        plan_for(cast, SEASON, **inputs)
    assert next(iter(refused.value.fields)) == field


@pytest.mark.parametrize(
    ("holiday", "year", "country", "day"),
    [
        ("black_friday", 2026, "GB", date(2026, 11, 27)),
        ("cyber_monday", 2026, "GB", date(2026, 11, 30)),
        ("easter", 2027, "GB", date(2027, 3, 28)),
        ("mothers_day", 2027, "GB", date(2027, 3, 7)),
        ("mothers_day", 2027, "US", date(2027, 5, 9)),
        ("fathers_day", 2027, "GB", date(2027, 6, 20)),
        ("thanksgiving", 2027, "CA", date(2027, 10, 11)),
        ("thanksgiving", 2027, "US", date(2027, 11, 25)),
    ],
)
def test_occasions_fall_on_their_days(holiday, year, country, day):
    assert day_of(Holiday(holiday), year, country) == day


def test_the_next_day_is_never_past():
    assert next_day_of(Holiday.CHRISTMAS, date(2026, 12, 26), "GB") == date(2027, 12, 25)
    assert next_day_of(Holiday.CHRISTMAS, date(2026, 12, 25), "GB") == date(2026, 12, 25)
    assert all(easter(year).weekday() == 6 for year in range(1990, 2100))


def test_discounts_round_half_up():
    assert [discounted(amount, Decimal(15)) for amount in (999, 1000, 10, 1)] == [849, 850, 9, 1]
