"""Sealing: everything once, in a chain, whatever ticks twice or commits late."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from core.audit import keys, sealing
from core.audit.checking import FIRST, Fault, root_of
from core.audit.sealing import leave_tombstone, seal_tenant, tenants_to_seal
from core.models import Event, Seal, SealedEvent, Tombstone
from core.scope import scope
from core.tasks import seal_audit
from tests.core.audit.conftest import WHO, checked, happen, owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def seals(tenant_id):
    with scope(tenant_id=tenant_id):
        rows = Seal.objects.order_by("number")
        return list(rows.values_list("number", "count", "previous", "hash"))


def test_a_chain_of_seals_holds_every_event_once(trail):
    tenant_id, _ids = trail
    (one, five, first, head), (two, four, previous, _last) = seals(tenant_id)
    assert (one, five, first) == (1, 5, FIRST)
    assert (two, four, previous) == (2, 4, head)
    done = checked(tenant_id)
    assert (done.seals, done.events, done.waiting) == (2, 9, 0)


def test_sealing_again_does_nothing(trail):
    tenant_id, _ids = trail
    before = seals(tenant_id)
    assert (seal_tenant(tenant_id), seals(tenant_id)) == (0, before)


def test_two_beats_at_once_seal_once(committed_cast):
    happen(committed_cast.tenant, 20)
    counts = []

    def run():
        counts.append(seal_tenant(committed_cast.tenant.pk))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(counts) == [0, 0, 0, 20]
    assert checked(committed_cast.tenant.pk).events == 20


def test_the_finder_names_tenants_with_something_to_seal(committed_cast):
    happen(committed_cast.tenant, 1)
    happen(committed_cast.other, 1)
    assert tenants_to_seal() == [committed_cast.other.pk, committed_cast.tenant.pk]
    assert seal_audit() == 2
    assert tenants_to_seal() == []


def test_an_event_that_commits_late_is_sealed_with_the_next(trail, committed_cast):
    tenant_id, _ids = trail
    happen(committed_cast.tenant, 1, minutes=90)  # bears an older time than what is sealed
    assert checked(tenant_id).waiting == 1
    assert seal_tenant(tenant_id) == 1
    assert checked(tenant_id).events == 10


def test_large_batches_are_cut(committed_cast, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 7)
    happen(committed_cast.tenant, 20)
    assert seal_tenant(committed_cast.tenant.pk) == 20
    assert [row[1] for row in seals(committed_cast.tenant.pk)] == [7, 7, 6]
    assert checked(committed_cast.tenant.pk).events == 20


def test_what_happens_this_second_waits(committed_cast):
    from core.lifecycle import record

    with scope(tenant_id=committed_cast.tenant.pk):
        record("tenant.changed", committed_cast.tenant, actor=WHO)
    assert seal_tenant(committed_cast.tenant.pk) == 0
    assert checked(committed_cast.tenant.pk).waiting == 1


def test_a_tenant_sees_its_own_seals_only(trail, committed_cast):
    with scope(tenant_id=committed_cast.other.pk):
        assert Seal.objects.count() + SealedEvent.objects.count() == 0


def test_seals_are_written_once(trail):
    tenant_id, _ids = trail
    for model in (Seal, SealedEvent):
        with scope(tenant_id=tenant_id):
            rows = model.objects.all()
            with pytest.raises(Exception, match="permission denied"):
                rows.update(tenant_id="x")


def test_after_a_new_secret_the_old_seals_hold_while_the_old_one_is_known(trail, settings):
    tenant_id, _ids = trail
    before = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [before]
    assert checked(tenant_id).seals == 2
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Fault, match="not known"):
        checked(tenant_id)


def test_an_erased_tenant_leaves_a_tombstone_that_is_accepted(trail):
    tenant_id, _ids = trail
    with scope(tenant_id=tenant_id):
        stone = leave_tombstone(tenant_id, erased_by="Olivia")
    for table in ("core_event", "core_sealedevent", "core_seal"):
        owner(f"DELETE FROM {table} WHERE tenant_id = %s", tenant_id)
    assert (stone.seals, stone.events) == (2, 9)
    done = checked(tenant_id)
    assert (done.seals, done.events, done.last) == (2, 0, stone.head)


@pytest.mark.parametrize("column", ["seals", "events"])
def test_a_tombstone_cannot_be_rewritten(trail, column):
    tenant_id, _ids = trail
    with scope(tenant_id=tenant_id):
        leave_tombstone(tenant_id, erased_by="Olivia")
        assert Tombstone.objects.count() == 1
    for table in ("core_event", "core_sealedevent", "core_seal"):
        owner(f"DELETE FROM {table} WHERE tenant_id = %s", tenant_id)
    owner(f"UPDATE core_tombstone SET {column} = 1")
    with pytest.raises(Fault, match="altered: tombstone"):
        checked(tenant_id)


def test_a_tombstone_covers_no_rows_that_are_still_there(trail):
    tenant_id, _ids = trail
    with scope(tenant_id=tenant_id):
        leave_tombstone(tenant_id, erased_by="Olivia")
    with pytest.raises(Fault):
        checked(tenant_id)


def test_the_root_is_that_of_rfc_6962():
    import hashlib

    a, b, c = (hashlib.sha256(bytes([n])).hexdigest() for n in range(3))
    node = lambda x, y: hashlib.sha256(b"\x01" + bytes.fromhex(x + y)).hexdigest()  # noqa: E731
    assert root_of([a]) == a
    assert root_of([a, b, c]) == node(node(a, b), c)
    assert root_of([a, b, c, a, b]) == node(node(node(a, b), node(c, a)), b)


def test_a_key_of_its_own_is_used_and_a_wrong_one_is_refused(settings):
    import base64

    from django.core.exceptions import ImproperlyConfigured

    from_secret = keys.public_key()
    settings.AUDIT_KEY = base64.b64encode(b"k" * 32).decode()
    assert keys.public_key() != from_secret
    assert from_secret in keys.known_keys()
    settings.AUDIT_KEY = "short"
    with pytest.raises(ImproperlyConfigured):
        keys.public_key()


def test_events_of_the_last_minute_are_there_to_be_sealed(committed_cast):
    happen(committed_cast.tenant, 1, minutes=0)
    with scope(tenant_id=committed_cast.tenant.pk):
        assert Event.objects.get().at > timezone.now() - timedelta(minutes=1)
