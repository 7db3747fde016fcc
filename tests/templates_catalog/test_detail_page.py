"""One template's page: what it does, here, by whose yes, and how it went."""

from templates_catalog import services
from templates_catalog.models import TemplateTrack
from tests.templates_catalog.conftest import in_force, reviewed_run, reviewer
from workflows.models import Plan

URL = "/portal/workflows/templates/{}"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_versions_are_told_in_words(cast, template):
    services.update_template(
        template_id=template.pk,
        actor=cast.actor("olivia"),
        default_inputs={"add": "2.50"},
        required_fields=["posts"],
        approved_copy_blocks=["Made by hand."],
    )

    page = text(cast.client("vera").get(URL.format(template.pk)))

    assert "<del>1.00</del> <ins>2.50</ins>" in page
    assert "is asked for each time." in page
    assert "<ins>Made by hand.</ins>" in page


def test_the_sample_is_a_plan_of_no_draft_and_is_made_once_a_day(cast, template):
    client = cast.client("vera")

    panel = client.post(URL.format(template.pk) + "/sample", headers={"HX-Request": "true"})
    client.post(URL.format(template.pk) + "/sample")

    plan = Plan.objects.get()
    assert (plan.draft_id, plan.change_count) == (None, 5)
    assert "First 5 of 5 changes" in text(panel)
    assert "Raises <strong>all prices</strong>." in text(client.get(URL.format(template.pk)))


def test_the_sample_says_what_nobody_has_said_yet(cast, template):
    services.update_template(
        template_id=template.pk,
        actor=cast.actor("olivia"),
        default_inputs={},
        required_fields=["add"],
    )
    client = cast.client("eddie")

    panel = text(client.post(URL.format(template.pk) + "/sample", headers={"HX-Request": "true"}))

    assert "A sample: nobody has said yet" in panel
    assert Plan.objects.count() == 1


def test_the_yes_in_advance_stands_there_with_its_bounds(cast, template, standing):
    page = text(cast.client("eddie").get(URL.format(template.pk)))

    assert "Given by Rita for Trading." in page
    assert "at most 10" in page
    assert "at most 20%" in page
    assert "Change the bounds" not in page


def test_a_member_of_its_council_is_offered_the_yes_once_it_is_earned(cast, council, template):
    for number in range(3):
        reviewed_run(cast, in_force(template), token=f"run-{number}")

    page = text(cast.client("rita").get(URL.format(template.pk)))

    assert "3 of 3 clean reviewed runs." in page
    assert "Approve in advance" in page
    assert "3 of 3 runs clean" in page


def test_suspended_and_why(cast, council, template, standing):
    services.instant_run(template_id=template.pk, actor=cast.actor("eddie"), inputs={"add": "3.00"})
    assert TemplateTrack.objects.get().suspended_why == "breach"

    page = text(cast.client("vera").get(URL.format(template.pk)))

    assert "A plan left the bounds: nothing of it runs at once since" in page
    assert "30 % as the largest price move, at most 20." in page
    services.clear_suspension(
        template_id=template.pk, reason="Looked at", actor=reviewer(cast, council)
    )
    again = text(cast.client("vera").get(URL.format(template.pk)))
    assert "nothing of it runs at once" not in again
