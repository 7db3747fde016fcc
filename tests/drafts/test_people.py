"""Shares and comments."""

import pytest

from core.errors import Invalid, NotAllowed, NotFound
from drafts import services
from drafts.models import Comment, DraftShare
from tests.drafts.conftest import kinds_of


def share(cast, who, draft, user_id, may_edit=False):
    return cast.client(who).post(
        f"/api/drafts/{draft.pk}/share",
        {"user_id": user_id, "may_edit": may_edit},
        content_type="application/json",
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [("eddie", 200), ("olivia", 200), ("adam", 200), ("bob", 404), ("vera", 404)],
)
def test_who_may_share(cast, draft, who, status):
    assert share(cast, who, draft, "user_vera").status_code == status
    assert DraftShare.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("user_id", "may_edit", "where"),
    [
        ("user_stranger", False, "user_id"),
        ("user_nobody", False, "user_id"),
        ("user_eddie", False, "user_id"),
        ("user_vera", True, "may_edit"),
    ],
)
def test_with_whom_it_cannot_be_shared(cast, draft, user_id, may_edit, where):
    response = share(cast, "eddie", draft, user_id, may_edit)

    assert (response.status_code, list(response.json()["errors"])) == (422, [where])
    assert DraftShare.objects.count() == 0


def test_sharing_again_changes_what_they_may(cast, draft):
    share(cast, "eddie", draft, "user_bob")
    share(cast, "eddie", draft, "user_bob", may_edit=True)
    share(cast, "eddie", draft, "user_bob", may_edit=True)

    assert DraftShare.objects.get().may_edit is True
    assert kinds_of(draft).count("draft.shared") == 2


def test_no_longer_shared_is_no_longer_seen(cast, draft):
    share(cast, "eddie", draft, "user_bob")
    client = cast.client("bob")
    assert client.get(f"/api/drafts/{draft.pk}").status_code == 200
    assert client.delete(f"/api/drafts/{draft.pk}/share/user_bob").status_code == 403

    gone = cast.client("eddie").delete(f"/api/drafts/{draft.pk}/share/user_bob")

    assert gone.status_code == 204
    assert client.get(f"/api/drafts/{draft.pk}").status_code == 404
    with pytest.raises(NotFound):
        services.unshare_draft(draft_id=draft.pk, user_id="user_bob", actor=cast.actor("eddie"))


def test_whoever_sees_a_draft_may_speak(cast, draft, bring):
    bring(draft, "pending_review")
    for who, status in [("eddie", 201), ("rita", 201), ("olivia", 201), ("bob", 404)]:
        response = cast.client(who).post(
            f"/api/drafts/{draft.pk}/comments", {"text": who}, content_type="application/json"
        )
        assert response.status_code == status

    found = cast.client("rita").get(f"/api/drafts/{draft.pk}/comments").json()
    assert (found["total"], [c["text"] for c in found["comments"]]) == (
        3,
        ["eddie", "rita", "olivia"],
    )


def test_a_comment_is_on_the_draft_a_field_or_a_change(cast, draft):
    eddie = cast.actor("eddie")
    services.preview_draft(draft_id=draft.pk, actor=eddie)
    draft.refresh_from_db()
    change = draft.plan.changes.get(position=1)

    services.comment(draft_id=draft.pk, actor=eddie, text="On add", field="add")
    services.comment(draft_id=draft.pk, actor=eddie, text="On it", planned_change_id=change.pk)

    assert list(Comment.objects.order_by("created_at", "id").values_list("about", flat=True)) == [
        "Add",
        "Product 0, price",
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"text": " "},
        {"text": "x" * 10_001},
        {"text": "x", "field": "nothing"},
        {"text": "x", "planned_change_id": 1},
        {"text": "x", "field": "add", "planned_change_id": 1},
        {"text": "x", "parent_id": "comment_none"},
    ],
)
def test_a_comment_that_says_nothing_or_points_nowhere_is_refused(cast, draft, said):
    with pytest.raises(Invalid):
        services.comment(draft_id=draft.pk, actor=cast.actor("eddie"), **said)
    assert Comment.objects.count() == 0


def test_a_thread_is_resolved_and_opened_again(cast, draft):
    eddie = cast.actor("eddie")
    first = services.comment(draft_id=draft.pk, actor=eddie, text="First")
    reply = services.comment(draft_id=draft.pk, actor=eddie, text="Reply", parent_id=first.pk)

    services.resolve_comment(draft_id=draft.pk, comment_id=first.pk, actor=eddie)
    assert Comment.objects.get(pk=first.pk).resolved_by_id == "user_eddie"
    services.reopen_comment(draft_id=draft.pk, comment_id=first.pk, actor=eddie)
    assert Comment.objects.get(pk=first.pk).resolved_at is None
    with pytest.raises(Invalid):
        services.resolve_comment(draft_id=draft.pk, comment_id=reply.pk, actor=eddie)


def test_what_people_write_is_escaped(cast, draft):
    services.comment(draft_id=draft.pk, actor=cast.actor("eddie"), text="<script>alert(1)</script>")
    services.edit_draft(
        draft_id=draft.pk, actor=cast.actor("eddie"), name="<img src=x onerror=alert(1)>"
    )

    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_share_page_needs_no_script(cast, draft):
    client = cast.client("eddie")
    url = f"/portal/workflows/drafts/{draft.pk}/share"

    assert client.get(url).status_code == 200
    assert client.post(url, {"user_id": "user_bob"}, follow=True).status_code == 200
    assert DraftShare.objects.get().user_id == "user_bob"
    client.post(f"{url}/user_bob/remove")
    assert DraftShare.objects.count() == 0
    assert cast.client("bob").get(url).status_code == 404


def test_a_machine_does_not_comment(cast, draft):
    from core.actors import SystemActor

    with pytest.raises(NotAllowed):
        services.comment(draft_id=draft.pk, actor=SystemActor("proposer"), text="Hello")
