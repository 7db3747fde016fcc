import pytest
from django.db import connection, transaction

from core.scope import NoTenant, current_scope, require_tenant_id, scope, widen
from tenants.models import Membership, Tenant


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [f"codex.{name}"])
        return cursor.fetchone()[0]


def test_outside_a_scope_code_raises_and_sql_answers_nothing(cast):
    assert current_scope() is None
    with pytest.raises(NoTenant):
        require_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_membership")
        assert cursor.fetchone() == (0,)


def test_a_scope_tells_the_database_and_takes_it_back(cast):
    with scope(tenant_id=cast.tenant.pk, user_id="user_x", council_ids=("a", "b")):
        assert setting("tenant_id") == cast.tenant.pk
        assert setting("council_ids") == "a,b"

    assert setting("tenant_id") == ""
    assert setting("council_ids") == ""


def test_an_inner_scope_gives_way_to_the_outer_one(cast):
    with scope(tenant_id=cast.tenant.pk):
        with scope(tenant_id=cast.other.pk, draft_id="draft_x"):
            assert (setting("tenant_id"), setting("draft_id")) == (cast.other.pk, "draft_x")
        assert (setting("tenant_id"), setting("draft_id")) == (cast.tenant.pk, "")
        assert require_tenant_id() == cast.tenant.pk


def test_after_an_error_the_outer_scope_holds_again(cast):
    with scope(tenant_id=cast.tenant.pk):
        with pytest.raises(ZeroDivisionError), scope(tenant_id=cast.other.pk):
            raise ZeroDivisionError
        assert setting("tenant_id") == cast.tenant.pk
        assert list(Tenant.objects.values_list("pk", flat=True)) == [cast.tenant.pk]


def test_after_a_failed_statement_the_outer_scope_holds_again(cast):
    with scope(tenant_id=cast.tenant.pk):
        with pytest.raises(Exception, match="division"), scope(tenant_id=cast.other.pk):
            connection.cursor().execute("SELECT 1/0")
        assert setting("tenant_id") == cast.tenant.pk


def test_widening_lasts_until_the_scope_ends(cast):
    with scope(user_id=cast.eddie.pk):
        widen(tenant_id=cast.tenant.pk)
        assert setting("tenant_id") == cast.tenant.pk
    assert setting("tenant_id") == ""


@pytest.mark.django_db(transaction=True)
def test_a_committed_scope_leaves_nothing_on_the_connection():
    with scope(tenant_id="tenant_x", user_id="user_x"):
        pass
    with transaction.atomic():
        assert (setting("tenant_id"), setting("user_id")) == ("", "")


def test_a_person_sees_their_own_places_and_no_others(cast):
    with scope(user_id=cast.stranger.pk):
        assert list(Membership.objects.values_list("tenant_id", flat=True)) == [cast.other.pk]
        assert list(Tenant.objects.values_list("pk", flat=True)) == [cast.other.pk]


def test_a_guest_of_one_draft_sees_the_tenant_but_no_members(cast):
    with scope(tenant_id=cast.tenant.pk, user_id=cast.guest.pk, draft_id="draft_x"):
        assert list(Tenant.objects.values_list("pk", flat=True)) == [cast.tenant.pk]
        assert list(Membership.objects.all()) == []
