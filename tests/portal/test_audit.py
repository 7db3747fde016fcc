"""The audit trail at its doors: who may, what is found, and files that harm nobody."""

import csv
import io
import json

import pytest

from core.actors import SystemActor
from core.audit import checking, keys
from core.lifecycle import record
from core.models import Event
from core.scope import scope

PAGE, API = "/portal/settings/audit", "/api/audit"
WHO = [
    ("olivia", 200),
    ("adam", 200),
    ("eddie", 403),
    ("bob", 403),
    ("vera", 403),
    ("guest", 404),
]
DOORS = (PAGE, f"{PAGE}/export.csv", f"{PAGE}/export.jsonl", f"{PAGE}/bundle.jsonl", API)
DOORS += (f"{API}/export?file=csv", f"{API}/bundle", f"{PAGE}/of/tenant_tenant")


def happen(cast, kind, actor=None, **data):
    with scope(tenant_id=cast.tenant.pk):
        who = cast.actor(actor) if actor else SystemActor("sweep")
        return record(kind, cast.tenant, actor=who, before="a", after="b", data=data)


def body_of(response) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize(("who", "status"), WHO)
@pytest.mark.parametrize("door", DOORS)
def test_who_may_read_the_trail(cast, who, status, door):
    happen(cast, "tenant.changed", "olivia")
    assert cast.client(who).get(door).status_code == status


@pytest.mark.parametrize("door", DOORS)
def test_another_tenants_owner_sees_nothing_of_it(cast, door):
    event = happen(cast, "tenant.changed", "olivia", secret="Confidential")
    response = cast.client("stranger").get(door)
    if door.endswith("/of/tenant_tenant"):
        assert response.status_code == 404
        return
    text = body_of(response) if response.streaming else response.content.decode()
    assert event.pk not in text
    assert "Confidential" not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["member.added", "tenant.changed", "draft.approved", "draft.edited"]),
        ("kind=draft", ["draft.approved", "draft.edited"]),
        ("kind=draft.edited", ["draft.edited"]),
        ("kind=dra", []),
        ("actor_id=user_olivia", ["tenant.changed"]),
        ("actor_id=system:sweep", ["member.added", "draft.approved", "draft.edited"]),
        ("subject_id=tenant_tenant&kind=member", ["member.added"]),
        ("subject_id=elsewhere", []),
        ("since=2000-01-01&until=2000-01-02", []),
        ("since=2001-01-01", ["member.added", "tenant.changed", "draft.approved", "draft.edited"]),
    ],
)
def test_filters_find_the_same_at_every_door(cast, asked, found):
    happen(cast, "draft.edited")
    happen(cast, "draft.approved")
    happen(cast, "tenant.changed", "olivia")
    happen(cast, "member.added")
    client = cast.client("olivia")

    listed = client.get(f"{API}?{asked}").json()
    assert [event["kind"] for event in listed["events"]] == found
    assert listed["total"] == len(found)
    assert [event.kind for event, _url in client.get(f"{PAGE}?{asked}").context["lines"]] == found
    lines = body_of(client.get(f"{API}/export?file=jsonl&{asked}")).splitlines()
    assert [json.loads(line)["kind"] for line in lines] == found
    rows = list(csv.DictReader(io.StringIO(body_of(client.get(f"{PAGE}/export.csv?{asked}")))))
    assert [row["kind"] for row in rows] == found


@pytest.mark.parametrize("wrong", ["since=tomorrow", "until=2026-13-01", f"kind={'x' * 65}"])
def test_wrong_filters_are_told(cast, wrong):
    client = cast.client("olivia")
    assert client.get(f"{API}?{wrong}").status_code == 422
    assert client.get(f"{PAGE}?{wrong}").status_code == 422
    assert client.get(f"{API}/export?file=pdf").status_code == 422


def test_pages_hold_everything_once(cast):
    for number in range(60):
        happen(cast, "tenant.changed", number=number)
    client, seen, cursor = cast.client("olivia"), [], ""
    for _ in range(3):
        context = client.get(f"{PAGE}?cursor={cursor}").context
        seen += [event.data["number"] for event, _url in context["lines"]]
        cursor = context["next"]
        if not cursor:
            break
    assert seen == list(range(59, -1, -1))


def test_a_timeline_is_one_objects_story(cast):
    happen(cast, "tenant.changed", "olivia")
    page = cast.client("olivia").get(f"{PAGE}/of/{cast.tenant.pk}")
    assert page.context["total"] == 1
    assert cast.client("olivia").get(f"{PAGE}/of/nothing").status_code == 404


EVIL = '=HYPERLINK("https://evil.example")<script>alert(1)</script>'


def test_what_was_typed_harms_neither_page_nor_spreadsheet(cast):
    with scope(tenant_id=cast.tenant.pk):
        Event.objects.create(
            tenant_id=cast.tenant.pk,
            kind="draft.commented",
            subject_type="drafts.draft",
            subject_id="draft_x",
            actor_id="user_x",
            actor_label=EVIL,
            data={"comment": EVIL},
        )
    client = cast.client("olivia")
    page = client.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    (row,) = csv.DictReader(io.StringIO(body_of(client.get(f"{PAGE}/export.csv"))))
    assert row["actor_label"] == f"'{EVIL}"


def test_the_bundle_is_whole_and_can_be_checked(cast):
    happen(cast, "tenant.changed", "olivia", é="–", n=0.1)
    lines = body_of(cast.client("olivia").get(f"{API}/bundle")).splitlines()
    done = checking.check(map(json.loads, lines), [keys.public_key()])
    assert (done.seals, done.waiting) == (0, 1)


def test_the_page_says_up_to_when_it_is_sealed(cast, monkeypatch):
    from datetime import timedelta

    from core.audit import sealing

    monkeypatch.setattr(sealing, "SETTLED", timedelta(seconds=-60))
    happen(cast, "tenant.changed", "olivia")
    assert "Nothing is sealed yet" in cast.client("olivia").get(PAGE).content.decode()
    assert sealing.seal_tenant(cast.tenant.pk) == 1
    assert keys.public_key() in cast.client("olivia").get(PAGE).content.decode()


def test_events_are_told_in_sentences(cast):
    happen(cast, "endpoint.created", "olivia")
    happen(cast, "draft.submitted", "olivia", revision=2)
    happen(cast, "never.heard", "olivia")
    page = cast.client("olivia").get(PAGE).content.decode()
    for sentence in (
        "Olivia added a webhook or chat channel",
        "Olivia submitted revision 2",
        "Olivia: never.heard",
    ):
        assert sentence in page
