from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.errors import Invalid, NotFound
from core.models import Event
from core.scope import scope
from tenants.models import ApiToken, Membership
from tenants.services import issue_token

ME = "/api/me"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Token {secret}"}


def token_of(cast, name: str, **more) -> str:
    tenant_id = cast.other.pk if name == "stranger" else cast.tenant.pk
    return issue_token(user=getattr(cast, name), tenant_id=tenant_id, **more)[1]


def test_a_token_says_who_it_is(cast, client):
    response = client.get(ME, headers=bearer(token_of(cast, "eddie")))

    assert response.status_code == 200
    assert response.json() == {
        "user_id": "user_eddie",
        "name": "Eddie",
        "email": "eddie@example.com",
        "tenant_id": "tenant_tenant",
        "tenant_name": "The tenant shop",
        "role": "editor",
        "scopes": ["read", "review", "write"],
    }


@pytest.mark.parametrize("header", ["", "Token", "Token x y", "Token nonsense", "Basic abc"])
def test_without_a_good_token_the_answer_is_401(cast, client, header):
    response = client.get(ME, headers={"Authorization": header} if header else {})

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_signed_in"


def test_the_secret_is_kept_as_a_hash_alone(cast):
    token, secret = issue_token(user=cast.eddie, tenant_id=cast.tenant.pk)

    assert secret not in {str(value) for value in vars(token).values()}
    assert ApiToken.objects.get().digest != secret


def test_issuing_is_written_down_without_the_secret(cast):
    secret = token_of(cast, "eddie")

    with scope(tenant_id=cast.tenant.pk):
        event = Event.objects.get(kind="token.issued")
    assert event.data["user_id"] == cast.eddie.pk
    assert secret not in str(event.data)


def test_an_expired_token_opens_nothing(cast, client):
    secret = token_of(cast, "eddie", life=timedelta(seconds=-1))

    assert client.get(ME, headers=bearer(secret)).status_code == 401


def test_the_token_of_a_member_who_left_opens_nothing(cast, client):
    secret = token_of(cast, "eddie")
    with scope(tenant_id=cast.tenant.pk):
        Membership.objects.filter(user=cast.eddie).delete()

    assert client.get(ME, headers=bearer(secret)).status_code == 401


def test_a_token_is_for_a_member_only(cast):
    with pytest.raises(NotFound):
        issue_token(user=cast.stranger, tenant_id=cast.tenant.pk)

    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("scopes", [(), ("admin",), ("read", "everything")])
def test_unknown_scopes_are_refused(cast, scopes):
    with pytest.raises(Invalid):
        issue_token(user=cast.eddie, tenant_id=cast.tenant.pk, scopes=scopes)

    assert ApiToken.objects.count() == 0


def test_a_token_without_the_scope_is_refused(cast, client):
    secret = token_of(cast, "eddie", scopes=("review",))

    response = client.get(ME, headers=bearer(secret))

    assert response.status_code == 403
    assert response.json()["code"] == "not_allowed"


def test_the_command_prints_a_token_that_works(cast, client, capsys):
    call_command("issue_token", "eddie@example.com")
    secret = capsys.readouterr().out.strip()

    assert client.get(ME, headers=bearer(secret)).json()["tenant_id"] == cast.tenant.pk


def test_the_command_says_who_is_missing(cast):
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("issue_token", "nobody@example.com")
