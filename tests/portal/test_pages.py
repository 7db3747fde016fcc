"""The pages of no single floor: who sees them, with which headers, at which cost."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core import home as core_home
from core import nav
from core.scope import scope
from tenants.models import Membership, Role

PEOPLE = ["olivia", "adam", "eddie", "vera", "stranger", "guest"]
PAGES = ["home", "switch_tenant", "gallery", "offline"]
HOME_QUERIES = 16


@pytest.fixture
def no_panels(monkeypatch):
    """The pages alone, without what other floors add to them."""
    monkeypatch.setattr(core_home, "_panels", {})
    monkeypatch.setattr(core_home, "_steps", {})
    monkeypatch.setattr(nav, "_counters", {})


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_signed_in_gets_the_pages_with_the_strict_policy(cast, who, page):
    response = cast.client(who).get(reverse(page))

    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    html = response.content.decode()
    assert '<main id="main"' in html
    assert "<html lang=" in html


@pytest.mark.parametrize("page", ["home", "switch_tenant", "gallery"])
def test_nobody_else_gets_them(client, db, page):
    response = client.get(reverse(page))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_an_expired_login_sends_htmx_to_the_login_page(client, db):
    response = client.get(reverse("home"), headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["home", "switch_tenant"])
def test_pages_ask_the_database_a_few_questions_however_many_shops_there_are(
    cast, no_panels, page, django_assert_max_num_queries
):
    client = cast.client("olivia")
    for number in range(12):
        with scope(tenant_id=cast.other.pk):
            if number == 0:
                Membership.objects.create(tenant=cast.other, user=cast.olivia, role=Role.VIEWER)
    client.get(reverse(page))

    with django_assert_max_num_queries(HOME_QUERIES):
        client.get(reverse(page))


def test_the_menu_offers_only_pages_that_exist_and_shows_figures(cast, no_panels):
    nav.register("home", lambda request: 3)
    html = cast.client("eddie").get(reverse("home")).content.decode()

    assert 'href="/portal/" aria-current="page"' in html
    assert '<span class="count">3' in html
    assert "/portal/never" not in html


def test_panels_and_set_up_steps_stand_on_the_first_page(cast, no_panels):
    core_home.register(
        core_home.Panel("late", 30, "components/skeleton.html", lambda request: {}, "side")
    )
    core_home.register(core_home.Panel("none", 10, "never.html", lambda request: None))
    core_home.register_step(
        core_home.Step("import", 10, "Import the store", "No products yet", "/go", lambda r: None)
    )
    core_home.register_step(
        core_home.Step("invite", 20, "Invite your people", "", "", lambda r: "5 joined")
    )

    owner = cast.client("olivia").get(reverse("home")).content.decode()
    viewer = cast.client("vera").get(reverse("home")).content.decode()

    assert '<a href="/go">Import the store</a>' in owner
    assert "5 joined" in owner
    assert "1 of 2" in owner
    assert "Import the store" not in viewer
    assert 'aria-label="Loading"' in viewer


def test_set_up_goes_away_when_all_is_done(cast, no_panels):
    core_home.register_step(core_home.Step("import", 10, "Import", "", "/go", lambda r: "412"))

    assert "Getting set up" not in cast.client("olivia").get(reverse("home")).content.decode()


def test_switching_goes_to_a_shop_of_ones_own_only(cast):
    with scope(tenant_id=cast.other.pk):
        Membership.objects.create(tenant=cast.other, user=cast.vera, role=Role.VIEWER)
    vera, eddie = cast.client("vera"), cast.client("eddie")

    gone = vera.post(reverse("switch_tenant"), {"tenant_id": cast.other.pk, "next": "//evil.test/"})
    refused = eddie.post(reverse("switch_tenant"), {"tenant_id": cast.other.pk})

    assert gone.headers["Location"] == reverse("home")
    assert "The other shop" in vera.get(reverse("home")).content.decode()
    assert refused.status_code == 404
    assert "The other shop" not in eddie.get(reverse("home")).content.decode()


def test_a_person_without_a_shop_is_told_so(cast):
    html = cast.client("guest").get(reverse("home")).content.decode()

    assert "No shop yet" in html


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Kolkata", "17:30"), ("Europe/London", "12:00"), ("No/Where", "12:00")],
)
def test_times_are_those_of_the_shop(cast, no_panels, zone, shown):
    with scope(tenant_id=cast.tenant.pk):
        cast.tenant.timezone = zone
        cast.tenant.save()
    core_home.register(
        core_home.Panel("clock", 10, "components/when.html", lambda request: {"at": timezone.now()})
    )

    with time_machine.travel(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), tick=False):
        html = cast.client("eddie").get(reverse("home")).content.decode()

    assert f">{shown}</time>" in html
