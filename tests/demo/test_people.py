"""Seven people, two tenants, two shared councils: made once, and left alone afterwards."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from codex.demo.councils import ensure_councils
from codex.demo.people import DEMO, OTHER, PASSWORD, ensure_people, ensure_tenants
from core.models import Event
from core.routing import on_database
from core.scope import scope
from councils.models import Council, RoutingRule, Seat, SeatHolder
from tenants.models import Membership, Tenant, User

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "staff"])

TABLES = (User, Tenant, Membership, Council, Seat, SeatHolder, RoutingRule, Event)


def everything():
    with on_database("staff"):
        return {table: sorted(map(str, table.objects.values_list())) for table in TABLES}


@pytest.fixture
def seeded():
    users = ensure_people()
    ensure_tenants(users)
    ensure_councils(users)
    return users


def test_each_person_is_who_the_documents_say(seeded):
    with on_database("staff"):
        places = Membership.objects.values_list("tenant_id", "user__email", "role")
        assert sorted(places) == [
            (DEMO, "eddie@demo.codex", "editor"),
            (DEMO, "olivia@demo.codex", "owner"),
            (DEMO, "rita@demo.codex", "viewer"),
            (DEMO, "ron@demo.codex", "viewer"),
            (DEMO, "vera@demo.codex", "viewer"),
            (OTHER, "stranger@other.codex", "owner"),
        ]
    assert seeded["eddie@demo.codex"].pk == "user_demo"
    staff = User.objects.filter(is_staff=True)
    assert [(user.email, user.is_superuser) for user in staff] == [("staff@codex.local", True)]
    found = authenticate(email="vera@demo.codex", password=PASSWORD)
    assert found == seeded["vera@demo.codex"]


def test_shared_councils_ask_one_of_two_and_get_every_family(seeded):
    with scope(tenant_id=OTHER):
        councils = Council.objects.order_by("id")
        assert [(c.pk, c.tenant_id) for c in councils] == [
            ("council_content", None),
            ("council_media", None),
        ]
        for council in councils:
            seat = Seat.objects.get(council=council)
            holders = SeatHolder.objects.filter(seat=seat).values_list("user_id", flat=True)
            assert (seat.needed, sorted(holders)) == (1, ["user_rita", "user_ron"])
        rules = RoutingRule.objects.order_by("position").values_list("family", "council_id")
        assert list(rules) == [
            ("social", "council_media"),
            ("marketing", "council_media"),
            ("content", "council_content"),
            ("seo", "council_content"),
            ("pricing", "council_content"),
            ("", "council_content"),
        ]


def test_councils_that_the_template_catalog_made_get_their_people():
    call_command("seed_templates", stdout=StringIO())
    users = ensure_people()
    ensure_tenants(users)
    ensure_councils(users)
    with scope(tenant_id=OTHER):
        holders = SeatHolder.objects.values_list("seat__council_id", "seat__name", "user_id")
        assert sorted(holders) == [
            ("council_content", "Review", "user_rita"),
            ("council_content", "Review", "user_ron"),
            ("council_media", "Review", "user_rita"),
            ("council_media", "Review", "user_ron"),
        ]
        assert Seat.objects.filter(is_active=True).count() == 2


def test_a_second_time_changes_nothing_not_even_what_staff_changed(seeded):
    with on_database("staff"):
        Council.objects.filter(pk="council_media").update(name="Our voice")
        SeatHolder.objects.filter(user_id="user_ron").delete()
    before = everything()
    users = ensure_people()
    ensure_tenants(users)
    ensure_councils(users)
    assert everything() == before
