"""What the beat runs: found in every tenant by the database, done in each one's scope."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.scope import scope
from councils import services as councils
from drafts import services, tasks
from drafts.models import Approval, Draft
from drafts.services import previewing
from tests.drafts.conftest import begin, make_council, raise_prices, reviewer  # noqa: F401
from tests.workflows.conftest import make_shop

pytestmark = pytest.mark.slow


@pytest.fixture
def approved(committed_cast):
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        council = make_council(cast.tenant.pk)
        council.approval_days = 1
        council.save()
        draft = begin(cast)
        councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
        councils.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))
    return draft


def found(function: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tenant_id, draft_id FROM {function}()")
        return cursor.fetchall()


def test_the_sweep_expires_what_is_over_and_nothing_else(approved, monkeypatch):
    assert tasks.sweep_approvals() == 0
    monkeypatch.setattr("drafts.tasks._found", lambda _name: [(approved.tenant_id, approved.pk)])
    assert tasks.sweep_approvals() == 0
    later = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert tasks.sweep_approvals() == 1
    assert tasks.sweep_approvals() == 0

    with scope(tenant_id=approved.tenant_id):
        assert Draft.objects.get(pk=approved.pk).status == "editing"
        assert Approval.objects.get().voided_why == "expired"


def test_the_finders_see_ids_of_all_tenants_without_a_scope(approved, committed_cast):
    assert found("codex_expired_approvals") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workflow_drafts")
        assert cursor.fetchone() == (0,)
    with scope(tenant_id=approved.tenant_id):
        draft = begin(committed_cast)
        Draft.objects.filter(pk=draft.pk).update(
            preview_state="computing",
            preview_asked_at=timezone.now() - timedelta(minutes=1),
            preview_asked_by="user_eddie",
        )

    assert found("codex_waiting_previews") == [(draft.tenant_id, draft.pk)]


def test_a_forgotten_preview_is_sent_again_and_made(approved, committed_cast, monkeypatch):
    with scope(tenant_id=approved.tenant_id):
        monkeypatch.setattr(previewing, "INLINE_TARGETS", 1)
        draft = begin(committed_cast)
        services.preview_draft(draft_id=draft.pk, actor=committed_cast.actor("eddie"))
        Draft.objects.filter(pk=draft.pk).update(
            preview_asked_at=timezone.now() - timedelta(minutes=1)
        )
    sent = []
    monkeypatch.setattr(tasks.preview, "send", lambda **ids: sent.append(ids))

    assert tasks.sweep_previews() == 1
    assert tasks.preview(**sent[0]) is True

    with scope(tenant_id=approved.tenant_id):
        assert Draft.objects.get(pk=draft.pk).plan is not None
    assert tasks.sweep_previews() == 0
