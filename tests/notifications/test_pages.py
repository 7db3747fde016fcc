"""Inbox, preferences and endpoints at both doors: page and API."""

import pytest
from django.urls import reverse

from core.scope import scope
from notifications import services
from notifications.models import Delivery, DigestTime, Endpoint, Notice, Preference
from tenants.models import User
from tests.notifications.conftest import spread_all, tell

PREFERENCES = "/portal/settings/notifications"
ENDPOINTS = "/portal/settings/endpoints"
JSON = {"content_type": "application/json"}


def unread_of(cast, name):
    with scope(user_id=getattr(cast, name).pk):
        return Notice.objects.filter(read_at=None).count()


def test_the_inbox_filters_and_pages(cast):
    for number in range(35):
        tell(cast, "rita", key=str(number), subject=f"Number {number:02}", kind="workflow.failed")
    tell(cast, "rita", key="x", subject="A mention", kind="comment.mention")
    client = cast.client("rita")

    first = client.get("/portal/inbox")
    assert [len(first.context["notices"]), first.context["total"]] == [30, 36]
    second = client.get(f"/portal/inbox?cursor={first.context['next']}")
    assert [notice.subject for notice in second.context["notices"]][-1] == "Number 00"
    assert second.context["next"] == ""
    comments = client.get("/portal/inbox?group=comments")
    assert [notice.subject for notice in comments.context["notices"]] == ["A mention"]
    assert client.get("/portal/inbox?group=nonsense").status_code == 422


def test_all_are_marked_as_read_and_the_bell_says_so(cast):
    tell(cast, "rita", key="a")
    tell(cast, "rita", "ron", key="b")
    client = cast.client("rita")
    assert "Inbox, 2 unread" in client.get("/portal/").content.decode()

    answer = client.post("/portal/inbox/read", headers={"HX-Request": "true"})

    assert 'id="unread" hx-swap-oob="true"' in answer.content.decode()
    assert "Inbox, 2 unread" not in client.get("/portal/").content.decode()
    assert (unread_of(cast, "rita"), unread_of(cast, "ron")) == (0, 1)


def test_without_script_marking_as_read_leads_back(cast):
    tell(cast, "rita")
    response = cast.client("rita").post("/portal/inbox/read")
    assert (response.status_code, response["Location"]) == (302, "/portal/inbox")


def test_what_is_read_over_the_api(cast):
    tell(cast, "rita", key="a")
    tell(cast, "rita", key="b", kind="comment.mention")
    client = cast.client("rita")
    assert client.get("/api/notifications?group=comments").json()["total"] == 1
    assert client.get("/api/notifications?group=x").status_code == 422
    assert client.post("/api/notifications/read", **JSON).json() == {"read": 2}
    assert client.get("/api/notifications?unread=true").json()["total"] == 0


# Preferences


def wishes(**more):
    form = {"hour": "7", "timezone": "Europe/Berlin"}
    for group in services.preferring.CHOSEN:
        form |= {f"{group}_in_app": "on", f"{group}_mail": "now"}
    return form | more


def test_a_person_chooses_on_the_page(cast):
    client = cast.client("rita")
    assert client.get(PREFERENCES).status_code == 200
    form = wishes(runs_mail="digest", comments_mail="none")
    del form["comments_in_app"]

    response = client.post(PREFERENCES, form)

    assert (response.status_code, response["Location"]) == (302, PREFERENCES)
    with scope(user_id=cast.rita.pk):
        kept = {one.group: (one.in_app, one.mail) for one in Preference.objects.all()}
        time = DigestTime.objects.get()
    assert kept["runs"] == (True, "digest")
    assert kept["comments"] == (False, "none")
    assert "alarms" not in kept
    assert (time.hour, time.timezone) == (7, "Europe/Berlin")


@pytest.mark.parametrize(
    "wrong", [{"runs_mail": "pigeon"}, {"hour": "24"}, {"timezone": "Nowhere/Land"}]
)
def test_a_wrong_choice_changes_nothing(cast, wrong):
    assert cast.client("rita").post(PREFERENCES, wishes(**wrong)).status_code == 422
    with scope(user_id=cast.rita.pk):
        assert (Preference.objects.count(), DigestTime.objects.count()) == (0, 0)


def test_preferences_over_the_api(cast):
    client = cast.client("rita")
    url = "/api/notifications/preferences"
    shipped = client.get(url).json()
    assert shipped["groups"]["proposals"] == {"in_app": True, "mail": "digest"}
    assert shipped["digest"] == {"hour": 8, "timezone": ""}
    body = {"groups": {"runs": {"mail": "none"}}, "digest": {"hour": 6}}

    changed = client.patch(url, body, content_type="application/json").json()

    assert changed["groups"]["runs"] == {"in_app": True, "mail": "none"}
    assert changed["groups"]["reviews"] == shipped["groups"]["reviews"]
    assert changed["digest"] == {"hour": 6, "timezone": ""}


@pytest.mark.parametrize(
    "body",
    [
        {"groups": {"alarms": {"mail": "none"}}},
        {"groups": {"nonsense": {}}},
        {"groups": {"runs": {"mail": "pigeon"}}},
        {"groups": {"runs": {"sms": True}}},
        {"digest": {"hour": 24}},
        {"digest": {"hour": 8, "timezone": "Nowhere/Land"}},
        {"user_ids": []},
    ],
)
def test_a_wrong_wish_over_the_api_changes_nothing(cast, body):
    client = cast.client("rita")
    url = "/api/notifications/preferences"
    assert client.patch(url, body, content_type="application/json").status_code == 422
    with scope(user_id=cast.rita.pk):
        assert (Preference.objects.count(), DigestTime.objects.count()) == (0, 0)


# Endpoints

BODY = {"kind": "webhook", "name": "Our books", "kinds": ["workflow.succeeded"]}
MANY = [
    ("olivia", 200),
    ("adam", 200),
    ("eddie", 403),
    ("bob", 403),
    ("vera", 403),
    ("stranger", 404),
    ("guest", 404),
]


@pytest.mark.parametrize(("who", "status"), MANY)
@pytest.mark.parametrize("door", ["page", "api"])
def test_who_may_look_at_and_make_endpoints(cast, hook, server, who, status, door):
    made = hook()
    client = cast.client(who)
    one = f"{'/portal/settings' if door == 'page' else '/api'}/endpoints"
    assert client.get(f"{one}/{made.endpoint.pk}").status_code == status
    body = {**BODY, "url": server.url("/ok")}
    if door == "page":
        response = client.post(one, body)
    else:
        response = client.post(one, body, content_type="application/json")
    if who == "stranger":
        return  # makes one of their own shop
    if status == 200:
        assert response.status_code == (201 if door == "api" else 200)
        assert "whsec_" in response.content.decode()
    else:
        assert response.status_code == status
    with scope(tenant_id=cast.tenant.pk):
        assert Endpoint.objects.count() == (2 if status == 200 else 1)


def test_the_key_is_shown_once(cast, hook):
    made = hook()
    page = cast.client("olivia").get(f"{ENDPOINTS}/{made.endpoint.pk}").content.decode()
    assert "whsec_" not in page
    assert "secret" not in cast.client("olivia").get(f"/api/endpoints/{made.endpoint.pk}").json()

    rotated = cast.client("olivia").post(f"{ENDPOINTS}/{made.endpoint.pk}/rotate")
    assert "whsec_" in rotated.content.decode()
    assert "no-store" in rotated["Cache-Control"]


def test_a_chat_channels_address_is_not_shown_again(cast, hook):
    made = hook("/services/T0/B0/secret", kind="chat")
    assert "secret" not in cast.client("olivia").get(ENDPOINTS).content.decode()
    shown = cast.client("olivia").get(f"/api/endpoints/{made.endpoint.pk}").json()["url"]
    assert shown == "https://127.0.0.1/…"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "https://localhost/x"}, "url"),
        ({"name": " "}, "name"),
        ({"kinds": ["nonsense"]}, "kinds"),
        ({"kind": "pigeon"}, "kind"),
    ],
)
def test_wrong_endpoints_are_refused_at_both_doors(cast, wrong, where):
    client = cast.client("olivia")
    body = {**BODY, "url": "https://1.1.1.1/", **wrong}
    api = client.post("/api/endpoints", body, content_type="application/json")
    assert (api.status_code, list(api.json()["errors"])) == (422, [where])
    assert client.post(ENDPOINTS, body).status_code == 422
    with scope(tenant_id=cast.tenant.pk):
        assert Endpoint.objects.count() == 0


def test_the_page_changes_switches_and_removes(cast, hook, server):
    made = hook()
    client, page = cast.client("olivia"), f"{ENDPOINTS}/{made.endpoint.pk}"
    client.post(page, {"name": "Books", "url": "", "kinds": ["workflow.failed"]})
    client.post(f"{page}/switch", {"on": "0"})
    with scope(tenant_id=cast.tenant.pk):
        kept = Endpoint.objects.get()
    assert (kept.name, kept.kinds, kept.is_active) == ("Books", ["workflow.failed"], False)
    assert client.get(f"{page}/remove").status_code == 200
    assert client.post(f"{page}/remove")["Location"] == ENDPOINTS
    assert client.get(page).status_code == 404


def test_the_log_and_the_replay_at_both_doors(cast, hook):
    made = hook("/500")
    tell(cast, "rita")
    spread_all(cast)
    with scope(tenant_id=cast.tenant.pk):
        delivery = Delivery.objects.get()
    services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk)
    client = cast.client("olivia")

    page = client.get(f"{ENDPOINTS}/{made.endpoint.pk}").content.decode()
    assert "It answered 500." in page
    detail = client.get(reverse("notifications:delivery", args=[delivery.pk])).content.decode()
    assert "answer" in detail
    listed = client.get(f"/api/endpoints/{made.endpoint.pk}/deliveries?state=pending").json()
    (row,) = listed["deliveries"]
    assert [(call["status"], call["snippet"]) for call in row["calls"]] == [(500, "answer")]
    assert client.post(f"/api/deliveries/{delivery.pk}/replay", **JSON).status_code == 409

    with scope(tenant_id=cast.tenant.pk):
        Delivery.objects.update(state="failed")
    assert client.post(f"/api/deliveries/{delivery.pk}/replay", **JSON).status_code == 202
    with scope(tenant_id=cast.tenant.pk):
        Delivery.objects.update(state="failed")
    assert client.post(f"/portal/settings/deliveries/{delivery.pk}/replay").status_code == 302
    assert (
        cast.client("eddie").post(f"/api/deliveries/{delivery.pk}/replay", **JSON).status_code
        == 403
    )
    stranger = cast.client("stranger")
    assert stranger.post(f"/api/deliveries/{delivery.pk}/replay", **JSON).status_code == 404


def test_a_ping_from_both_doors(cast, hook):
    made = hook()
    client = cast.client("adam")
    assert client.post(f"/api/endpoints/{made.endpoint.pk}/ping", **JSON).status_code == 202
    assert client.post(f"{ENDPOINTS}/{made.endpoint.pk}/ping").status_code == 302
    with scope(tenant_id=cast.tenant.pk):
        assert Delivery.objects.filter(kind="ping").count() == 2


def test_what_the_other_side_answers_cannot_come_alive_on_our_page(cast, hook, monkeypatch):
    from core.outbound import Answer
    from notifications.services import delivering

    hook()
    tell(cast, "rita")
    spread_all(cast)
    evil = b"<script>alert(1)</script>\x00\x1b[31m"
    monkeypatch.setattr(delivering, "send", lambda *_a, **_k: Answer(500, {}, evil))
    with scope(tenant_id=cast.tenant.pk):
        delivery = Delivery.objects.get()
    services.deliver(tenant_id=cast.tenant.pk, delivery_id=delivery.pk)

    url = reverse("notifications:delivery", args=[delivery.pk])
    page = cast.client("olivia").get(url).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "\x00" not in page


def test_staff_see_deliveries_without_what_they_say(committed_cast, client):
    tell(committed_cast, "rita", subject="Confidential price move")
    staff = User.objects.create_superuser("staff@codex.local", "word", name="Staff")
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    for model in ("delivery", "endpoint", "notice", "digest"):
        response = client.get(f"/admin/notifications/{model}/")
        assert response.status_code == 200, model
        assert "Confidential" not in response.content.decode()
    with scope(user_id=committed_cast.rita.pk):
        notice = Notice.objects.get()
    page = client.get(f"/admin/notifications/notice/{notice.pk}/change/").content.decode()
    assert notice.pk in page
    assert "Confidential" not in page
