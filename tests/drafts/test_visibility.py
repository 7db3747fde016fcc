"""A draft is seen by its author, by those it is shared with, by owners and admins, and, once it
was submitted, by its council; by nobody else in any list, count, search or answer."""

import pytest

from drafts import services
from drafts.queries import visible_to
from tests.drafts.conftest import begin, reviewer

# Who sees eddie's draft in which state.
ALWAYS = {"eddie", "olivia", "adam"}
SEEN = {
    "editing": ALWAYS,
    "pending_review": ALWAYS | {"rita", "ron"},
    "approved": ALWAYS | {"rita", "ron"},
    "rejected": ALWAYS | {"rita", "ron"},
    "converted": ALWAYS | {"rita"},
    "discarded": ALWAYS,
}
PEOPLE = ("eddie", "olivia", "adam", "bob", "vera", "rita", "ron", "stranger")


@pytest.mark.parametrize("state", SEEN)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_sees_it_in_lists_counts_search_and_by_its_id(cast, draft, bring, state, who):
    bring(draft, state)
    client = cast.client(who)
    expected = who in SEEN[state]

    found = client.get(f"/api/drafts?status={state}").json()
    assert (found["total"], len(found["drafts"])) == ((1, 1) if expected else (0, 0))
    found = client.get(f"/api/drafts?status={state}&q=raise").json()
    assert found["total"] == (1 if expected else 0)
    assert client.get(f"/api/drafts/{draft.pk}").status_code == (200 if expected else 404)
    page = client.get(f"/portal/workflows/drafts?status={state}").content.decode()
    assert (draft.pk in page) == expected


PARTS = ("", "/plan", "/changes", "/revisions", "/events", "/comments", "/share")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("who", ["bob", "stranger"])
def test_not_yours_is_byte_equal_to_not_there(cast, draft, who, part):
    client = cast.client(who)

    hidden = client.get(f"/api/drafts/{draft.pk}{part}")
    nothing = client.get(f"/api/drafts/draft_00000000000000000000000000{part}")

    assert (hidden.status_code, hidden.content) == (404, nothing.content)


@pytest.mark.parametrize("may_edit", [False, True])
def test_sharing_shows_it_to_one_more(cast, draft, may_edit):
    services.share_draft(
        draft_id=draft.pk, user_id="user_bob", may_edit=may_edit, actor=cast.actor("eddie")
    )
    client = cast.client("bob")

    assert client.get("/api/drafts").json()["total"] == 1
    edited = client.patch(
        f"/api/drafts/{draft.pk}", {"name": "Bob's"}, content_type="application/json"
    )
    assert edited.status_code == (200 if may_edit else 403)


def test_another_tenants_council_membership_shows_nothing(cast, draft, bring, council):
    bring(draft, "pending_review")

    actor = cast.actor("guest", council_ids=("council_somewhere",))
    assert visible_to(actor).count() == 0
    assert visible_to(reviewer(cast, "rita", council)).count() == 1


def test_the_total_is_exact_whatever_the_page(cast, shop):
    for number in range(7):
        begin(cast, name=f"Draft {number}")
    begin(cast, "bob", name="Bob's own")

    page = cast.client("eddie").get("/api/drafts?limit=3").json()
    assert (page["total"], len(page["drafts"]), page["limit"]) == (7, 3, 3)
    second = cast.client("eddie").get(f"/api/drafts?limit=3&cursor={page['next']}").json()
    assert [d["name"] for d in second["drafts"]] == ["Draft 3", "Draft 2", "Draft 1"]
    assert cast.client("olivia").get("/api/drafts").json()["total"] == 8


def test_an_empty_tenant_answers_an_empty_list(cast):
    assert cast.client("stranger").get("/api/drafts").json() == {
        "drafts": [],
        "total": 0,
        "limit": 50,
        "offset": 0,
        "next": None,
    }


def test_somebody_of_no_tenant_gets_an_empty_list(cast):
    assert cast.client("guest").get("/api/drafts").json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [("tenant_id=tenant_other", 403), ("status=nonsense", 422), ("cursor=x", 422)],
)
def test_a_wrong_question_is_refused(cast, query, status):
    assert cast.client("eddie").get(f"/api/drafts?{query}").status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(cast, shop, rows, django_assert_max_num_queries):
    for number in range(rows):
        made = begin(cast, name=f"Draft {number}")
        services.preview_draft(draft_id=made.pk, actor=cast.actor("eddie"))
    client = cast.client("eddie")

    with django_assert_max_num_queries(14):
        assert client.get("/api/drafts").status_code == 200
