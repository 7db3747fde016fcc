"""Every way round a standing approval is refused, changes nothing, and is remembered."""

from collections import Counter

import pytest
from django.utils import timezone

from core.models import Event
from core.scope import scope
from drafts.models import Draft
from templates_catalog import queries, services
from templates_catalog.models import StandingApproval, Template, TemplateUse, TemplateVersion
from tests.councils.test_storms import storm
from tests.drafts.conftest import make_council, raise_prices  # noqa: F401 -- fixture
from tests.templates_catalog.conftest import SOON, TYPE, reviewer
from tests.workflows.conftest import make_shop
from workflows.models import Workflow

PORTAL, API = "/portal/workflows/templates/{}", "/api/templates/{}"


def refusals() -> list[tuple[str, str]]:
    rows = Event.objects.filter(kind="template.refused").order_by("at", "id")
    return [(row.actor_id, row.data["what"]) for row in rows]


def facts() -> tuple[int, int, int]:
    return (Workflow.objects.count(), StandingApproval.objects.count(), Draft.objects.count())


def test_a_template_edited_between_preview_and_run(cast, template, standing):
    client = cast.client("eddie")
    shown = client.post(PORTAL.format(template.pk) + "/instant", {"token": "one"}, follow=True)
    seen = {"seen": Draft.objects.get().plan.fingerprint}
    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), default_inputs={"add": "1.50"}
    )
    before = facts()

    answer = client.post(shown.request["PATH_INFO"] + "/confirm", seen)

    assert answer.status_code == 409
    assert facts() == before
    assert refusals() == [("user_eddie", "confirm_instant_run")]


@pytest.mark.parametrize("who", ["olivia", "adam", "eddie", "vera"])
def test_bounds_edited_by_somebody_who_is_no_member(cast, template, standing, who):
    body = {"bounds": {"max_items": 100_000}, "until": (timezone.now() + SOON).isoformat()}
    before = facts(), StandingApproval.objects.get().bounds

    answer = cast.client(who).post(
        API.format(template.pk) + "/pre-approve", body, content_type="application/json"
    )

    assert answer.status_code == 403
    assert (facts(), StandingApproval.objects.get().bounds) == before
    assert refusals() == [(f"user_{who}", "pre_approve")]


def test_bounds_by_hand_on_the_page_of_the_form(cast, template, standing):
    form = {"max_items": "99999", "runs_per_day": "99", "until": "2027-01-01", "version": "1"}

    answer = cast.client("olivia").post(PORTAL.format(template.pk) + "/pre-approve", form)

    assert answer.status_code == 403
    assert StandingApproval.objects.get().bounds["max_items"] == 10


def test_a_swapped_version(cast, council, template, standing):
    """The council looked at version 1; the author put version 2 under its hand."""
    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), default_inputs={"add": "9.00"}
    )
    body = {"until": (timezone.now() + SOON).isoformat(), "version": 1}
    before = facts()

    answer = cast.client("rita").post(
        API.format(template.pk) + "/pre-approve", body, content_type="application/json"
    )

    assert answer.status_code == 409
    assert facts() == before
    assert queries.template(template.pk).is_pre_approved is False
    assert refusals() == [("user_rita", "pre_approve")]


def test_a_version_id_in_the_body_is_heard_and_refused(cast, template, standing):
    other = TemplateVersion.objects.get().pk

    answer = cast.client("eddie").post(
        API.format(template.pk) + "/instant-run",
        {"version_id": other},
        content_type="application/json",
    )

    assert answer.status_code == 422
    assert Workflow.objects.count() == 0


@pytest.mark.parametrize(
    "smuggled",
    [{"is_pre_approved": True}, {"standing_approval": {"max_items": 9}}, {"version": 7}],
)
@pytest.mark.parametrize("door", ["create", "change", "save-as"])
def test_mass_assignment(cast, council, template, smuggled, door):
    client, before = cast.client("olivia"), facts()
    body = {"name": "New", **smuggled}
    if door == "create":
        body |= {"category": "Content", "workflow_type_id": TYPE}
        answer = client.post("/api/templates", body, content_type="application/json")
    elif door == "change":
        answer = client.patch(API.format(template.pk), body, content_type="application/json")
    else:
        body |= {"draft_id": "draft_x"}
        answer = client.post("/api/templates/save-as", body, content_type="application/json")

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(smuggled)
    assert facts() == before
    assert Template.objects.get().name == "Raise by one"
    assert refusals() == [("user_olivia", f"set {next(iter(smuggled))}")]


def test_mass_assignment_on_the_page_changes_nothing(cast, template):
    cast.client("olivia").post(
        PORTAL.format(template.pk) + "/edit",
        {
            "name": "Raise by one",
            "category": "E-commerce",
            "inputs.add": "1.00",
            "version": "1",
            "is_pre_approved": "true",
        },
    )

    assert queries.template(template.pk).is_pre_approved is False


def test_a_replayed_request_is_the_same_run(cast, template, standing):
    client = cast.client("eddie")
    header = {"Idempotency-Key": "click-1"}

    answers = [
        client.post(
            API.format(template.pk) + "/instant-run",
            {},
            content_type="application/json",
            headers=header,
        )
        for _ in range(3)
    ]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["workflow"]["id"] for answer in answers}) == 1
    assert facts() == (1, 1, 1)


def test_a_replay_by_somebody_else_confirms_nothing(cast, template, standing):
    client = cast.client("eddie")
    shown = client.post(PORTAL.format(template.pk) + "/instant", {"token": "one"}, follow=True)
    seen = {"seen": Draft.objects.get().plan.fingerprint}

    answer = cast.client("bob").post(shown.request["PATH_INFO"] + "/confirm", seen)

    assert answer.status_code == 404
    assert Workflow.objects.count() == 0


def test_another_shop_finds_nothing_to_run(cast, template, standing):
    for address in (PORTAL.format(template.pk) + "/instant", API.format(template.pk) + "/use"):
        answer = cast.client("stranger").post(address, {}, content_type="application/json")
        assert answer.status_code == 404
    assert facts() == (0, 1, 0)


def test_the_other_door_counts_too(cast, template, standing, monkeypatch):
    """Use, then convert: the standing approval is asked, so the day's limit and the watch hold."""
    from drafts.services import convert_draft

    monkeypatch.setattr("templates_catalog.services.spikes.AT_LEAST", 3)
    monkeypatch.setattr("templates_catalog.services.spikes.FACTOR", 1)
    eddie = cast.actor("eddie")
    for _ in range(3):
        draft, _template = services.use_template(template_id=template.pk, actor=eddie)
        convert_draft(draft_id=draft.pk, actor=eddie)

    assert queries.instant_runs_today(template) == 3
    assert queries.block_of(cast.eddie.pk) is not None


@pytest.fixture
def committed(committed_cast, monkeypatch):
    """Committed: a template of the test's type, approved in advance for ten runs a day."""
    monkeypatch.setattr("templates_catalog.queries.clean_reviewed_runs", lambda template: 3)
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        council = make_council(cast.tenant.pk)
        made = services.create_template(
            tenant_id=cast.tenant.pk,
            actor=cast.actor("olivia"),
            name="Raise by one",
            category="E-commerce",
            workflow_type_id=TYPE,
            default_inputs={"add": "1.00"},
            council_id=council.pk,
        )
        services.pre_approve(
            template_id=made.pk,
            bounds={"max_items": 10, "runs_per_day": 3},
            until=timezone.now() + SOON,
            actor=reviewer(cast, council),
        )
    return made


@pytest.mark.slow
def test_fifty_clicks_at_once_are_one_workflow(committed_cast, committed):
    eddie = committed_cast.actor("eddie")

    def click() -> str:
        ran = services.instant_run(template_id=committed.pk, actor=eddie, token="one-click")
        return ran.workflow.pk

    answers = Counter(storm([click] * 50))

    with scope(tenant_id=committed_cast.tenant.pk):
        assert answers == {Workflow.objects.get().pk: 50}
        assert (TemplateUse.objects.count(), Draft.objects.count()) == (1, 1)
        assert queries.template(committed.pk).usage_count == 1


@pytest.mark.slow
def test_fifty_confirmations_at_once_are_one_workflow(committed_cast, committed):
    eddie = committed_cast.actor("eddie")
    with scope(tenant_id=committed_cast.tenant.pk):
        waiting = services.instant_run(
            template_id=committed.pk, actor=eddie, token="one", confirmed=False
        )

    def confirm() -> str:
        return services.confirm_instant_run(draft_id=waiting.draft.pk, actor=eddie).workflow.pk

    answers = Counter(storm([confirm] * 50))

    with scope(tenant_id=committed_cast.tenant.pk):
        assert answers == {Workflow.objects.get().pk: 50}


@pytest.mark.slow
def test_a_limit_of_three_a_day_is_three_however_many_click_at_once(committed_cast, committed):
    eddie = committed_cast.actor("eddie")

    def click() -> str:
        return services.instant_run(template_id=committed.pk, actor=eddie).workflow.pk

    answers = storm([click] * 12)

    with scope(tenant_id=committed_cast.tenant.pk):
        assert Workflow.objects.count() == 3
    assert sorted(type(one).__name__ for one in answers) == ["TooMany"] * 9 + ["str"] * 3
