"""Use and instant run by hand: what is asked, what is shown, and what a second click does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Event
from drafts.models import Draft
from stores.models import Variant
from templates_catalog import services
from templates_catalog.models import TemplateUse
from tests.templates_catalog.conftest import SOON, reviewer
from workflows import services as workflows
from workflows.models import Workflow
from workflows.restraints import zone_of

URL = "/portal/workflows/templates/{}"


@pytest.fixture
def asks(cast, council, template, standing):
    """It asks for how many posts, and is approved in advance again."""
    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), required_fields=["posts"]
    )
    services.pre_approve(
        template_id=template.pk,
        bounds={"max_items": 10},
        until=timezone.now() + SOON,
        actor=reviewer(cast, council),
    )
    return template


def test_use_begins_a_draft_and_twice_the_same_one(cast, template):
    client = cast.client("eddie")

    pages = [client.post(URL.format(template.pk) + "/use", {"token": "one"}) for _ in range(2)]

    assert {page["Location"] for page in pages} == {
        f"/portal/workflows/drafts/{Draft.objects.get().pk}"
    }
    assert Draft.objects.get().inputs == {"add": "1.00"}


def test_instant_run_shows_the_effect_and_runs_on_one_button(cast, template, standing):
    client = cast.client("eddie")

    shown = client.post(URL.format(template.pk) + "/instant", {"token": "one"}, follow=True)

    draft = Draft.objects.get()
    assert shown.request["PATH_INFO"].endswith(f"/instant/{draft.pk}")
    assert draft.plan.fingerprint in shown.content.decode()
    assert (draft.status, Workflow.objects.count()) == ("editing", 0)

    seen = {"seen": draft.plan.fingerprint}
    address = shown.request["PATH_INFO"] + "/confirm"
    answers = [client.post(address, seen) for _ in range(3)]

    run = Workflow.objects.get()
    assert {answer["Location"] for answer in answers} == {run.get_absolute_url()}
    assert TemplateUse.objects.get().at_once_at is not None


def test_without_the_question_one_click_runs(cast, template, standing):
    services.change_switches(asks_to_confirm=False, actor=cast.actor("olivia"))

    answer = cast.client("eddie").post(URL.format(template.pk) + "/instant", {"token": "one"})

    assert answer["Location"] == Workflow.objects.get().get_absolute_url()


def test_it_asks_only_for_what_is_missing(cast, asks):
    client = cast.client("eddie")

    page = client.get(URL.format(asks.pk) + "/instant")
    refused = client.post(URL.format(asks.pk) + "/instant", {"token": "one"})

    assert [field.path for field in page.context["form"].every_field] == ["posts"]
    assert refused.status_code == 422
    assert Draft.objects.count() == 0
    done = client.post(
        URL.format(asks.pk) + "/instant", {"token": "one", "inputs.posts": "2"}, follow=True
    )
    assert done.status_code == 200
    assert Draft.objects.get().inputs == {"add": "1.00", "posts": 2}


def test_the_click_is_counted_from_before_the_questions(cast, asks):
    client = cast.client("eddie")
    page = client.get(URL.format(asks.pk) + "/instant")
    since = page.context["since"]

    client.post(
        URL.format(asks.pk) + "/instant",
        {"token": "one", "inputs.posts": "2", "since": since},
    )

    used = TemplateUse.objects.get()
    assert used.clicked_at < used.created_at
    client.post(
        URL.format(asks.pk) + "/instant",
        {"token": "two", "inputs.posts": "2", "since": "forged" + since},
    )
    forged = TemplateUse.objects.get(token="two")
    assert forged.clicked_at > used.clicked_at


def test_a_shop_that_moved_is_shown_again_before_anything_runs(cast, template, standing):
    client = cast.client("eddie")
    shown = client.post(URL.format(template.pk) + "/instant", {"token": "one"}, follow=True)
    seen = Draft.objects.get().plan.fingerprint
    Variant.objects.filter(sku="SKU-1").update(price="12.00")

    address = shown.request["PATH_INFO"] + "/confirm"
    answer = client.post(address, {"seen": seen}, follow=True)

    assert "The shop moved since you looked." in answer.content.decode()
    assert Workflow.objects.count() == 0
    now = Draft.objects.get().plan.fingerprint
    assert now != seen
    client.post(address, {"seen": now})
    assert Workflow.objects.count() == 1


def test_outside_the_bounds_it_goes_to_review_with_the_reason(cast, template, standing):
    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), default_inputs={"add": "1.00"}
    )
    client = cast.client("eddie")
    shown = client.post(URL.format(template.pk) + "/instant", {"token": "one"}, follow=True)
    draft = Draft.objects.get()
    client.post(
        f"/portal/workflows/drafts/{draft.pk}/save",
        {"inputs.add": "5.00", "name": draft.name, "purpose": "", "version": draft.version},
    )
    client.post(f"/portal/workflows/drafts/{draft.pk}/preview")
    page = client.get(shown.request["PATH_INFO"])
    assert "This leaves the bounds of the approval in advance" in page.content.decode()
    assert "Send to review" in page.content.decode()

    seen = Draft.objects.get().plan.fingerprint
    answer = client.post(shown.request["PATH_INFO"] + "/confirm", {"seen": seen}, follow=True)

    assert "50 % as the largest price move, at most 20." in answer.content.decode()
    assert (Draft.objects.get().status, Workflow.objects.count()) == ("pending_review", 0)
    again = client.post(shown.request["PATH_INFO"] + "/confirm", {"seen": seen})
    assert again["Location"] == f"/portal/workflows/drafts/{draft.pk}"


def test_nothing_to_change_is_said_and_leaves_nothing_behind(cast, template, standing):
    Variant.objects.all().delete()

    answer = cast.client("eddie").post(URL.format(template.pk) + "/instant", {"token": "one"})

    assert answer.status_code == 422
    assert "This would change nothing." in answer.content.decode()
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("who", ["vera", "rita"])
@pytest.mark.parametrize("door", ["use", "instant"])
def test_who_may_not_write_is_refused_and_it_is_remembered(cast, template, standing, who, door):
    answer = cast.client(who).post(URL.format(template.pk) + f"/{door}", {"token": "one"})

    assert answer.status_code == 403
    assert Draft.objects.count() == 0
    if door == "instant":
        refused = Event.objects.get(kind="template.refused")
        assert (refused.actor_id, refused.subject_id, refused.data["what"]) == (
            f"user_{who}",
            template.pk,
            "instant_run",
        )


def test_a_freeze_holds_what_would_run_at_once(cast, template, standing):
    local = timezone.now().astimezone(zone_of(cast.tenant.pk))
    start, end = local - timedelta(hours=2), local + timedelta(hours=2)
    workflows.add_freeze(
        tenant_id=cast.tenant.pk,
        actor=cast.actor("olivia"),
        name="Sale",
        repeats="never",
        starts_on=start.date(),
        starts_at=start.time().replace(tzinfo=None),
        ends_on=end.date(),
        ends_at=end.time().replace(tzinfo=None),
    )
    client = cast.client("eddie")
    assert "The freeze “Sale” is on" in client.get("/portal/workflows/templates").content.decode()

    shown = client.post(URL.format(template.pk) + "/instant", {"token": "one"}, follow=True)
    assert "The freeze “Sale” is on." in shown.content.decode()
    seen = {"seen": Draft.objects.get().plan.fingerprint}
    page = client.post(shown.request["PATH_INFO"] + "/confirm", seen, follow=True)

    assert "Held by the freeze “Sale”." in page.content.decode()
    run = Workflow.objects.get()
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.applied) == ("pending", 0)
    assert abs((run.held_until - end).total_seconds()) < 120


def test_nobody_needs_more_than_so_many_clicks_a_minute(cast, asks, monkeypatch):
    monkeypatch.setattr("templates_catalog.views.running.A_MINUTE", 2)
    client = cast.client("eddie")

    answers = [client.post(URL.format(asks.pk) + "/instant", {"token": "x"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert answers[-1]["Retry-After"]
