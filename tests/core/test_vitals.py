"""What is missing is named, with what to do about it; and nothing is said that is not so."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from codex import vitals

pytestmark = pytest.mark.django_db


def beat_was_here(ago: timedelta) -> None:
    PeriodicTask.objects.update(last_run_at=None)
    first = PeriodicTask.objects.order_by("pk").values_list("pk", flat=True)[0]
    PeriodicTask.objects.filter(pk=first).update(last_run_at=timezone.now() - ago)


def ready(client):
    response = client.get("/readyz")
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("ago", "said"), [(timedelta(minutes=1), "ok"), (timedelta(minutes=9), "silent for 9 minutes")]
)
def test_a_silent_beat_is_said_and_takes_nobody_away(client, ago, said):
    beat_was_here(ago)
    status, told = ready(client)
    assert (status, told["ready"], told["beat"]) == (200, True, said)


def test_a_beat_that_never_was_is_said(client):
    PeriodicTask.objects.update(last_run_at=None)
    assert ready(client)[1]["beat"] == "it never sent anything"


def test_tables_that_are_missing_are_a_reason_not_to_serve(client, monkeypatch):
    whole = MigrationExecutor.migration_plan

    def without_the_last(self, targets, clean_start=False):
        last = self.loader.graph.leaf_nodes("drafts")[0]
        self.loader.applied_migrations.pop(last)
        return whole(self, targets, clean_start)

    monkeypatch.setattr(vitals, "_migrated", set())
    monkeypatch.setattr(MigrationExecutor, "migration_plan", without_the_last)
    status, told = ready(client)
    assert (status, told["ready"]) == (503, False)
    assert told["migrations"].startswith("1 migrations are missing, the first is drafts.")


def told_by_the_doctor() -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True)
    except CommandError as refused:
        return out.getvalue(), str(refused)
    return out.getvalue(), ""


@pytest.fixture
def well(monkeypatch):
    """Parts that tests do not run are taken as well; each test breaks one of the others."""
    beat_was_here(timedelta(minutes=1))
    for part in ("worker", "clocks"):
        monkeypatch.setitem(vitals.EVERYTHING, part, lambda: None)


def test_the_doctor_finds_nothing_where_all_is_well(well):
    text, refused = told_by_the_doctor()
    assert refused == ""
    assert text.count("  well   ") == len(vitals.EVERYTHING)
    assert "Everything is in its place." in text


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(well, settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    settings.DEBUG = True
    beat_was_here(timedelta(hours=1))
    text, refused = told_by_the_doctor()
    assert refused == f"3 of {len(vitals.EVERYTHING)} parts need a hand."
    assert "wrong  broker: " in text
    assert "Is the broker running, and is CELERY_BROKER_URL right?" in text
    assert "wrong  beat: silent for 60 minutes" in text
    assert "wrong  settings: CODEX_DEBUG is on" in text
