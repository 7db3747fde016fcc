"""Comments that call people: who can be called, who is told, and who never hears of it."""

import pytest

from core.scope import scope
from drafts import services
from drafts.models import Comment
from drafts.queries import audience
from notifications.models import Notice
from tests.drafts.conftest import begin
from workflows.models import PlannedChange

PEOPLE = ("olivia", "adam", "eddie", "bob", "vera", "rita", "ron", "stranger", "guest")


def told(cast) -> dict[str, str]:
    """Person → the kind of their notice about a comment; nobody has two."""
    found = {}
    for name in PEOPLE:
        with scope(tenant_id=cast.tenant.pk, user_id=f"user_{name}"):
            kinds = Notice.objects.filter(user_id=f"user_{name}", kind__startswith="comment.")
            if kind := " ".join(kinds.values_list("kind", flat=True)):
                found[name] = kind
    return found


def say(cast, who, draft, text, **more):
    url = f"/api/drafts/{draft.pk}/comments"
    return cast.client(who).post(url, {"text": text, **more}, content_type="application/json")


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("@Adam look", ["user_adam"]),
        ("@adam, @Olivia: look", ["user_adam", "user_olivia"]),
        ("(@olivia)", ["user_olivia"]),
        ("@Adamant is no name", []),
        ("mail adam@adam.example", []),
        ("@Bob cannot see it", []),
        ("@stranger neither", []),
        ("@Eddie, myself", []),
        ("nobody", []),
    ],
)
def test_whoever_is_called_and_may_see_the_draft_is_mentioned(cast, draft, text, mentioned):
    answer = say(cast, "eddie", draft, text)

    assert answer.status_code == 201
    assert answer.json()["mentions"] == mentioned
    assert told(cast) == {name.removeprefix("user_"): "comment.mention" for name in mentioned}


def test_ids_are_mentions_too_and_a_stranger_is_refused(cast, draft):
    assert say(cast, "eddie", draft, "Look", mentions=["user_olivia"]).status_code == 201
    refused = say(cast, "eddie", draft, "Look", mentions=["user_olivia", "user_bob"])

    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["mentions"]
    assert Comment.objects.count() == 1
    assert told(cast) == {"olivia": "comment.mention"}


def test_a_first_name_two_people_share_calls_neither(cast, draft):
    cast.adam.name, cast.olivia.name = "Sam One", "Sam Two"
    cast.adam.save()
    cast.olivia.save()

    assert say(cast, "eddie", draft, "@Sam hello").json()["mentions"] == []
    assert say(cast, "eddie", draft, "@sam two hello").json()["mentions"] == ["user_olivia"]


def test_the_thread_and_the_authors_are_told_once_each(cast, draft, bring):
    bring(draft, "pending_review")
    first = say(cast, "rita", draft, "Why 1.00?").json()
    assert told(cast) == {"eddie": "comment.added"}

    say(cast, "ron", draft, "Same question.", parent_id=first["id"])
    with scope(tenant_id=cast.tenant.pk, user_id="user_rita"):
        kinds = Notice.objects.filter(user_id="user_rita", kind__startswith="comment.")
        assert [(n.kind, n.url) for n in kinds] == [
            ("comment.reply", f"/portal/reviews/{draft.pk}#{first['id']}")
        ]


def test_the_audience_is_those_who_would_find_the_draft(cast, draft, bring):
    """``audience`` and ``seen_by`` say the same, in every state."""
    services.share_draft(draft_id=draft.pk, user_id="user_vera", actor=cast.actor("eddie"))
    for state in ("editing", "pending_review", "approved", "converted"):
        other = draft if state == "editing" else bring(begin(cast), state)
        seeing = {
            f"user_{name}"
            for name in PEOPLE
            if cast.client(name).get(f"/api/drafts/{other.pk}").status_code == 200
        }
        assert set(audience(other)) == seeing, state


def test_people_lists_who_can_be_called_and_nobody_else(cast, draft):
    found = cast.client("eddie").get(f"/api/drafts/{draft.pk}/people").json()["people"]

    assert [one["name"] for one in found] == ["Adam", "Eddie", "Olivia"]
    assert cast.client("bob").get(f"/api/drafts/{draft.pk}/people").status_code == 404


def test_a_comment_on_one_change_says_which(cast, draft):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    change = PlannedChange.objects.order_by("position").first()

    made = say(cast, "eddie", draft, "Too much", planned_change_id=change.pk).json()

    assert (made["planned_change_id"], made["about"]) == (change.pk, f"{change.label}, price")
    both = say(cast, "eddie", draft, "?", planned_change_id=change.pk, field="add")
    foreign = say(cast, "eddie", draft, "?", planned_change_id=change.pk + 10_000)
    assert (both.status_code, foreign.status_code) == (422, 422)
    assert Comment.objects.count() == 1
