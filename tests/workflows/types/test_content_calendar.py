"""A calendar of posts: when, where, about what, and the files that go with it."""

from datetime import date, datetime

import pytest

from core.errors import Invalid
from stores.models import Post
from tests.stores.factories import make_image, make_product
from tests.workflows.types.shops import artifact, make_clock, plan_for, table, warned
from workflows.models import PlannedChange

TYPE = "social.content_calendar"
FIRST = "2030-05-06"
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(in_tenant):
    make_clock(in_tenant)
    for number, title in enumerate(("Blue mug", "Red lantern", "Linen notebook", "Wool scarf")):
        product = make_product(in_tenant, title=title, handle=title.lower().replace(" ", "-"))
        if number:
            make_image(product)
    return in_tenant


def posts(plan) -> list[dict]:
    rows = PlannedChange.objects.filter(plan=plan).order_by("position")
    return [row.after for row in rows]


def test_platforms_and_posts_alone_are_enough(shop, cast):
    plan = plan_for(cast, TYPE, platforms=["instagram"], posts=10, start_date=FIRST)

    made = posts(plan)
    assert len(made) == 10
    assert {post["platform"] for post in made} == {"instagram"}
    days = [datetime.fromisoformat(post["scheduled_at"]).date() for post in made]
    assert days == [date(2030, 5, day) for day in (6, 6, 7, 7, 8, 8, 9, 9, 10, 10)]
    assert len({post["caption"] for post in made}) == 10
    assert {post["content_type"] for post in made} == {"product_features", "tips", "lifestyle"}
    assert plan.summary["effect"] == (
        "Schedules 10 posts on Instagram from 6 May to 10 May, about 4 products."
    )
    assert warned(plan) == {"repeated": [], "no_picture": ["Blue mug"]}


def test_a_week_on_each_platform_when_no_number_is_given(shop, cast):
    plan = plan_for(
        cast, TYPE, platforms=["instagram", "pinterest"], posts_per_day=1, start_date=FIRST
    )
    made = posts(plan)
    assert [post["platform"] for post in made].count("pinterest") == 7
    assert len(made) == 14


def test_times_are_the_shops_own_and_taken_ones_move_on(shop, cast):
    shop.timezone = "Europe/Berlin"
    shop.save()
    Post.objects.create(
        tenant=shop, platform="instagram", scheduled_at="2030-05-06T07:00:00Z", caption="Taken"
    )
    plan = plan_for(cast, TYPE, posts=2, posts_per_day=1, posting_times=["9:00"], start_date=FIRST)
    assert [post["scheduled_at"] for post in posts(plan)] == [
        "2030-05-06T07:15:00+00:00",
        "2030-05-07T07:00:00+00:00",
    ]


def test_focus_chooses_products_and_says_when_there_is_none(shop, cast):
    plan = plan_for(cast, TYPE, posts=2, product_focus="lantern", start_date=FIRST)
    assert all("lantern" in post["caption"].lower() for post in posts(plan))
    with pytest.raises(Invalid) as refused:
        plan_for(cast, TYPE, posts=2, product_focus=["zebra"])
    assert list(refused.value.fields) == ["inputs.product_focus"]


def test_hashtags_follow_the_strategy_and_the_platform(shop, cast):
    none = plan_for(cast, TYPE, posts=3, hashtag_strategy="none", start_date=FIRST)
    own = plan_for(
        cast,
        TYPE,
        posts=3,
        platforms=["x"],
        hashtag_strategy="many",
        hashtags=["my shop"],
        start_date=FIRST,
    )
    assert [post["hashtags"] for post in posts(none)] == [[], [], []]
    for post in posts(own):
        assert post["hashtags"][0] == "#MyShop"
        assert len(post["hashtags"]) <= 2
        assert len(post["caption"]) + sum(len(tag) + 1 for tag in post["hashtags"]) <= 280


def test_the_calendar_file_keeps_to_the_standard(shop, cast):
    plan = plan_for(cast, TYPE, posts=4, start_date=FIRST)

    text = artifact(plan, "calendar.ics")
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    uids = [line for line in unfolded if line.startswith("UID:")]
    assert len(set(uids)) == 4 == sum(line == "BEGIN:VEVENT" for line in unfolded)
    starts = [line for line in unfolded if line.startswith("DTSTART:")]
    assert all(line.endswith("Z") for line in starts)
    rows = PlannedChange.objects.filter(plan=plan)
    assert set(uids) == {f"UID:{row.target_id}@codex" for row in rows}
    assert len(table(plan, "calendar.csv")) == 4


def test_the_same_draft_makes_the_same_calendar(shop, cast):
    inputs = {"posts": 6, "start_date": FIRST}
    one, again = plan_for(cast, TYPE, **inputs), plan_for(cast, TYPE, **inputs)
    assert one.fingerprint == again.fingerprint
    assert artifact(one, "calendar.ics") == artifact(again, "calendar.ics")


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"platforms": []}, "platforms"),
        ({"platforms": ["fax"]}, "platforms.0"),
        ({"posts": 0}, "posts"),
        ({"posting_times": ["25:00"]}, "posting_times"),
        ({"content_types": ["gossip"]}, "content_types.0"),
    ],
)
def test_wrong_inputs_are_refused_at_their_field(shop, cast, inputs, field):
    with pytest.raises(Invalid) as refused:
        plan_for(cast, TYPE, **inputs)
    assert next(iter(refused.value.fields)) == f"inputs.{field}"
