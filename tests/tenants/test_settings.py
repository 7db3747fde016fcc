"""The settings pages: every door of members, invitations, tokens and the shop's facts."""

import re

import pytest
from django.core import mail
from django.test import Client

from core.models import Event
from core.scope import scope
from tenants.models import ApiToken, Invitation, Membership, Tenant, User
from tests.conftest import PASSWORD

SETTINGS = "/portal/settings"


def roles(cast) -> dict[str, str]:
    with scope(tenant_id=cast.tenant.pk):
        return dict(Membership.objects.values_list("user__name", "role"))


def kinds(cast) -> list[str]:
    with scope(tenant_id=cast.tenant.pk):
        return list(Event.objects.values_list("kind", flat=True).order_by("at", "id"))


@pytest.mark.parametrize("name", ["olivia", "adam", "eddie", "vera"])
def test_every_member_sees_the_page(cast, name):
    assert cast.client(name).get(SETTINGS).status_code == 200


def test_who_has_no_tenant_finds_no_settings(cast):
    assert cast.client("guest").get(SETTINGS).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("olivia", 302), ("adam", 302), ("eddie", 403), ("vera", 403)]
)
def test_owner_and_admin_change_the_shop(cast, name, status):
    facts = {
        "name": "New",
        "country": "DE",
        "currency": "EUR",
        "locale": "de",
        "timezone": "Europe/Berlin",
    }
    response = cast.client(name).post(f"{SETTINGS}/shop", facts)

    assert response.status_code == status
    with scope(tenant_id=cast.tenant.pk):
        changed = Tenant.objects.get(pk=cast.tenant.pk)
    assert (changed.name == "New") is (status == 302)
    assert kinds(cast) == (["tenant.changed"] if status == 302 else [])


def test_a_bad_fact_keeps_what_was_typed(cast):
    facts = {
        "name": "Kept text",
        "country": "GB",
        "currency": "GBP",
        "locale": "en-gb",
        "timezone": "Mars/Olympus",
    }
    response = cast.client("olivia").post(f"{SETTINGS}/shop", facts)

    assert response.status_code == 422
    assert "Kept text" in response.content.decode()
    assert kinds(cast) == []


@pytest.mark.parametrize(("name", "status"), [("adam", 302), ("eddie", 403), ("vera", 403)])
def test_managers_change_roles(cast, name, status):
    response = cast.client(name).post(f"{SETTINGS}/members/user_bob", {"role": "viewer"})

    assert response.status_code == status
    assert roles(cast)["Bob"] == ("viewer" if status == 302 else "editor")


def test_nobody_is_made_owner_by_a_role(cast):
    response = cast.client("adam").post(f"{SETTINGS}/members/user_adam", {"role": "owner"})

    assert response.status_code == 422
    assert roles(cast)["Adam"] == "admin"


def test_the_owner_cannot_be_removed_or_demoted(cast):
    client = cast.client("adam")

    assert client.post(f"{SETTINGS}/members/user_olivia/remove").status_code == 409
    assert client.post(f"{SETTINGS}/members/user_olivia", {"role": "viewer"}).status_code == 409
    assert roles(cast)["Olivia"] == "owner"


def test_removing_asks_first_and_ends_tokens(cast):
    with scope(tenant_id=cast.tenant.pk):
        ApiToken.objects.create(user=cast.bob, tenant_id=cast.tenant.pk)
    client = cast.client("olivia")

    assert client.get(f"{SETTINGS}/members/user_bob/remove").status_code == 200
    assert "Bob" in roles(cast)
    assert client.post(f"{SETTINGS}/members/user_bob/remove").status_code == 302
    assert "Bob" not in roles(cast)
    assert ApiToken.objects.count() == 0
    assert kinds(cast) == ["member.removed"]


def test_a_stranger_is_no_member_to_remove(cast):
    response = cast.client("olivia").post(f"{SETTINGS}/members/user_stranger/remove")

    assert response.status_code == 404


def test_leaving(cast):
    assert cast.client("vera").post(f"{SETTINGS}/leave").status_code == 302
    assert "Vera" not in roles(cast)
    assert cast.client("olivia").post(f"{SETTINGS}/leave").status_code == 409


def test_handing_over_swaps_owner_and_admin(cast):
    assert cast.client("adam").post(f"{SETTINGS}/members/user_bob/hand-over").status_code == 403

    cast.client("olivia").post(f"{SETTINGS}/members/user_bob/hand-over")

    assert (roles(cast)["Olivia"], roles(cast)["Bob"]) == ("admin", "owner")


def invite(cast, email="new@example.com", role="editor", by="olivia"):
    return cast.client(by).post(f"{SETTINGS}/invitations", {"email": email, "role": role})


def link_in_mail() -> str:
    return re.search(r"/accounts/invited/\S+", mail.outbox[-1].body)[0]


def test_an_invited_person_joins_by_the_link(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert invite(cast).status_code == 302
    link, newcomer = link_in_mail(), Client()

    assert newcomer.get(link).status_code == 200
    assert not User.objects.filter(email="new@example.com").exists()
    response = newcomer.post(link, {"name": "Nia New", "password": PASSWORD})

    assert response["Location"] == "/portal/"
    assert roles(cast)["Nia New"] == "editor"
    assert newcomer.get("/api/me").json()["tenant_id"] == cast.tenant.pk
    assert Client().get(link).status_code == 410
    assert kinds(cast) == ["member.invited", "member.joined"]


def test_a_weak_password_keeps_the_name(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite(cast)

    response = Client().post(link_in_mail(), {"name": "Nia New", "password": "123"})

    assert response.status_code == 422
    assert "Nia New" in response.content.decode()


def test_somebody_with_an_account_joins_signed_in(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite(cast, email="guest@example.com", role="viewer")
    link = link_in_mail()

    assert Client().post(link, {"name": "X", "password": PASSWORD}).status_code == 409
    assert cast.client("bob").post(link).status_code == 409
    assert cast.client("guest").post(link).status_code == 302
    assert roles(cast)["Guest"] == "viewer"


@pytest.mark.parametrize("secret", ["nonsense", "eyJ0IjoxfQ:x:y"])
def test_a_forged_link_opens_nothing(cast, client, secret):
    assert client.get(f"/accounts/invited/{secret}").status_code == 410


def test_a_withdrawn_invitation_is_over(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite(cast)
    with scope(tenant_id=cast.tenant.pk):
        pk = Invitation.objects.get().pk

    cast.client("adam").post(f"{SETTINGS}/invitations/{pk}/withdraw")

    assert Client().get(link_in_mail()).status_code == 410


@pytest.mark.parametrize(
    ("email", "role", "by", "status"),
    [
        ("no address", "editor", "olivia", 422),
        ("bob@example.com", "editor", "olivia", 422),
        ("new@example.com", "owner", "olivia", 422),
        ("new@example.com", "editor", "eddie", 403),
    ],
)
def test_refused_invitations_leave_nothing(cast, email, role, by, status):
    assert invite(cast, email, role, by).status_code == status
    with scope(tenant_id=cast.tenant.pk):
        assert Invitation.objects.count() == 0
    assert mail.outbox == []


def test_a_token_is_shown_once_and_can_be_ended(cast):
    client = cast.client("eddie")
    page = client.post(
        f"{SETTINGS}/tokens", {"name": "script", "scopes": ["read"], "days": 30}
    ).content.decode()
    secret = re.search(r"<code>(codex_\S+)</code>", page)[1]
    token = ApiToken.objects.get()

    assert Client().get("/api/me", headers={"Authorization": f"Token {secret}"}).status_code == 200
    assert secret not in client.get(SETTINGS).content.decode()
    assert cast.client("bob").post(f"{SETTINGS}/tokens/{token.token_key}/revoke").status_code == 404
    assert client.post(f"{SETTINGS}/tokens/{token.token_key}/revoke").status_code == 302
    assert Client().get("/api/me", headers={"Authorization": f"Token {secret}"}).status_code == 401
    assert kinds(cast) == ["token.issued", "token.revoked"]
