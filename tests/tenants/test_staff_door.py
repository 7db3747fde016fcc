"""The door of the admin: staff alone, through the sign-in that has rate limits."""

import pytest


@pytest.fixture
def staff(committed_cast, client):
    user = committed_cast.guest
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_a_visitor_is_sent_to_the_portals_sign_in(client):
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_a_member_is_not_let_in(cast):
    response = cast.client("olivia").get("/admin/", follow=True)

    assert response.request["PATH_INFO"] == "/accounts/login/"
    assert "Platform" not in response.content.decode()


@pytest.mark.parametrize(
    "page", ["tenants/tenant/", "tenants/user/", "core/event/", "drafts/draft/", "stores/product/"]
)
def test_staff_see_all_tenants(staff, page):
    assert staff.get(f"/admin/{page}").status_code == 200


def test_staff_change_a_tenants_facts(staff, committed_cast):
    page = staff.get(f"/admin/tenants/tenant/{committed_cast.tenant.pk}/change/")

    assert page.status_code == 200
    assert "The tenant shop" in page.content.decode()
