"""Settings, Limits and Freezes, and the same for programs: who may, what they say."""

from datetime import date, time

import pytest

from workflows import restraints, services
from workflows.models import FreezeWindow, LimitSet

LIMITS, FREEZES = "/portal/settings/limits", "/portal/settings/freezes"
WEEKEND = {
    "name": "Weekend",
    "repeats": "weekly",
    "weekdays": [4],
    "starts_on": "2026-11-27",
    "starts_at": "17:00",
    "ends_on": "2026-11-30",
    "ends_at": "08:00",
    "families": ["pricing"],
}


def put(client, body):
    return client.put("/api/limits", body, content_type="application/json")


def post(client, url, body):
    return client.post(url, body, content_type="application/json")


# -- limits


@pytest.mark.parametrize("who", ["olivia", "adam"])
def test_the_page_saves_a_version_and_shows_it(in_tenant, cast, who):
    client = cast.client(who)

    saved = client.post(LIMITS, {"number": 0, "max_step_percent": "25", "max_items": ""})

    assert saved.status_code == 302
    held = restraints.limit_set("")
    assert (held.max_step_percent, held.max_items, held.set_by_id) == (25, None, f"user_{who}")
    assert "price moves of 25%" in client.get(LIMITS).content.decode()


def test_a_family_has_its_own_form(in_tenant, cast):
    client = cast.client("olivia")
    client.post(f"{LIMITS}?family=pricing", {"number": 0, "max_items": "5"})

    assert [(one.family, one.max_items) for one in restraints.limit_sets()] == [("pricing", 5)]
    assert "Limits of Pricing" in client.get(f"{LIMITS}?family=pricing").content.decode()
    assert client.get(f"{LIMITS}?family=magic").status_code == 422


def test_a_stale_page_is_told_and_keeps_what_was_typed(in_tenant, cast):
    client = cast.client("olivia")
    client.post(LIMITS, {"number": 0, "max_items": "5"})

    again = client.post(LIMITS, {"number": 0, "max_items": "777"})

    page = again.content.decode()
    assert again.status_code == 422
    assert "Somebody saved newer limits" in page
    assert 'value="777"' in page
    assert restraints.limit_set("").max_items == 5


def test_refused_values_are_said_by_field(in_tenant, cast):
    answer = cast.client("olivia").post(LIMITS, {"number": 0, "max_discount_percent": "140"})

    assert answer.status_code == 422
    assert LimitSet.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("eddie", 403), ("vera", 403), ("stranger", 200)])
def test_only_owners_and_admins_see_and_change_limits(in_tenant, cast, who, status):
    client = cast.client(who)
    answers = [
        client.get(LIMITS).status_code,
        client.get("/api/limits").status_code,
        put(client, {"number": 0, "max_items": 3}).status_code,
    ]

    assert answers == [status] * 3
    assert LimitSet.objects.count() == 0  # a stranger has set their own shop's


def test_programs_set_and_read_them(in_tenant, cast):
    client = cast.client("adam")
    made = put(client, {"family": "pricing", "number": 0, "max_step_percent": "25.00"})
    put(client, {"family": "pricing", "number": 1, "max_step_percent": "20.00", "max_items": 9})

    held = client.get("/api/limits").json()
    every = client.get("/api/limits?history=true").json()

    assert made.json() | {"id": "", "created_at": ""} == {
        "id": "",
        "family": "pricing",
        "number": 1,
        "max_items": None,
        "max_step_percent": "25.00",
        "max_discount_percent": None,
        "max_money_at_risk": None,
        "max_revenue_percent": None,
        "max_recipients": None,
        "set_by_user_id": "user_adam",
        "created_at": "",
    }
    assert [(one["number"], one["max_items"]) for one in held["limits"]] == [(2, 9)]
    assert (held["total"], every["total"]) == (1, 2)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"number": 0, "max_items": 0}, 422, "max_items"),
        ({"number": 0, "most": 1}, 422, "most"),
        ({"max_items": 1}, 422, "number"),
        ({"number": 0, "family": "magic"}, 422, "family"),
        ({"number": 4, "max_items": 1}, 409, ""),
    ],
)
def test_programs_are_told_what_is_wrong(in_tenant, cast, body, status, field):
    answer = put(cast.client("olivia"), body)

    assert answer.status_code == status
    assert list(answer.json().get("errors", {})) == ([field] if field else [])
    assert LimitSet.objects.count() == 0


# -- freezes


def test_the_page_previews_without_keeping_and_then_saves(in_tenant, cast):
    client = cast.client("olivia")

    tried = client.post(f"{FREEZES}/new", {**WEEKEND, "then": "preview"})

    assert tried.status_code == 200
    assert "It would be on" in tried.content.decode()
    assert FreezeWindow.objects.count() == 0
    assert client.post(f"{FREEZES}/new", WEEKEND).status_code == 302
    window = FreezeWindow.objects.get()
    assert (window.weekdays, window.families, window.starts_at) == ([4], ["pricing"], time(17))
    page = client.get(FREEZES).content.decode()
    assert "Every Friday 17:00 until Monday 08:00" in page


def test_the_page_changes_and_removes_one_after_asking(in_tenant, cast):
    client = cast.client("adam")
    client.post(f"{FREEZES}/new", WEEKEND)
    window = FreezeWindow.objects.get()

    client.post(f"{FREEZES}/{window.pk}", {**WEEKEND, "name": "Weekends", "ends_at": "09:00"})
    window.refresh_from_db()
    assert (window.name, window.ends_at) == ("Weekends", time(9))
    asked = client.get(f"{FREEZES}/{window.pk}/remove")
    assert (asked.status_code, FreezeWindow.objects.count()) == (200, 1)
    client.post(f"{FREEZES}/{window.pk}/remove")
    assert FreezeWindow.objects.count() == 0


def test_a_refused_freeze_keeps_what_was_typed(in_tenant, cast):
    wrong = {**WEEKEND, "ends_on": "2026-12-30"}

    answer = cast.client("olivia").post(f"{FREEZES}/new", wrong)

    assert answer.status_code == 422
    assert "A weekly freeze lasts less than a week." in answer.content.decode()
    assert 'value="2026-12-30"' in answer.content.decode()


def test_programs_add_change_read_and_remove(in_tenant, cast):
    client = cast.client("olivia")
    made = post(client, "/api/freezes", WEEKEND)
    url = f"/api/freezes/{made.json()['id']}"

    changed = client.patch(url, {"until": "2026-12-31"}, content_type="application/json")

    assert made.status_code == 201
    assert {name: made.json()[name] for name in WEEKEND} == WEEKEND
    assert (changed.status_code, changed.json()["until"]) == (200, "2026-12-31")
    assert client.get("/api/freezes").json()["total"] == 1
    assert len(client.get(url).json()["next"]) == 3
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_members_read_freezes_but_do_not_change_them(in_tenant, cast):
    window = services.add_freeze(
        tenant_id=cast.tenant.pk,
        actor=cast.actor("olivia"),
        **{
            **WEEKEND,
            "starts_on": date(2026, 11, 27),
            "starts_at": time(17),
            "ends_on": date(2026, 11, 30),
            "ends_at": time(8),
        },
    )
    url = f"/api/freezes/{window.pk}"
    for who in ("eddie", "vera"):
        client = cast.client(who)
        assert client.get(FREEZES).status_code == 200
        assert client.get(url).status_code == 200
        refused = [
            post(client, "/api/freezes", WEEKEND),
            client.patch(url, {"name": "x"}, content_type="application/json"),
            client.delete(url),
            client.get(f"{FREEZES}/new"),
            client.post(f"{FREEZES}/{window.pk}", WEEKEND),
            client.post(f"{FREEZES}/{window.pk}/remove"),
        ]
        assert [answer.status_code for answer in refused] == [403] * 6
    stranger = cast.client("stranger")
    assert [
        stranger.get(url).status_code,
        stranger.get(f"{FREEZES}/{window.pk}").status_code,
        stranger.post(f"{FREEZES}/{window.pk}/remove").status_code,
    ] == [404] * 3
    assert [one.name for one in FreezeWindow.objects.all()] == ["Weekend"]


def test_programs_ask_for_the_next_free_slot(in_tenant, cast):
    client = cast.client("olivia")
    post(client, "/api/freezes", WEEKEND)
    url = "/api/freezes/free-slot?workflow_type_id=pricing.dynamic_pricing&at="

    inside = client.get(f"{url}2026-11-28T10:00:00Z").json()
    outside = client.get(f"{url}2026-11-26T10:00:00Z").json()
    other = client.get(url.replace("pricing.dynamic_pricing", "seo.audit") + "2026-11-28T10:00:00Z")

    assert inside["freeze"]["name"] == "Weekend"
    assert inside["frozen_until"] == inside["next_free_slot"] == "2026-11-30T08:00:00Z"
    assert (outside["freeze"], outside["frozen_until"]) == (None, None)
    assert outside["next_free_slot"] == "2026-11-26T10:00:00Z"
    assert other.json()["freeze"] is None
    assert client.get(f"{url}yesterday").status_code == 422
    assert client.get("/api/freezes/free-slot").status_code == 422
