"""The pages: what stands on them in each state, and that they work without script."""

import pytest

from drafts import services
from drafts.models import Draft
from drafts.states import DraftState
from tests.drafts.conftest import begin, facts_of

BUTTONS = {
    "editing": {"Submit for review", "Save", "Discard", "Share"},
    "pending_review": {"Withdraw", "Share"},
    "approved": {"Run now", "Schedule", "Reopen", "Discard", "Share"},
    "rejected": {"Reopen", "Discard", "Share"},
    "converted": {"Open the run"},
    "discarded": set(),
}
ALL = set().union(*BUTTONS.values())


def url(draft, part=""):
    return f"/portal/workflows/drafts/{draft.pk}{part}"


def offered(page: str) -> set[str]:
    return {name for name in ALL if f">{name}<" in page.replace("</svg>", ">")}


@pytest.mark.parametrize("state", DraftState.values)
def test_the_author_is_offered_what_the_state_allows(cast, draft, bring, state):
    bring(draft, state)

    page = cast.client("eddie").get(url(draft))

    assert page.status_code == 200
    assert offered(page.content.decode()) == BUTTONS[state]


@pytest.mark.parametrize("state", ["pending_review", "approved", "rejected"])
def test_a_reviewer_is_offered_no_move_of_the_authors(cast, draft, bring, state):
    bring(draft, state)

    page = cast.client("ron").get(url(draft)).content.decode()

    assert offered(page) == set()
    assert (f'href="/portal/reviews/{draft.pk}"' in page) == (state == "pending_review")


@pytest.mark.parametrize("state", DraftState.values)
def test_only_editing_has_a_form_for_the_inputs(cast, draft, bring, state):
    bring(draft, state)

    page = cast.client("eddie").get(url(draft)).content.decode()

    assert ('id="draft-form"' in page) == (state == "editing")


@pytest.mark.parametrize("part", ["/discard", "/run", "/reopen", "/schedule", "/submit"])
def test_a_get_asks_and_decides_nothing(cast, draft, bring, part):
    before = facts_of(bring(draft, "approved"))

    assert cast.client("eddie").get(url(draft, part)).status_code == 200
    assert facts_of(draft) == before


def test_the_plain_save_keeps_everything_and_goes_on_to_submitting(cast, draft, council):
    body = {"name": "Named", "purpose": "For this", "version": "1", "inputs.add": "3.00"}

    response = cast.client("eddie").post(
        url(draft, "/save"), {**body, "then": "submit"}, follow=True
    )

    assert response.redirect_chain == [(url(draft, "/submit"), 302)]
    saved = facts_of(draft)
    assert (saved["name"], saved["purpose"], saved["inputs"]["add"]) == (
        "Named",
        "For this",
        "3.00",
    )
    assert "Who will review" in response.content.decode()


def test_what_cannot_be_saved_comes_back_as_it_was_typed(cast, draft):
    response = cast.client("eddie").post(
        url(draft, "/save"), {"name": " ", "purpose": "Typed", "version": "1"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Give the draft a name." in page
    assert "Typed</textarea>" in page
    assert facts_of(draft)["purpose"] == ""


def test_the_autosave_answers_a_line_and_the_new_version(cast, draft):
    response = cast.client("eddie").post(
        url(draft, "/save"),
        {"name": "Named", "purpose": "", "version": "1", "inputs.add": "3.00"},
        headers={"HX-Request": "true"},
    )

    page = response.content.decode()
    assert response["HX-Trigger"] == "codex:inputs-saved"
    assert '<input type="hidden" id="version" name="version" value="2"' in page
    assert "<html" not in page


def test_a_conflicting_autosave_is_a_banner_with_both_texts(cast, draft):
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("olivia"), name="Hers")

    response = cast.client("eddie").post(
        url(draft, "/save"),
        {"name": "His", "purpose": "", "version": "1"},
        headers={"HX-Request": "true"},
    )

    assert (response.status_code, response["HX-Retarget"]) == (409, "#conflict")
    assert "<td>Hers</td><td>His</td>" in response.content.decode()


def test_every_change_can_be_paged_and_searched(cast, draft):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    client = cast.client("eddie")

    page = client.get(url(draft, "/changes")).content.decode()
    assert page.count('<th scope="row">') == 5
    page = client.get(url(draft, "/changes") + "?q=SKU-3").content.decode()
    assert page.count('<th scope="row">') == 1


def test_the_list_filters_by_state_words_and_type(cast, shop):
    begin(cast, name="Candles")
    begin(cast, name="Mugs")
    client = cast.client("eddie")

    def names(query):
        page = client.get(f"/portal/workflows/drafts{query}").content.decode()
        return [name for name in ("Candles", "Mugs") if name in page]

    assert names("") == ["Candles", "Mugs"]
    assert names("?q=cand") == ["Candles"]
    assert names("?status=approved") == []
    assert names("?type=test.raise_prices&mine=1") == ["Candles", "Mugs"]
    assert client.get("/portal/workflows/drafts?status=x").status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(cast, shop, rows, django_assert_max_num_queries):
    for number in range(rows):
        made = begin(cast, name=f"Draft {number}")
        services.preview_draft(draft_id=made.pk, actor=cast.actor("eddie"))
    client = cast.client("eddie")

    with django_assert_max_num_queries(22):
        assert client.get("/portal/workflows/drafts").status_code == 200


@pytest.mark.parametrize("comments", [1, 4])
def test_the_editor_asks_a_fixed_number_of_questions(
    cast, draft, council, comments, django_assert_max_num_queries
):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    for number in range(comments):
        services.comment(draft_id=draft.pk, actor=cast.actor("eddie"), text=f"Number {number}")
    client = cast.client("eddie")

    with django_assert_max_num_queries(48):
        assert client.get(url(draft)).status_code == 200


def test_scheduling_asks_for_a_time_to_come(cast, draft, bring):
    bring(draft, "approved")

    response = cast.client("eddie").post(url(draft, "/schedule"), {"run_at": "2020-01-01T06:30"})

    assert response.status_code == 422
    assert "This time is over." in response.content.decode()
    assert Draft.objects.get(pk=draft.pk).status == "approved"
