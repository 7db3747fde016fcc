"""Writing: who may, when, and what happens when two write at once."""

import pytest

from core.errors import Conflict, Invalid
from drafts import services
from drafts.models import Contributor
from drafts.states import DraftState
from tests.drafts.conftest import facts_of, kinds_of


def patch(cast, who, draft, body, **headers):
    return cast.client(who).patch(
        f"/api/drafts/{draft.pk}", body, content_type="application/json", headers=headers
    )


def save(cast, who, draft, **body):
    fields = {"name": draft.name, "purpose": "", "version": draft.version, **body}
    return cast.client(who).post(f"/portal/workflows/drafts/{draft.pk}/save", fields, follow=True)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("eddie", 200),
        ("olivia", 200),
        ("adam", 200),
        ("bob", 404),
        ("vera", 404),
        ("rita", 404),
        ("stranger", 404),
    ],
)
def test_who_may_edit(cast, draft, council, who, status):
    before = facts_of(draft)

    assert patch(cast, who, draft, {"name": "New"}).status_code == status
    changed = facts_of(draft) != before
    assert changed == (status == 200)

    before = facts_of(draft)
    assert save(cast, who, draft, name="Newer", version="").status_code == status
    assert (facts_of(draft) != before) == (status == 200)


@pytest.mark.parametrize("state", [s for s in DraftState.values if s != "editing"])
def test_only_an_editing_draft_can_be_edited(cast, draft, bring, state):
    before = facts_of(bring(draft, state))

    assert patch(cast, "olivia", draft, {"name": "New"}).status_code == 409
    assert save(cast, "olivia", draft, name="New", version="").status_code == 409
    assert facts_of(draft) == before


def test_an_edit_of_the_inputs_clears_the_plan_and_names_what_moved(cast, draft):
    actor = cast.actor("eddie")
    services.preview_draft(draft_id=draft.pk, actor=actor)

    edited = services.edit_draft(draft_id=draft.pk, actor=actor, inputs={"add": "2.00"})

    assert (edited.plan_id, edited.version, edited.inputs) == (None, 2, {"add": "2.00"})
    assert kinds_of(draft) == ["draft.created", "draft.previewed", "draft.edited"]
    last = services.edit_draft(draft_id=draft.pk, actor=actor, inputs={"add": "2.00"})
    assert (last.version, len(kinds_of(draft))) == (2, 3)


def test_two_who_write_at_once_lose_nothing(cast, draft):
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("olivia"), version=1, name="Hers")

    with pytest.raises(Conflict) as conflict:
        services.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), version=1, name="His")

    assert conflict.value.extra["theirs"] == {"name": "Hers"}
    assert conflict.value.extra["mine"] == {"name": "His"}
    assert conflict.value.extra["version"] == 2
    assert facts_of(draft)["name"] == "Hers"


def test_the_page_shows_both_texts_and_keeps_what_was_typed(cast, draft):
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("olivia"), name="Hers")

    response = save(cast, "eddie", draft, name="His")

    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="His"' in page
    assert "<td>Hers</td><td>His</td>" in page
    taken = save(cast, "eddie", draft, name="His", take_over="2")
    assert taken.status_code == 200
    assert facts_of(draft)["name"] == "His"


def test_if_match_names_the_version_that_was_read(cast, draft):
    tag = cast.client("eddie").get(f"/api/drafts/{draft.pk}")["ETag"]

    assert patch(cast, "eddie", draft, {"name": "One"}, if_match=tag).status_code == 200
    late = patch(cast, "eddie", draft, {"name": "Two"}, if_match=tag)

    assert late.status_code == 412
    assert facts_of(draft)["name"] == "One"


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"status": "approved"}, 422, "status"),
        ({"created_by": "user_bob"}, 422, "created_by"),
        ({"workflow_type_id": "x.y"}, 422, "workflow_type_id"),
        ({"name": ""}, 422, "name"),
        ({"name": "x" * 201}, 422, "name"),
        ({"inputs": []}, 422, "inputs"),
        ({"purpose": "a\x00b"}, 422, "purpose"),
        ({"tenant_id": "tenant_other"}, 403, None),
        ({"user_id": "user_bob"}, 403, None),
    ],
)
def test_what_may_not_be_sent_is_refused_and_changes_nothing(cast, draft, body, status, where):
    before = facts_of(draft)

    response = patch(cast, "eddie", draft, body)

    assert response.status_code == status
    assert facts_of(draft) == before
    if where:
        assert list(response.json()["errors"]) == [where]


def test_inputs_keep_what_the_type_does_not_accept_until_it_is_previewed(cast, draft):
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "much"})

    with pytest.raises(Invalid) as refused:
        services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert list(refused.value.fields) == ["inputs.add"]


def test_the_note_of_a_client_is_kept_and_never_taken_for_a_plan(cast, draft):
    client = cast.client("eddie")
    patch(cast, "eddie", draft, {"preview_data": {"will": "do good"}})

    shown = client.get(f"/api/drafts/{draft.pk}").json()
    assert (shown["preview_data"], shown["plan"]) == ({"will": "do good"}, None)
    patch(cast, "eddie", draft, {"preview_data": None})
    client.post(f"/api/drafts/{draft.pk}/preview", {}, content_type="application/json")
    shown = client.get(f"/api/drafts/{draft.pk}").json()
    assert shown["preview_data"] == shown["plan"]["summary"]


def test_whoever_edits_becomes_a_contributor(cast, draft):
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("adam"), name="Other")

    wrote = Contributor.objects.filter(draft=draft).values_list("user_id", flat=True)
    assert set(wrote) == {"user_eddie", "user_adam"}
