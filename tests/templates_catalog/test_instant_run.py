"""Instant run inside bounds, and every way round them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from core.errors import Conflict, IllegalMove, Invalid, NotAllowed, TooMany
from core.models import Event
from core.scope import scope
from drafts import services as drafts
from drafts.models import Approval, Draft
from notifications.models import Notice
from templates_catalog import queries, services
from templates_catalog.models import StandingApproval, Template, TemplateTrack, TemplateUse
from tests.templates_catalog.conftest import SOON, reviewer
from workflows.models import Workflow


def run(cast, template, who="eddie", **more):
    return services.instant_run(template_id=template.pk, actor=cast.actor(who), **more)


def test_it_runs_what_the_standing_approval_allows(cast, template, standing):
    ran = run(cast, template)

    assert ran.workflow is not None
    assert (ran.draft.status, ran.workflow.draft_id) == ("converted", ran.draft.pk)
    approval = Approval.objects.get()
    assert (approval.kind, approval.standing_approval_id) == ("standing", standing.pk)
    assert approval.fingerprint == ran.draft.plan.fingerprint
    assert queries.template(template.pk).usage_count == 1


def test_the_events_tell_the_whole_way(cast, template, standing):
    ran = run(cast, template)

    story = Event.objects.filter(draft_id=ran.draft.pk).order_by("at", "id")
    assert set(story.values_list("kind", flat=True)) >= {
        "draft.created",
        "draft.previewed",
        "draft.approved_by_standing",
        "draft.converted",
        "template.instant_run",
        "workflow.created",
    }


def test_without_a_standing_approval_nothing_runs(cast, template):
    with pytest.raises(Conflict, match="not pre-approved"):
        run(cast, template)

    assert (Draft.objects.count(), Workflow.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["vera", "rita"])
def test_who_may_not_write_may_not_run(cast, template, standing, who):
    with pytest.raises(NotAllowed):
        run(cast, template, who)

    assert Workflow.objects.count() == 0


def test_one_item_too_many_goes_to_review_with_the_reason(cast, template, standing, council):
    ran = run(cast, template, inputs={"posts": 6})

    assert ran.workflow is None
    assert ran.outside == ("11 changes, at most 10.",)
    assert Draft.objects.get().status == "pending_review"
    assert TemplateUse.objects.get().reviewed_instead == ["11 changes, at most 10."]


def test_a_larger_step_goes_to_review(cast, template, standing):
    ran = run(cast, template, inputs={"add": "3.00"})

    assert ran.outside == ("30 % as the largest price move, at most 20.",)
    assert Workflow.objects.count() == 0


def test_leaving_the_bounds_suspends_and_tells_the_council(cast, template, standing, council):
    run(cast, template, inputs={"add": "3.00"})

    assert TemplateTrack.objects.get().suspended_why == "breach"
    with pytest.raises(Conflict, match="suspended"):
        run(cast, template)
    with scope(user_id=cast.rita.pk):
        kinds = set(Notice.objects.values_list("kind", flat=True))
    assert "template.suspended" in kinds

    services.clear_suspension(
        template_id=template.pk, reason="Looked at", actor=reviewer(cast, council)
    )
    assert run(cast, template).workflow is not None


def test_an_edit_of_the_template_ends_the_yes(cast, template, standing):
    waiting = run(cast, template, confirmed=False)
    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), default_inputs={"add": "1.50"}
    )

    with pytest.raises(Conflict, match="changed since"):
        services.confirm_instant_run(draft_id=waiting.draft.pk, actor=cast.actor("eddie"))
    with pytest.raises(Conflict, match="not pre-approved"):
        run(cast, template)
    assert Workflow.objects.count() == 0


def test_editing_the_draft_between_preview_and_run_is_judged_again(cast, template, standing):
    waiting = run(cast, template, confirmed=False)
    drafts.edit_draft(draft_id=waiting.draft.pk, actor=cast.actor("eddie"), inputs={"add": "9.00"})

    ran = services.confirm_instant_run(draft_id=waiting.draft.pk, actor=cast.actor("eddie"))

    assert ran.workflow is None
    assert ran.outside != ()


def test_confirming_again_answers_the_same_run(cast, template, standing):
    first = run(cast, template)

    again = services.confirm_instant_run(draft_id=first.draft.pk, actor=cast.actor("eddie"))

    assert again.workflow.pk == first.workflow.pk
    assert Workflow.objects.count() == 1


def test_one_click_sent_twice_is_one_run(cast, template, standing):
    runs = {run(cast, template, token="click-1").workflow.pk for _ in range(3)}

    assert len(runs) == 1
    assert queries.template(template.pk).usage_count == 1


def test_a_plan_without_effect_runs_nothing(cast, template, standing):
    with pytest.raises(Invalid), transaction.atomic():
        run(cast, template, inputs={"add": "0"})

    assert Workflow.objects.count() == 0


def test_required_fields_are_asked_for(cast, template, standing, council):
    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), required_fields=["posts"]
    )
    services.pre_approve(
        template_id=template.pk,
        bounds={},
        until=timezone.now() + SOON,
        actor=reviewer(cast, council),
    )

    with pytest.raises(Invalid) as refused:
        run(cast, template)

    assert list(refused.value.fields) == ["inputs.posts"]


def test_runs_a_day_are_limited(cast, template, standing, monkeypatch):
    monkeypatch.setattr("templates_catalog.services.spikes.AT_LEAST", 100)
    for _ in range(4):
        run(cast, template)

    with pytest.raises(TooMany):
        run(cast, template)
    assert Workflow.objects.count() == 4


def test_a_spike_blocks_the_person_until_the_council_lifts_it(
    cast, template, standing, council, monkeypatch
):
    monkeypatch.setattr("templates_catalog.services.spikes.AT_LEAST", 2)
    monkeypatch.setattr("templates_catalog.services.spikes.FACTOR", 1)
    run(cast, template)
    run(cast, template)

    with pytest.raises(NotAllowed, match="off for you"):
        run(cast, template)
    block = queries.block_of(cast.eddie.pk)
    with pytest.raises(NotAllowed):
        services.lift_block(block_id=block.pk, actor=cast.actor("olivia"))
    services.lift_block(block_id=block.pk, actor=reviewer(cast, council))
    assert run(cast, template).workflow is not None


def test_revoking_stops_runs_that_have_not_started(cast, template, standing, council):
    ran = run(cast, template)

    services.revoke(template_id=template.pk, reason="Prices rise", actor=reviewer(cast, council))

    ran.workflow.refresh_from_db()
    assert ran.workflow.status == "cancelled"
    with pytest.raises(Conflict, match="not pre-approved"):
        run(cast, template)


def test_an_expired_yes_runs_nothing(cast, template, standing):
    StandingApproval.objects.update(until=timezone.now() - timedelta(minutes=1))

    with pytest.raises(Conflict, match="not pre-approved"):
        run(cast, template)


@pytest.mark.parametrize("who", ["olivia", "adam", "eddie", "vera", "ron"])
def test_only_the_council_says_yes_in_advance(cast, template, earned, who):
    with pytest.raises(NotAllowed):
        services.pre_approve(
            template_id=template.pk,
            bounds={},
            until=timezone.now() + SOON,
            actor=cast.actor(who),
        )

    assert StandingApproval.objects.count() == 0


def test_whoever_wrote_the_version_cannot_approve_it(cast, template, earned, council):
    author = cast.actor("olivia", council_ids=(council.pk,))

    with pytest.raises(NotAllowed):
        services.pre_approve(
            template_id=template.pk, bounds={}, until=timezone.now() + SOON, actor=author
        )


def test_it_has_to_be_earned(cast, template, council):
    with pytest.raises(Conflict, match="0 of 3"):
        services.pre_approve(
            template_id=template.pk,
            bounds={},
            until=timezone.now() + SOON,
            actor=reviewer(cast, council),
        )


@pytest.mark.parametrize(
    "bounds", [{"max_items": 0}, {"max_items": "many"}, {"is_pre_approved": True}]
)
def test_bad_bounds_are_refused_by_name(cast, template, earned, council, bounds):
    with pytest.raises(Invalid) as refused:
        services.pre_approve(
            template_id=template.pk,
            bounds=bounds,
            until=timezone.now() + SOON,
            actor=reviewer(cast, council),
        )

    assert next(iter(refused.value.fields)).startswith("bounds.")


def test_a_version_is_written_once(template):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE templates_catalog_templateversion SET number = 9")


def test_one_live_yes_per_version(template, standing):
    StandingApproval.objects.filter(pk=standing.pk).update(revoked_at=None)
    with pytest.raises(IntegrityError, match="standing_one_live"), transaction.atomic():
        StandingApproval.objects.create(
            tenant_id=standing.tenant_id,
            template=template,
            version=standing.version,
            council_id=standing.council_id,
            bounds={},
            until=timezone.now() + SOON,
        )


def test_converting_an_editing_draft_tries_the_yes_in_advance(cast, template, standing):
    draft, _template = services.use_template(template_id=template.pk, actor=cast.actor("eddie"))

    converted, workflow, made = drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert (converted.status, made) == ("converted", True)
    assert workflow.draft_id == draft.pk
    assert Approval.objects.get().kind == "standing"


def test_converting_an_editing_draft_outside_the_bounds_is_refused(cast, template, standing):
    draft, _template = services.use_template(
        template_id=template.pk, actor=cast.actor("eddie"), inputs={"add": "5.00"}
    )

    with pytest.raises(IllegalMove):
        drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert Draft.objects.get().status == "editing"
    assert Template.objects.get().version == 1
