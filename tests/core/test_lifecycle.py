import pytest
from django.db import ProgrammingError, connection, transaction

from core.actors import SystemActor
from core.errors import NotAllowed, NotFound
from core.lifecycle import moving, record
from core.models import Event
from core.scope import scope
from tenants.models import Membership, Tenant

TAMPERING = ["UPDATE core_event SET kind = 'x'", "DELETE FROM core_event"]
RENAMER = SystemActor("renamer", grants=frozenset({"tenants.change_tenant"}))


def rename(tenant_id, actor, name="New name"):
    with moving(
        Tenant, tenant_id, actor=actor, perm="tenants.change_tenant", event="tenant.renamed"
    ) as tenant:
        tenant.name = name


def test_a_move_saves_and_writes_one_event(in_tenant, cast):
    rename(in_tenant.pk, cast.actor("olivia"))

    assert Tenant.objects.get(pk=in_tenant.pk).name == "New name"
    event = Event.objects.get()
    assert (event.kind, event.subject_type, event.subject_id) == (
        "tenant.renamed",
        "tenants.tenant",
        in_tenant.pk,
    )
    assert (event.actor_id, event.actor_label) == (cast.olivia.pk, "Olivia")


@pytest.mark.parametrize("name", ["eddie", "vera", "stranger"])
def test_a_refused_move_changes_nothing(in_tenant, cast, name):
    with pytest.raises(NotAllowed):
        rename(in_tenant.pk, cast.actor(name))

    assert Tenant.objects.get(pk=in_tenant.pk).name == "The tenant shop"
    assert Event.objects.count() == 0


def test_a_row_out_of_sight_is_not_found(in_tenant, cast):
    with pytest.raises(NotFound):
        rename(cast.other.pk, RENAMER)


def test_a_failing_body_rolls_the_move_back(in_tenant):
    def fail_half_way():
        with moving(
            Tenant, in_tenant.pk, actor=RENAMER, perm="tenants.change_tenant", event="x"
        ) as tenant:
            tenant.name = "Half"
            tenant.save()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert Tenant.objects.get(pk=in_tenant.pk).name == "The tenant shop"
    assert Event.objects.count() == 0


@pytest.mark.parametrize("statement", TAMPERING)
def test_the_app_cannot_change_an_event(in_tenant, cast, statement):
    record("tenant.seen", in_tenant, actor=cast.actor("olivia"))

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Event.objects.get().kind == "tenant.seen"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", TAMPERING)
def test_not_even_the_owner_changes_an_event_by_accident(committed_cast, statement):
    from django.db import connections

    with scope(tenant_id=committed_cast.tenant.pk):
        record("tenant.seen", committed_cast.tenant, actor=RENAMER)

    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        connections["owner"].cursor().execute(statement)
    connections["owner"].close()


def test_a_machine_may_do_what_is_on_its_list_and_nothing_else():
    assert RENAMER.has_perm("tenants.change_tenant")
    assert not RENAMER.has_perm("tenants.manage_members")


def test_an_unknown_role_is_refused_by_the_database(in_tenant, cast):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="membership_role_is_known"), transaction.atomic():
        Membership.objects.filter(user=cast.eddie).update(role="king")
