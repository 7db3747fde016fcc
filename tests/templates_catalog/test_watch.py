"""The watch: what time, runs and councils did to templates while nobody clicked."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from core.models import Event
from core.scope import scope
from notifications.models import Notice
from templates_catalog import queries, services
from templates_catalog.models import StandingApproval, TemplateTrack
from templates_catalog.services.sweeping import MOVES, sweep
from templates_catalog.tasks import watch
from tests.templates_catalog.conftest import in_force, ready_runs, reviewed_run, reviewer
from workflows.models import Workflow
from workflows.services import undo_workflow

NOTHING = dict.fromkeys(MOVES, 0)


def told(user) -> list[str]:
    with scope(tenant_id="tenant_tenant", user_id=user.pk):
        return sorted(
            Notice.objects.filter(user_id=user.pk, kind__startswith="template.").values_list(
                "kind", flat=True
            )
        )


@pytest.mark.django_db
def test_the_beat_calls_it():
    entry = PeriodicTask.objects.get(task="templates_catalog.watch")

    assert (entry.enabled, entry.interval.every, entry.interval.period) == (True, 5, "minutes")


def test_nothing_to_do_does_nothing(cast, template):
    assert sweep() == NOTHING


def test_an_undo_by_a_person_suspends_and_tells_the_council(cast, template, standing):
    run = reviewed_run(cast, template)
    undo_workflow(workflow_id=run.pk, actor=cast.actor("olivia"))

    first, again = watch(), watch()

    assert (first["codex_templates_broken"], again) == (1, NOTHING)
    assert TemplateTrack.objects.get().suspended_why == "undone"
    assert told(cast.rita) == ["template.suspended"]


def test_cleared_means_that_what_broke_before_counts_no_more(cast, council, template, standing):
    run = reviewed_run(cast, template)
    undo_workflow(workflow_id=run.pk, actor=cast.actor("olivia"))
    watch()

    services.clear_suspension(
        template_id=template.pk, reason="Looked at", actor=reviewer(cast, council)
    )

    assert watch()["codex_templates_broken"] == 0
    assert in_force(template).is_pre_approved is True


def test_three_clean_reviewed_runs_earn_it_and_the_council_hears_once(cast, council, template):
    ready_runs(cast, template, 2)
    assert watch()["codex_templates_earned"] == 0
    reviewed_run(cast, template, token="the-third")

    first, again = watch(), watch()

    assert (first["codex_templates_earned"], again) == (1, NOTHING)
    assert TemplateTrack.objects.get().eligible_at is not None
    assert told(cast.rita) == told(cast.ron) == ["template.eligible"]
    assert [track.template_id for track in queries.earned_for([council.pk])] == [template.pk]


def test_a_shop_may_ask_for_more_or_fewer_clean_runs(cast, template):
    services.change_switches(clean_runs_needed=1, actor=cast.actor("olivia"))
    reviewed_run(cast, template)

    assert watch()["codex_templates_earned"] == 1


def test_the_end_is_told_a_week_before_and_when_it_comes(cast, template, standing):
    assert watch()["codex_standing_ending"] == 0

    StandingApproval.objects.update(until=timezone.now() + timedelta(days=6))
    assert watch()["codex_standing_ending"] == 1
    assert watch()["codex_standing_ending"] == 0
    assert told(cast.rita) == ["template.standing_ending"]
    assert in_force(template).is_pre_approved is True

    StandingApproval.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert watch()["codex_standing_ending"] == 1
    assert watch() == NOTHING
    assert told(cast.rita) == ["template.standing_ended", "template.standing_ending"]
    assert in_force(template).is_pre_approved is False
    assert Event.objects.filter(kind="template.standing_ended").count() == 1


def test_a_run_that_slipped_in_while_it_was_revoked_is_stopped(cast, council, template, standing):
    ran = services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    # As if the revocation had been written a moment before the run was.
    StandingApproval.objects.update(revoked_at=timezone.now(), revoked_why="Prices rise")

    assert watch()["codex_revoked_but_waiting"] == 1

    assert Workflow.objects.get(pk=ran.workflow.pk).status == "cancelled"
    assert watch() == NOTHING


def test_other_bounds_do_not_stop_what_waits(cast, council, template, standing):
    services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    services.pre_approve(
        template_id=template.pk,
        bounds={"max_items": 20},
        until=timezone.now() + timedelta(days=30),
        actor=reviewer(cast, council),
    )

    assert watch()["codex_revoked_but_waiting"] == 0
    assert Workflow.objects.get().status == "pending"
