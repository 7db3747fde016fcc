"""The first door: who gets in, as whom, and what the session remembers."""

import pytest
from django.test import Client

from core.scope import current_scope, scope
from tenants.models import User
from tests.conftest import PASSWORD


def test_a_visitor_is_sent_to_sign_in_and_back(cast, client):
    response = client.get("/portal/")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/portal/"


def test_htmx_is_told_to_leave_the_page(cast, client):
    response = client.get("/portal/", headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/accounts/login/?next=/portal/"


def test_signing_in_with_e_mail_and_password(cast, client):
    response = client.post(
        "/accounts/login/", {"login": "eddie@example.com", "password": PASSWORD}, follow=True
    )

    assert response.redirect_chain[-1] == ("/portal/", 302)
    assert "The tenant shop" in response.content.decode()


def test_a_wrong_password_is_refused_in_words_that_tell_nothing(cast, client):
    known = client.post("/accounts/login/", {"login": "eddie@example.com", "password": "x"})
    unknown = client.post("/accounts/login/", {"login": "nobody@example.com", "password": "x"})

    assert known.context["form"].errors == unknown.context["form"].errors != {}


def test_nobody_signs_up_by_themselves(cast, client):
    data = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post("/accounts/signup/", data)

    assert response.templates[0].name == "account/signup_closed.html"
    assert not User.objects.filter(email="new@example.com").exists()


def test_after_ten_bad_passwords_the_door_is_shut_for_a_while(cast, client):
    answers = [
        client.post("/accounts/login/", {"login": "eddie@example.com", "password": "x"})
        for _ in range(7)
    ]

    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_a_session_in_the_api_needs_its_csrf_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.eddie, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/api/me").status_code == 200
    assert client.post("/api/notifications/notice_x/read").status_code == 403


def test_switching_to_a_tenant_of_others_is_not_found(cast):
    client = cast.client("eddie")

    assert client.post("/portal/switch", {"tenant_id": cast.other.pk}).status_code == 404
    assert client.get("/api/me").json()["tenant_id"] == cast.tenant.pk


def test_the_switcher_changes_the_tenant(cast):
    with scope(tenant_id=cast.other.pk):
        cast.other.memberships.create(user=cast.eddie, role="viewer")
    client = cast.client("eddie")

    response = client.post("/portal/switch", {"tenant_id": cast.other.pk})

    assert response["Location"] == "/portal/"
    assert client.get("/api/me").json()["tenant_id"] == cast.other.pk


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_switcher_redirects_nowhere_else(cast, target):
    response = cast.client("eddie").post(
        "/portal/switch", {"tenant_id": cast.tenant.pk, "next": target}
    )

    assert response["Location"] == "/portal/"


def test_a_session_whose_tenant_was_left_falls_back_to_another(cast):
    client = cast.client("eddie")
    session = client.session
    session["tenant_id"] = cast.other.pk
    session.save()

    assert client.get("/api/me").json()["tenant_id"] == cast.tenant.pk


def test_after_the_answer_no_scope_is_left(cast):
    cast.client("eddie").get("/portal/")

    assert current_scope() is None


def test_somebody_without_a_tenant_sees_that_they_have_none(cast):
    response = cast.client("guest").get("/api/me")

    assert (response.status_code, response.json()["tenant_id"]) == (200, None)
