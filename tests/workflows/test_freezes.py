"""Freezes: when they are on, whatever the clocks do, and that nothing starts inside one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from core.errors import Invalid, NotAllowed
from core.models import Event
from tests.workflows.conftest import prices
from workflows import freezing, queries, restraints, services
from workflows.models import FreezeWindow, Workflow
from workflows.states import Repeats

LONDON, NEW_YORK, SYDNEY = map(ZoneInfo, ("Europe/London", "America/New_York", "Australia/Sydney"))


def window(first: str, last: str, repeats: str = Repeats.NEVER, **more) -> FreezeWindow:
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    facts = {
        "name": "Freeze",
        "starts_on": start.date(),
        "starts_at": start.time(),
        "ends_on": end.date(),
        "ends_at": end.time(),
    }
    return FreezeWindow(id=more.pop("id", "freeze_1"), **facts, repeats=repeats, **more)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def until(windows, zone, at: str) -> datetime | None:
    found = freezing.frozen(windows, zone, utc(at))
    return found.until if found else None


def test_once_from_its_start_until_just_before_its_end():
    once = [window("2026-11-27 00:00", "2026-11-30 12:00")]

    assert until(once, LONDON, "2026-11-26 23:59:59") is None
    assert until(once, LONDON, "2026-11-27 00:00") == utc("2026-11-30 12:00")
    assert until(once, LONDON, "2026-11-30 11:59:59") == utc("2026-11-30 12:00")
    assert until(once, LONDON, "2026-11-30 12:00") is None


def test_the_wall_clock_is_the_shops():
    once = [window("2026-11-27 00:00", "2026-11-28 00:00")]

    assert until(once, NEW_YORK, "2026-11-27 04:59") is None
    assert until(once, NEW_YORK, "2026-11-27 05:00") == utc("2026-11-28 05:00")
    assert until(once, SYDNEY, "2026-11-26 13:00") == utc("2026-11-27 13:00")


def test_weekly_on_the_days_chosen_over_midnight_until_its_last_time():
    nights = [
        window(
            "2026-11-20 22:00",
            "2026-11-21 06:00",
            Repeats.WEEKLY,
            weekdays=[4, 5],
            until=date(2026, 12, 4),
        )
    ]

    assert until(nights, LONDON, "2026-11-13 23:00") is None  # before the first
    assert until(nights, LONDON, "2026-11-28 05:00") == utc("2026-11-28 06:00")  # of Friday
    assert until(nights, LONDON, "2026-11-28 23:00") == utc("2026-11-29 06:00")  # of Saturday
    assert until(nights, LONDON, "2026-11-29 23:00") is None
    assert until(nights, LONDON, "2026-12-05 05:00") == utc("2026-12-05 06:00")
    assert until(nights, LONDON, "2026-12-05 23:00") is None  # after the last


def test_weekly_keeps_its_wall_time_when_the_clocks_change():
    weekly = [window("2026-10-12 08:00", "2026-10-12 10:00", Repeats.WEEKLY)]

    assert until(weekly, LONDON, "2026-10-19 07:30") == utc("2026-10-19 09:00")  # summer time
    assert until(weekly, LONDON, "2026-10-26 07:30") is None
    assert until(weekly, LONDON, "2026-10-26 08:30") == utc("2026-10-26 10:00")  # winter time


def test_yearly_over_new_year_and_on_a_leap_day():
    holidays = [window("2025-12-20 00:00", "2026-01-03 00:00", Repeats.YEARLY)]
    leap = [window("2024-02-29 00:00", "2024-03-01 00:00", Repeats.YEARLY)]

    assert until(holidays, LONDON, "2027-01-02 12:00") == utc("2027-01-03 00:00")
    assert until(holidays, LONDON, "2026-12-20 00:00") == utc("2027-01-03 00:00")
    assert until(holidays, LONDON, "2026-12-19 23:00") is None
    assert until(leap, LONDON, "2027-02-28 12:00") == utc("2027-03-01 00:00")
    assert until(leap, LONDON, "2028-02-28 12:00") is None
    assert until(leap, LONDON, "2028-02-29 12:00") == utc("2028-03-01 00:00")


def test_an_hour_that_comes_twice_is_frozen_twice():
    # In London 01:00 to 02:00 comes twice on 25 October 2026: 00:00Z and 01:00Z.
    night = [window("2026-10-25 01:15", "2026-10-25 01:45")]

    assert until(night, LONDON, "2026-10-25 00:14") is None
    assert until(night, LONDON, "2026-10-25 00:15") == utc("2026-10-25 01:45")
    assert until(night, LONDON, "2026-10-25 01:44") == utc("2026-10-25 01:45")


def test_an_hour_that_never_comes_leaves_no_hole():
    # In London 01:00 to 02:00 is left out on 28 March 2027; at 01:00Z it is 02:00 at once.
    night = [window("2027-03-28 01:30", "2027-03-28 03:00")]

    assert until(night, LONDON, "2027-03-28 00:29") is None
    assert until(night, LONDON, "2027-03-28 01:00") == utc("2027-03-28 02:00")


def test_the_next_free_slot_is_after_all_that_follow_on_each_other():
    chain = [
        window("2026-11-27 00:00", "2026-11-28 00:00", id="freeze_1"),
        window("2026-11-27 20:00", "2026-11-29 00:00", id="freeze_2"),
        window("2026-11-29 00:00", "2026-11-29 06:00", id="freeze_3"),
        window("2026-11-29 07:00", "2026-11-29 08:00", id="freeze_4"),
    ]

    assert until(chain, LONDON, "2026-11-27 12:00") == utc("2026-11-29 06:00")


def test_freezes_without_a_hole_end_with_the_horizon():
    always = [window("2026-11-23 00:00", "2026-11-24 00:00", Repeats.WEEKLY, weekdays=[*range(7)])]

    found = until(always, LONDON, "2026-11-24 12:00")

    assert found is not None
    assert found - utc("2026-11-24 12:00") > timedelta(days=366)


# -- in a shop


@pytest.fixture
def freeze(cast):
    """One that is on now, by the database's clock, unless said otherwise."""

    def freeze(who: str = "olivia", hours: int = 2, **facts) -> FreezeWindow:
        local = queries.database_now().astimezone(restraints.zone_of(cast.tenant.pk))
        start, end = local - timedelta(hours=2), local + timedelta(hours=hours)
        given = {
            "name": "Sale",
            "repeats": Repeats.NEVER,
            "starts_on": start.date(),
            "starts_at": start.time().replace(tzinfo=None),
            "ends_on": end.date(),
            "ends_at": end.time().replace(tzinfo=None),
            **facts,
        }
        return services.add_freeze(tenant_id=cast.tenant.pk, actor=cast.actor(who), **given)

    return freeze


def kinds(run) -> list[str]:
    return list(
        Event.objects.filter(subject_id=run.pk).order_by("at", "id").values_list("kind", flat=True)
    )


def test_a_run_that_is_due_inside_a_freeze_waits_and_says_so_once(shop, run_of, work, freeze):
    window = freeze()
    before = prices()
    run = work(work(run_of()))

    assert (run.status, run.started_at, run.attempts, prices()) == ("pending", None, 0, before)
    assert run.held_until == restraints.frozen_until(
        run.tenant_id, run.workflow_type_id, queries.database_now()
    )
    assert kinds(run) == ["workflow.created", "workflow.held"]
    held = Event.objects.get(kind="workflow.held")
    assert held.data["freeze"] == window.name


def test_pressing_start_does_not_break_a_freeze(shop, run_of, work, freeze, cast):
    freeze()
    run = work(run_of(auto_execute=False))
    services.start_workflow(workflow_id=run.pk, actor=cast.actor("olivia"))

    run = work(run)

    assert (run.status, run.held_until is not None) == ("pending", True)


def test_it_starts_when_the_freeze_is_over(shop, run_of, work, freeze, sweep_now):
    freeze()
    run = work(run_of())
    assert sweep_now(run) is False
    FreezeWindow.objects.update(ends_on=date(2020, 1, 2), starts_on=date(2020, 1, 1))
    over = queries.database_now() - timedelta(minutes=1)
    Workflow.objects.update(held_until=over, nudged_at=over)

    assert sweep_now(run) is True
    assert work(run).status == "succeeded"
    assert Workflow.objects.get(pk=run.pk).held_until is None


def test_it_starts_when_the_freeze_is_taken_away(shop, run_of, work, freeze, sweep_now, cast):
    window = freeze()
    run = work(run_of())
    services.remove_freeze(freeze_id=window.pk, actor=cast.actor("adam"))

    assert sweep_now(run) is True
    assert work(run).status == "succeeded"


@pytest.fixture
def sweep_now(monkeypatch):
    """Whether a sweep would publish the run."""
    sent: list[str] = []
    monkeypatch.setattr(
        "workflows.tasks.run_workflow.send",
        lambda *, tenant_id, workflow_id: sent.append(workflow_id) or True,
    )

    def sweep_now(run: Workflow) -> bool:
        sent.clear()
        services.sweep()
        return run.pk in sent

    return sweep_now


def test_a_freeze_of_another_family_holds_nothing_back(shop, run_of, work, freeze):
    freeze(families=["social"])

    assert work(run_of()).status == "succeeded"


def test_a_run_that_has_started_goes_on_and_an_undo_is_allowed(shop, run_of, work, freeze, cast):
    before = prices()
    run = work(run_of())
    freeze()

    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))

    assert (work(run).status, prices()) == ("undone", before)


def test_a_time_inside_a_freeze_is_refused_with_the_next_free_one(shop, run_of, freeze):
    freeze(hours=30)
    now = queries.database_now()

    with pytest.raises(Invalid) as refused:
        run_of(run_at=now + timedelta(hours=3))

    slot = datetime.fromisoformat(refused.value.extra["next_free_slot"])
    assert timedelta(hours=29) < slot - now < timedelta(hours=31)
    assert Workflow.objects.count() == 0
    assert run_of(run_at=slot).due_at == slot


def test_each_change_is_an_event(cast, in_tenant, freeze):
    window = freeze()
    services.change_freeze(freeze_id=window.pk, actor=cast.actor("adam"), name="Great sale")
    services.remove_freeze(freeze_id=window.pk, actor=cast.actor("olivia"))

    events = list(Event.objects.order_by("at", "id"))

    assert [event.kind for event in events] == ["freeze.added", "freeze.changed", "freeze.removed"]
    assert events[1].data["before"]["name"] == "Sale"
    assert events[1].data["after"]["name"] == "Great sale"
    assert FreezeWindow.objects.count() == 0


@pytest.mark.parametrize("who", ["eddie", "vera"])
def test_only_owners_and_admins_set_them(cast, in_tenant, freeze, who):
    with pytest.raises(NotAllowed):
        freeze(who)
    window = freeze()
    for move, more in ((services.change_freeze, {"name": "x"}), (services.remove_freeze, {})):
        with pytest.raises(NotAllowed):
            move(freeze_id=window.pk, actor=cast.actor(who), **more)
    assert [one.name for one in FreezeWindow.objects.all()] == ["Sale"]


NONSENSE = {
    "name": {"name": " "},
    "ends_at": {"ends_on": date(2020, 1, 1)},
    "families": {"families": ["magic"]},
    "weekdays": {"repeats": "weekly", "weekdays": [7]},
    "ends_on": {
        "repeats": "weekly",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 9),
    },
    "until": {
        "repeats": "yearly",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 9),
        "until": date(2026, 10, 1),
    },
}


@pytest.mark.parametrize("field", NONSENSE)
def test_nonsense_is_refused_by_field(in_tenant, freeze, field):
    with pytest.raises(Invalid) as refused:
        freeze(**NONSENSE[field])
    assert list(refused.value.fields) == [field]
    assert FreezeWindow.objects.count() == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"name": " "},
        {"repeats": "daily"},
        {"ends_on": date(2026, 10, 31)},
        {"weekdays": [1]},
        {"repeats": "weekly", "weekdays": [7]},
        {"until": date(2026, 12, 1)},
        {"repeats": "weekly", "ends_on": date(2026, 11, 8)},
        {"repeats": "yearly", "ends_on": date(2027, 10, 31)},
    ],
)
def test_the_database_refuses_nonsense_too(in_tenant, facts):
    given = {
        "name": "Sale",
        "starts_on": date(2026, 11, 1),
        "starts_at": time(8),
        "ends_on": date(2026, 11, 1),
        "ends_at": time(9),
        **facts,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        FreezeWindow.objects.create(tenant=in_tenant, **given)
