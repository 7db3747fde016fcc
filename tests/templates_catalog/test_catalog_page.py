"""The catalog: what stands on a card, in which order, and at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from templates_catalog import queries, services
from templates_catalog.models import Template
from tests.templates_catalog.conftest import TYPE, reviewed_run
from workflows.models import Workflow
from workflows.services import undo_workflow

URL = "/portal/workflows/templates"


def make(cast, name, who="olivia", **facts):
    given = {"category": "Marketing", "workflow_type_id": TYPE, **facts}
    return services.create_template(
        tenant_id=cast.tenant.pk, actor=cast.actor(who), name=name, **given
    )


def names(response) -> list[str]:
    return [card.template.name for shelf in response.context["shelves"] for card in shelf.cards]


def test_a_card_says_what_it_is_and_how_it_went(cast, template):
    services.update_template(
        template_id=template.pk,
        actor=cast.actor("olivia"),
        tags=["price", "spring", "weekly", "margin", "all"],
        required_fields=["posts"],
    )
    services.use_template(template_id=template.pk, actor=cast.actor("eddie"))

    page = cast.client("eddie").get(URL).content.decode()

    assert "+2 more" in page
    assert 'title="margin, all"' in page
    assert "1 required, 1 optional" in page
    assert "no runs here yet" in page
    assert "Use template" in page
    assert "Instant run</" not in page


def test_gold_for_what_may_run_at_once_and_no_button_for_viewers(cast, template, standing):
    writer = cast.client("eddie").get(URL).content.decode()
    viewer = cast.client("vera").get(URL).content.decode()

    assert 'data-kind="instant"' in writer
    assert "Pre-approved" in viewer
    assert 'data-kind="instant"' not in viewer
    assert 'data-kind="use"' not in viewer


def test_templates_stand_by_category_and_are_sorted_within_it(cast, shop):
    for name in ("Alpha", "Beta"):
        make(cast, name)
    other = make(cast, "Prices", category="E-commerce")
    beta = Template.objects.get(name="Beta")
    services.use_template(template_id=beta.pk, actor=cast.actor("eddie"))
    services.use_template(template_id=other.pk, actor=cast.actor("eddie"))

    assert names(cast.client("vera").get(URL)) == ["Beta", "Alpha", "Prices"]
    assert names(cast.client("vera").get(URL, {"sort": "recent"})) == ["Beta", "Alpha", "Prices"]


def test_what_went_best_comes_first(cast, council, template):
    worse = make(cast, "A worse one", category="E-commerce", default_inputs={"add": "1.00"})
    services.update_template(
        template_id=worse.pk, actor=cast.actor("olivia"), council_id=council.pk
    )
    reviewed_run(cast, Template.objects.get(pk=worse.pk))
    reviewed_run(cast, template)
    run = Workflow.objects.get(draft__created_from_template_id=worse.pk)
    undo_workflow(workflow_id=run.pk, actor=cast.actor("olivia"))

    response = cast.client("vera").get(URL, {"sort": "best"})

    assert names(response) == ["Raise by one", "A worse one"]
    records = queries.records(list(Template.objects.all()))
    assert (records[template.pk].runs, records[template.pk].clean) == (1, 1)
    assert (records[worse.pk].runs, records[worse.pk].clean) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "raise"}, ["Raise by one"]),
        ({"q": "price"}, ["Raise by one"]),
        ({"q": "nothing like it"}, []),
        ({"category": "E-commerce"}, ["Raise by one"]),
        ({"category": "Content"}, []),
        ({"show": "instant"}, []),
        ({"show": "ours"}, ["Raise by one"]),
        ({"show": "shared"}, []),
    ],
)
def test_search_and_filters_find_what_they_say(cast, template, asked, found):
    assert names(cast.client("vera").get(URL, asked)) == found


@pytest.mark.parametrize("asked", [{"sort": "x"}, {"show": "x"}, {"category": "x"}])
def test_an_unknown_choice_is_refused(cast, template, asked):
    assert cast.client("vera").get(URL, asked).status_code == 422


def test_the_page_costs_the_same_for_one_template_and_for_a_hundred(cast, template):
    client = cast.client("eddie")
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for number in range(59):
        make(cast, f"Number {number}", tags=["a", "b"])
    with CaptureQueriesContext(connection) as many:
        response = client.get(URL)

    assert len(names(response)) == 60
    assert len(many) == len(one)


def test_a_shop_never_sees_anothers(cast, template):
    assert names(cast.client("stranger").get(URL)) == []
    assert cast.client("stranger").get(f"{URL}/{template.pk}").status_code == 404


def test_htmx_is_given_the_results_alone(cast, template):
    page = cast.client("vera").get(URL, headers={"HX-Request": "true"}).content.decode()

    assert 'id="results"' in page
    assert "<html" not in page
