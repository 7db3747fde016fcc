"""Calendar files, read back by a program of somebody else's: what a calendar would show."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.stores.factories import make_image, make_product
from tests.workflows.types.examples import some
from tests.workflows.types.shops import artifact, make_clock, plan_for
from workflows.models import PlannedChange
from workflows.types.calendars import Entry, calendar

STAMP = datetime(2030, 5, 6, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=200)


def entries_of(text: str) -> list:
    read = Calendar.from_ical(text)
    assert read["VERSION"] == "2.0"
    assert read["PRODID"]
    assert read.errors == []
    found = read.walk("VEVENT")
    assert [event.errors for event in found] == [[]] * len(found)
    return found


def is_well_folded(text: str) -> bool:
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")
    assert not any("\n" in line or "\r" in line for line in lines)
    return max(len(line.encode()) for line in lines) <= 75


@pytest.mark.django_db
def test_a_calendar_program_shows_every_post_at_its_time(in_tenant, cast):
    make_clock(in_tenant)
    in_tenant.timezone = "Europe/Berlin"
    in_tenant.save()
    for title in ("Blue mug; large, “Grüße” 🎁", "Red lantern", "Linen notebook, A5"):
        make_image(make_product(in_tenant, title=title))
    plan = plan_for(
        cast,
        "social.content_calendar",
        platforms=["instagram", "pinterest"],
        posts=9,
        start_date="2030-10-26",  # over the end of summer time
        copy_blocks=["Ad; really, an ad.\nSecond line."],
    )

    text = artifact(plan, "calendar.ics")
    assert is_well_folded(text)
    events = entries_of(text)
    posts = [row.after for row in PlannedChange.objects.filter(plan=plan).order_by("position")]
    assert len({str(event["UID"]) for event in events}) == len(posts) == len(events)
    for event, post in zip(events, posts, strict=True):
        assert event.decoded("DTSTART") == datetime.fromisoformat(post["scheduled_at"])
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=15)
        assert event.decoded("DTSTAMP").tzinfo is not None
        said = f"{post['caption']}\n\n{' '.join(post['hashtags'])}".strip()
        assert str(event["DESCRIPTION"]) == said
        assert said.split("\n\n")[1] == "Ad; really, an ad.\nSecond line."
    again = plan_for(cast, "social.content_calendar", **plan.inputs)
    assert artifact(again, "calendar.ics") == text


@given(summary=TEXT, description=TEXT, categories=st.lists(TEXT.filter(str.strip), max_size=2))
@some(60)
def test_any_text_comes_back_as_it_went_in(summary, description, categories):
    entry = Entry("one@codex", STAMP, summary, description, categories=tuple(categories))
    text = "".join(calendar("Posts, all of them", [entry], stamp=STAMP))
    assert is_well_folded(text)
    [event] = entries_of(text)
    assert str(event["SUMMARY"]) == summary
    assert str(event.get("DESCRIPTION", "")) == description
    assert event.decoded("DTSTART") == STAMP
