"""A council gives, changes, revokes and clears by hand; nobody else is offered it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Event
from councils.models import Council
from templates_catalog import queries, services
from templates_catalog.models import StandingApproval, TemplateSettings, TemplateTrack
from tests.templates_catalog.conftest import in_force, reviewer
from workflows.models import Workflow

URL = "/portal/workflows/templates/{}"
DAY = (timezone.now() + timedelta(days=40)).date().isoformat()
FORM = {
    "max_items": "50",
    "max_money_at_risk": "500",
    "max_step_percent": "5",
    "max_discount_percent": "",
    "runs_per_day": "2",
    "until": DAY,
    "families": ["test"],
    "version": "1",
}


def test_the_bounds_are_given_by_a_form(cast, template, earned):
    answer = cast.client("rita").post(URL.format(template.pk) + "/pre-approve", FORM)

    assert answer["Location"] == template.get_absolute_url()
    given = StandingApproval.objects.get()
    assert given.bounds == {
        "max_items": 50,
        "max_money_at_risk": "500",
        "max_step_percent": "5",
        "max_discount_percent": None,
        "families": ["test"],
        "allowed_inputs": {},
        "runs_per_day": 2,
    }
    assert given.until.date().isoformat() == DAY
    assert (given.given_by_label, in_force(template).is_pre_approved) == ("Rita", True)


def test_only_some_values_of_an_input(cast, template, earned):
    form = FORM | {"allowed.add": "1.00\n1.50\n"}
    cast.client("rita").post(URL.format(template.pk) + "/pre-approve", form)

    assert StandingApproval.objects.get().bounds["allowed_inputs"] == {"add": ["1.00", "1.50"]}
    page = cast.client("rita").get(URL.format(template.pk) + "/pre-approve")
    assert page.context["form"]["allowed.add"].value() == "1.00\n1.50"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"max_items": "0"}, "max_items"),
        ({"max_step_percent": "101"}, "max_step_percent"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": ""}, "until"),
    ],
)
def test_bounds_that_make_no_sense_are_refused_beside_their_field(
    cast, template, earned, wrong, field
):
    answer = cast.client("rita").post(URL.format(template.pk) + "/pre-approve", FORM | wrong)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert StandingApproval.objects.count() == 0


def test_other_bounds_replace_the_first_and_both_are_kept(cast, template, standing):
    cast.client("rita").post(URL.format(template.pk) + "/pre-approve", FORM)

    rows = StandingApproval.objects.order_by("created_at", "id")
    assert [(row.bounds["max_items"], row.revoked_why) for row in rows] == [
        (10, "replaced"),
        (50, ""),
    ]


def test_revoking_asks_why_and_stops_what_waits(cast, template, standing):
    ran = services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    client = cast.client("rita")

    unsaid = client.post(URL.format(template.pk) + "/revoke", {"reason": " "})
    assert (unsaid.status_code, Workflow.objects.get().status) == (422, "pending")

    client.post(URL.format(template.pk) + "/revoke", {"reason": "Prices rise"})

    assert Workflow.objects.get(pk=ran.workflow.pk).status == "cancelled"
    assert StandingApproval.objects.get().revoked_why == "Prices rise"
    event = Event.objects.get(kind="template.revoked")
    assert (event.actor_id, event.data["stopped"]) == ("user_rita", [ran.workflow.pk])


def test_what_has_begun_is_not_stopped(cast, template, standing):
    from workflows.services import run_workflow

    ran = services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    run_workflow(tenant_id=ran.workflow.tenant_id, workflow_id=ran.workflow.pk)

    cast.client("rita").post(URL.format(template.pk) + "/revoke", {"reason": "Prices rise"})

    assert Workflow.objects.get().status == "succeeded"


def test_a_suspension_is_lifted_with_a_reason(cast, template, standing):
    services.instant_run(template_id=template.pk, actor=cast.actor("eddie"), inputs={"add": "3.00"})
    assert "Lift" in cast.client("rita").get(URL.format("standing")).content.decode()

    cast.client("rita").post(URL.format(template.pk) + "/clear", {"reason": "Looked at"})

    assert TemplateTrack.objects.get().suspended_at is None
    assert in_force(template).is_pre_approved is True


def test_the_list_shows_my_councils_and_no_others(cast, template, standing):
    mine = cast.client("rita").get(URL.format("standing"))
    others = cast.client("vera").get(URL.format("standing"))

    assert [given.pk for given, _bounds in mine.context["rows"]] == [standing.pk]
    assert others.context["rows"] == []


@pytest.mark.parametrize("page", ["pre-approve", "revoke", "clear"])
@pytest.mark.parametrize("who", ["olivia", "eddie", "vera"])
def test_nobody_else_is_let_in(cast, template, standing, page, who):
    client = cast.client(who)

    assert client.get(URL.format(template.pk) + f"/{page}").status_code == 403
    answer = client.post(URL.format(template.pk) + f"/{page}", {"reason": "x", **FORM})
    assert answer.status_code == 403
    assert StandingApproval.objects.get().revoked_at is None


def test_a_blocked_person_is_let_run_again_by_the_council(cast, template, standing, monkeypatch):
    monkeypatch.setattr("templates_catalog.services.spikes.AT_LEAST", 1)
    monkeypatch.setattr("templates_catalog.services.spikes.FACTOR", 0)
    services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    block = queries.block_of(cast.eddie.pk)
    page = cast.client("eddie").get("/portal/workflows/templates").content.decode()
    assert "Instant run is off for you." in page
    address = URL.format(template.pk) + f"/blocks/{block.pk}/lift"

    assert cast.client("olivia").post(address).status_code == 403
    assert queries.block_of(cast.eddie.pk) is not None
    cast.client("rita").post(address)

    assert queries.block_of(cast.eddie.pk) is None


@pytest.mark.parametrize(("who", "status"), [("olivia", 302), ("adam", 302), ("eddie", 403)])
def test_the_shops_switches(cast, shop, who, status):
    address = URL.format("switches")

    answer = cast.client(who).post(address, {"clean_runs_needed": "5"})

    assert answer.status_code == status
    expected = [(False, 5)] if status == 302 else []
    rows = TemplateSettings.objects.values_list("asks_to_confirm", "clean_runs_needed")
    assert list(rows) == expected
    assert cast.client("vera").get(address).status_code == 200


def test_somebody_of_another_council_decides_nothing(cast, template, standing):
    from core.errors import NotAllowed

    with pytest.raises(NotAllowed):
        services.revoke(
            template_id=template.pk,
            reason="Mine",
            actor=cast.actor("ron", council_ids=("council_other",)),
        )
    assert reviewer(cast, standing.council).council_ids == (standing.council_id,)
    assert StandingApproval.objects.get().revoked_at is None


def test_another_council_ends_what_the_first_allowed(cast, council, template, standing):
    """Else the author could take a template out of the reach of whoever might revoke it."""
    ran = services.instant_run(template_id=template.pk, actor=cast.actor("eddie"))
    other = Council.objects.create(tenant_id=council.tenant_id, name="Laxer")

    services.update_template(
        template_id=template.pk, actor=cast.actor("olivia"), council_id=other.pk
    )

    assert StandingApproval.objects.get().revoked_why == "Another council is responsible."
    assert Workflow.objects.get(pk=ran.workflow.pk).status == "cancelled"
    assert in_force(template).is_pre_approved is False


def test_the_menu_counts_what_waits_for_a_look(cast, template, standing):
    services.instant_run(template_id=template.pk, actor=cast.actor("eddie"), inputs={"add": "3.00"})

    def counted(who: str) -> bool:
        page = cast.client(who).get("/portal/workflows/templates").content.decode()
        return '1<span class="visually-hidden"> to look at</span>' in page

    assert (counted("rita"), counted("vera")) == (True, False)
