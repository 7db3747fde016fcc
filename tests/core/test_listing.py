"""Lists through a real door: a person's notices."""

import pytest

from core.scope import scope
from notifications.services import notify

MANY = 7


@pytest.fixture
def client(cast):
    with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
        for number in range(MANY):
            notify(
                tenant_id=cast.tenant.pk,
                user_ids=[cast.eddie.pk],
                kind="test",
                subject=f"n{number}",
                dedupe_key=str(number),
            )
    return cast.client("eddie")


def get(client, **query):
    return client.get("/api/notifications", query)


def subjects(page: dict) -> list[str]:
    return [row["subject"] for row in page["notifications"]]


def test_an_empty_list_has_the_full_frame(cast):
    assert get(cast.client("bob")).json() == {
        "notifications": [],
        "total": 0,
        "limit": 50,
        "offset": 0,
        "next": None,
    }


def test_cursors_visit_every_row_once(client):
    seen, cursor = [], ""
    while cursor is not None:
        page = get(client, limit=3, cursor=cursor).json()
        assert page["total"] == MANY
        seen += subjects(page)
        cursor = page["next"]

    assert sorted(seen) == [f"n{number}" for number in range(MANY)]


def test_offset_and_cursor_agree(client):
    first = get(client, limit=3).json()

    assert subjects(get(client, limit=3, offset=3).json()) == subjects(
        get(client, limit=3, cursor=first["next"]).json()
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "x"),
        ("limit", "-1"),
        ("offset", "-1"),
        ("offset", "99999999999999999999"),
        ("cursor", "nonsense"),
        ("cursor", "WzEsMl0"),
        ("cursor", "W251bGwsbnVsbF0"),
        ("cursor", "é"),
    ],
)
def test_a_bad_page_is_refused_by_name(client, name, value):
    response = get(client, **{name: value})

    assert response.status_code == 422
    assert list(response.json()["errors"]) == [name]
