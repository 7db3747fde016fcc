"""Councils and rules, by page and by API."""

import pytest

from councils.models import Council, RoutingRule, Seat, SeatHolder
from councils.services import submit_draft
from tests.drafts.conftest import make_council

PAGE = "/portal/settings/councils"


def form(**more):
    return {
        "name": "Trading",
        "approval_days": "7",
        "is_active": "on",
        "seats-TOTAL_FORMS": "2",
        "seats-INITIAL_FORMS": "0",
        "seats-0-name": "Finance",
        "seats-0-needed": "1",
        "seats-0-stage": "1",
        "seats-0-user_ids": ["user_rita", "user_ron"],
        "seats-1-name": "",
        **more,
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [("olivia", 200), ("adam", 200), ("eddie", 403), ("vera", 403), ("guest", 403)],
)
def test_who_may_make_a_council_on_the_page(cast, shop, who, status):
    assert cast.client(who).post(f"{PAGE}/new", form(), follow=True).status_code == status
    assert Council.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("who", "status"), [("olivia", 201), ("adam", 201), ("eddie", 403), ("vera", 403)]
)
def test_who_may_make_a_council_by_api(cast, shop, who, status):
    body = {"name": "Trading", "seats": [{"name": "Finance", "user_ids": ["user_rita"]}]}

    response = cast.client(who).post("/api/councils", body, content_type="application/json")

    assert response.status_code == status
    assert Council.objects.count() == (1 if status == 201 else 0)


def test_the_page_makes_seats_with_people(cast, shop):
    cast.client("olivia").post(f"{PAGE}/new", form())

    seat = Seat.objects.get()
    assert (seat.council.approval_days, seat.name, seat.needed) == (7, "Finance", 1)
    held = SeatHolder.objects.order_by("user_id").values_list("user_id", flat=True)
    assert list(held) == ["user_rita", "user_ron"]


def test_somebody_newly_seated_gets_the_open_reviews(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    client = cast.client("vera")
    assert client.get("/api/reviews?queue=mine").json()["total"] == 0

    cast.client("olivia").post(f"{PAGE}/{council.pk}", form(**{"seats-0-user_ids": ["user_vera"]}))

    assert client.get("/api/reviews?queue=mine").json()["total"] == 1
    assert cast.client("rita").get("/api/reviews?queue=mine").json()["total"] == 0


def test_a_removed_seat_that_was_asked_stays_for_the_record(cast, draft, council):
    submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    cast.client("olivia").post(f"{PAGE}/{council.pk}", form(**{"seats-0-name": "Other"}))

    seats = dict(Seat.objects.values_list("name", "is_active"))
    assert seats == {"Finance": False, "Other": True}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "X", "seats": [{"name": "A", "user_ids": ["user_stranger"]}]}, "seats"),
        ({"name": "X", "seats": [{"name": "A"}, {"name": "A"}]}, "seats"),
        ({"name": "X", "approval_days": 0}, "approval_days"),
        ({"name": "X", "tenant": "tenant_other"}, "tenant"),
        ({"name": "X", "seats": [{"name": "A", "needed": 0}]}, "seats.0.needed"),
    ],
)
def test_a_council_that_makes_no_sense_is_refused(cast, shop, body, where):
    response = cast.client("olivia").post("/api/councils", body, content_type="application/json")

    assert (response.status_code, list(response.json()["errors"])) == (422, [where])
    assert Council.objects.count() == 0


def test_two_councils_have_two_names(cast, shop, council):
    response = cast.client("olivia").post(
        "/api/councils", {"name": council.name}, content_type="application/json"
    )

    assert response.status_code == 409


def test_the_rules_are_replaced_as_a_whole(cast, shop, council):
    second = make_council(shop.pk, name="Second")
    lines = [
        {"workflow_type_id": "test.raise_prices", "council_id": second.pk, "risk_at_least": 50},
        {"council_ids": [council.pk, second.pk], "in_turn": True},
    ]
    client = cast.client("olivia")

    def put(client):
        return client.put("/api/councils/rules", {"rules": lines}, content_type="application/json")

    assert put(cast.client("eddie")).status_code == 403
    answer = put(client).json()["rules"]

    assert [(rule["name"], rule["council_ids"], rule["in_turn"]) for rule in answer] == [
        ("Second", [second.pk], False),
        ("Trading", [council.pk, second.pk], True),
    ]
    assert cast.client("eddie").get("/api/councils/rules").json()["rules"] == answer
    rules = RoutingRule.objects.order_by("position")
    assert list(rules.values_list("workflow_type_id", "risk_at_least")) == [
        ("test.raise_prices", 50),
        ("", None),
    ]


def test_another_tenants_council_is_not_there(cast, shop, council):
    client = cast.client("stranger")

    assert client.get("/api/councils").json()["total"] == 0
    hidden = client.get(f"/api/councils/{council.pk}")
    nothing = client.get("/api/councils/council_none")
    assert (hidden.status_code, hidden.content) == (404, nothing.content)
    assert client.get(f"{PAGE}/{council.pk}").status_code == 404


@pytest.mark.parametrize("who", ["olivia", "eddie", "vera"])
def test_everybody_sees_who_reviews(cast, shop, council, who):
    assert "Finance" in cast.client(who).get(PAGE).content.decode()
