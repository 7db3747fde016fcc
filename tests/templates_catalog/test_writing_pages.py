"""Making and changing templates by hand, and saving a draft or a run as one."""

import pytest

from drafts import services as drafts
from templates_catalog import queries
from templates_catalog.models import Template, TemplateVersion
from tests.drafts.conftest import begin
from tests.templates_catalog.conftest import TYPE, reviewed_run

URL = "/portal/workflows/templates"
FORM = {"name": "Two up", "category": "Content", "tags": "price, spring,price", "description": ""}


def test_a_template_is_made_from_its_types_form(cast, council):
    form = FORM | {
        "inputs.add": "2.00",
        "inputs.posts": "3",
        "ask.posts": "ask",
        "ask.add": "offer",
        "council_id": council.pk,
        "approved_copy_blocks": "Made by hand.\r\nIn Devon.\r\n\r\nNever loud.",
    }

    answer = cast.client("eddie").post(f"{URL}/new?type={TYPE}", form)

    made = Template.objects.get()
    version = TemplateVersion.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.tags, made.council_id) == (["price", "spring"], council.pk)
    assert version.default_inputs == {"add": "2.00"}
    assert (version.required_fields, version.optional_fields) == (["posts"], ["add"])
    assert version.approved_copy_blocks == ["Made by hand.\nIn Devon.", "Never loud."]


@pytest.mark.parametrize("who", ["vera", "rita"])
def test_viewers_make_none(cast, council, who):
    assert cast.client(who).post(f"{URL}/new?type={TYPE}", FORM).status_code == 403
    assert Template.objects.count() == 0


def test_wrong_values_are_shown_beside_their_fields(cast, council):
    answer = cast.client("eddie").post(
        f"{URL}/new?type={TYPE}", FORM | {"name": " ", "inputs.add": "abc"}
    )
    assert (answer.status_code, list(answer.context["facts"].errors)) == (422, ["name"])

    answer = cast.client("eddie").post(f"{URL}/new?type={TYPE}", FORM | {"inputs.add": "abc"})
    assert answer.status_code == 422
    assert "add" in answer.context["inputs"].errors
    assert Template.objects.count() == 0


def test_a_change_is_a_new_version_and_the_first_stays_as_it_was(cast, template, standing):
    form = FORM | {"name": "Raise by one", "inputs.add": "1.50", "version": "1"}

    cast.client("olivia").post(f"{URL}/{template.pk}/edit", form)

    numbers = TemplateVersion.objects.order_by("number").values_list("number", "default_inputs")
    assert list(numbers) == [(1, {"add": "1.00"}), (2, {"add": "1.50"})]
    assert queries.template(template.pk).is_pre_approved is False


def test_saving_without_a_change_makes_no_version(cast, template):
    page = cast.client("olivia").get(f"{URL}/{template.pk}/edit")
    form = {
        **{name: page.context["facts"][name].value() for name in page.context["facts"].fields},
        "inputs.add": "1.00",
        "ask.posts": "offer",
        "version": "1",
    }

    cast.client("olivia").post(f"{URL}/{template.pk}/edit", form)

    assert TemplateVersion.objects.count() == 1


def test_two_who_change_it_at_once(cast, template):
    form = FORM | {"inputs.add": "1.50", "version": "1"}
    cast.client("olivia").post(f"{URL}/{template.pk}/edit", form)

    answer = cast.client("adam").post(f"{URL}/{template.pk}/edit", form | {"inputs.add": "1.70"})

    assert answer.status_code == 422
    assert "Somebody changed the template since you opened it." in answer.content.decode()
    assert TemplateVersion.objects.count() == 2


@pytest.mark.parametrize("who", ["eddie", "vera"])
@pytest.mark.parametrize("page", ["edit", "retire"])
def test_who_did_not_make_it_may_not_change_it(cast, template, who, page):
    answer = cast.client(who).post(f"{URL}/{template.pk}/{page}", FORM | {"reason": "x"})

    assert answer.status_code == 403
    assert (TemplateVersion.objects.count(), Template.objects.get().retired_at) == (1, None)


def test_a_retired_template_leaves_the_catalog(cast, template, standing):
    client = cast.client("olivia")
    assert client.post(f"{URL}/{template.pk}/retire", {"reason": ""}).status_code == 422

    client.post(f"{URL}/{template.pk}/retire", {"reason": "Out of season"})

    assert client.get(URL).context["shelves"] == []
    page = client.get(f"{URL}/{template.pk}").content.decode()
    assert "Out of season" in page
    assert 'data-kind="instant"' not in page


def test_a_draft_is_saved_as_a_template(cast, shop):
    draft = begin(cast, inputs={"add": "2.00", "posts": 3}, name="Raise them", purpose="Spring")
    client = cast.client("eddie")
    page = client.get(f"{URL}/new?draft={draft.pk}")
    assert page.context["facts"]["name"].value() == "Raise them"

    form = FORM | {"inputs.add": "2.00", "inputs.posts": "3", "ask.posts": "ask"}
    client.post(f"{URL}/new?draft={draft.pk}", form)

    version = TemplateVersion.objects.get()
    assert (version.default_inputs, version.required_fields) == ({"add": "2.00"}, ["posts"])
    linked = client.get(f"/portal/workflows/drafts/{draft.pk}").content.decode()
    assert f"/portal/workflows/templates/new?draft={draft.pk}" in linked


def test_a_run_that_succeeded_is_saved_as_a_template(cast, council, template):
    run = reviewed_run(cast, template)
    client = cast.client("eddie")
    assert f"?run={run.pk}" in client.get(run.get_absolute_url()).content.decode()

    client.post(f"{URL}/new?run={run.pk}", FORM | {"inputs.add": "1.00"})

    made = Template.objects.get(name="Two up")
    assert queries.version_in_force(made).default_inputs["add"] == "1.00"


def test_a_run_that_waits_makes_no_template(cast, template, standing):
    draft, _template = use(cast, template)
    _draft, run, _made = drafts.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert cast.client("eddie").get(f"{URL}/new?run={run.pk}").status_code == 409


def use(cast, template):
    from templates_catalog import services

    return services.use_template(template_id=template.pk, actor=cast.actor("eddie"))


def test_somebody_elses_draft_is_not_found(cast, shop):
    draft = begin(cast, "olivia")

    assert cast.client("eddie").get(f"{URL}/new?draft={draft.pk}").status_code == 404
    assert cast.client("stranger").get(f"{URL}/new?draft={draft.pk}").status_code == 404
