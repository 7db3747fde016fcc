"""The beat's small dispatchers: each shop once a day from two in the morning, wherever it is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from core.models import JobSlot
from core.scope import scope
from proposals import tasks
from proposals.models import Proposal, ProposerRun
from proposals.services import propose_for_tenant, proposing
from tenants.models import Tenant
from tests.proposals.conftest import in_shop, state_of, stock

ZONES = ["Pacific/Kiritimati", "Europe/London", "America/New_York", "Etc/GMT+12", "Not/AZone"]


def found(function):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}()")
        return cursor.fetchall()


def test_the_beat_has_its_entries(db):
    tasks_by_name = dict(
        PeriodicTask.objects.filter(name__startswith="Proposals:").values_list("name", "task")
    )
    assert tasks_by_name == {
        "Proposals: look at the shops": "proposals.dispatch",
        "Proposals: expire": "proposals.expire",
        "Proposals: measure outcomes": "proposals.measure",
    }


@pytest.mark.parametrize("zone", ZONES)
def test_a_shop_is_due_from_two_in_its_own_morning(cast, zone):
    with in_shop(cast):
        Tenant.objects.filter(pk=cast.tenant.pk).update(timezone=zone)
    here = datetime.now(ZoneInfo(zone if zone != "Not/AZone" else "UTC"))
    due = dict(found("codex_shops_to_look_at"))
    assert (cast.tenant.pk in due) == (here.hour >= 2)
    if cast.tenant.pk in due:
        assert due[cast.tenant.pk] == here.date()


@pytest.fixture
def sent(committed_cast, monkeypatch):
    """Two shops whose night has come, and the messages that are sent about them."""
    messages = []
    monkeypatch.setattr(tasks.look, "apply_async", lambda kwargs, **_: messages.append(kwargs))
    for tenant in (committed_cast.tenant, committed_cast.other):
        with scope(tenant_id=tenant.pk):
            Tenant.objects.filter(pk=tenant.pk).update(timezone=late_zone())
            stock(tenant)
    return messages


def runs_of(tenant):
    with scope(tenant_id=tenant.pk):
        return list(ProposerRun.objects.order_by("started_at", "id"))


def test_each_shop_is_looked_at_once_a_day(committed_cast, sent):
    today = datetime.now(ZoneInfo(late_zone())).date().isoformat()
    assert tasks.dispatch() == 2
    assert sent == [{"nights": {committed_cast.other.pk: today, committed_cast.tenant.pk: today}}]

    assert tasks.look(**sent[0]) == 2
    assert tasks.dispatch() == 0
    assert JobSlot.objects.filter(job="proposals.nightly").count() == 2


def test_a_message_that_was_lost_is_sent_again_and_one_delivered_twice_does_nothing(
    committed_cast, sent
):
    assert [tasks.dispatch(), tasks.dispatch()] == [2, 2]
    assert [tasks.look(**message) for message in sent] == [2, 0]
    assert [len(runs_of(committed_cast.tenant)), len(runs_of(committed_cast.other))] == [1, 1]


def test_a_worker_that_died_leaves_the_night_open_three_times_at_most(
    committed_cast, sent, monkeypatch
):
    """It dies after its run is in the log and before anything is written."""

    def dies(*_args):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(proposing, "ask_detectors", dies)
        with pytest.raises(SystemExit):
            tasks.look(nights={committed_cast.tenant.pk: "2026-11-23"})
    assert [run.finished_at for run in runs_of(committed_cast.tenant)] == [None]
    due = {tenant_id for tenant_id, _day in found("codex_shops_to_look_at")}
    assert due == {committed_cast.other.pk}  # half an hour is left to it

    with in_shop(committed_cast):
        ProposerRun.objects.update(started_at=timezone.now() - timedelta(minutes=31))
    assert tasks.dispatch() == 2
    with in_shop(committed_cast):
        for _ in range(2):
            ProposerRun.objects.create(
                tenant=committed_cast.tenant, trigger="schedule", finished_at=Now()
            )
    assert tasks.dispatch() == 1


def test_a_shop_that_cannot_be_opened_is_in_the_log_and_stops_nobody(
    committed_cast, sent, monkeypatch
):
    real, broken = proposing.look_of, committed_cast.other.pk

    def look_of(tenant_id, **more):
        if tenant_id == broken:
            raise RuntimeError("its profile is broken")
        return real(tenant_id, **more)

    monkeypatch.setattr(proposing, "look_of", look_of)
    assert tasks.look(nights={broken: "2026-11-23", committed_cast.tenant.pk: "2026-11-23"}) == 1
    (run,) = runs_of(committed_cast.other)
    assert (run.error, run.finished_at is not None) == ("RuntimeError: its profile is broken", True)


def late_zone():
    """A zone in which it is afternoon now, so that a test never runs before two."""
    offset = (15 - timezone.now().hour) % 24
    return f"Etc/GMT{-offset:+d}" if offset <= 12 else f"Etc/GMT{24 - offset:+d}"


def test_expiry_takes_what_is_over_in_every_tenant(shop, proposal):
    with in_shop(shop):
        Proposal.objects.update(expires_at=timezone.now() - timedelta(minutes=5))
    assert [tasks.expire(), tasks.expire()] == [1, 0]
    assert state_of(shop, proposal) == "expired"


def test_what_is_not_over_is_left_alone(shop, proposal):
    assert tasks.expire() == 0
    assert state_of(shop, proposal) == "pending"


def test_one_tenants_failure_stops_nobody(shop, proposal, monkeypatch):
    monkeypatch.setattr(
        tasks, "_found", lambda function: [("tenant_gone", "x"), (shop.tenant.pk, proposal.pk)]
    )
    done = []

    def work(pk):
        if pk == "x":
            raise RuntimeError("broken")
        done.append(pk)
        return True

    assert tasks._each("codex_proposals_to_expire", work) == 1
    assert done == [proposal.pk]


def test_nothing_is_measured_before_its_time(shop, proposal):
    propose_for_tenant(tenant_id=shop.tenant.pk)
    assert found("codex_outcomes_due") == []
    assert tasks.measure() == 0
