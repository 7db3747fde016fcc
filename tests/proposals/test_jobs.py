"""The beat's small dispatchers: each shop once a day from two in the morning, wherever it is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from core.models import JobSlot
from core.scope import scope
from proposals import tasks
from proposals.models import Proposal
from proposals.services import propose_for_tenant
from tenants.models import Tenant
from tests.proposals.conftest import in_shop, state_of

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


def test_each_shop_is_handed_out_once_a_day(cast, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.look, "apply_async", lambda kwargs, **_: sent.append(kwargs))
    with in_shop(cast):
        Tenant.objects.filter(pk=cast.tenant.pk).update(timezone=late_zone())
    with scope(tenant_id=cast.other.pk):
        Tenant.objects.filter(pk=cast.other.pk).update(timezone=late_zone())

    assert [tasks.dispatch(), tasks.dispatch()] == [2, 0]
    assert sent == [{"tenant_ids": [cast.other.pk, cast.tenant.pk]}]
    assert JobSlot.objects.filter(job="proposals.nightly").count() == 2


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
