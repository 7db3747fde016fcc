"""What the database refuses, whoever asks: each on the app's own login, past every service."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from drafts.models import Approval, Contributor, Draft, Revision


def refused(sql, *params):
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(error.value)


def test_a_draft_begins_in_editing(cast, shop):
    with pytest.raises(DatabaseError, match="begins in editing"), transaction.atomic():
        Draft.objects.create(
            tenant=shop, workflow_type_id="x", name="X", created_by=cast.eddie, status="approved"
        )


@pytest.mark.parametrize(
    ("state", "target"),
    [
        ("editing", "converted"),
        ("editing", "rejected"),
        ("pending_review", "converted"),
        ("pending_review", "discarded"),
        ("rejected", "approved"),
        ("converted", "editing"),
        ("discarded", "editing"),
    ],
)
def test_only_legal_moves(draft, bring, state, target):
    bring(draft, state)

    said = refused("UPDATE workflow_drafts SET status = %s WHERE id = %s", target, draft.pk)

    assert "Invalid transition" in said


def test_approved_needs_a_live_approval_of_its_plan(draft, bring):
    bring(draft, "pending_review")

    said = refused("UPDATE workflow_drafts SET status = 'approved' WHERE id = %s", draft.pk)

    assert "has no live approval" in said


@pytest.mark.parametrize("field", ["name", "purpose", "inputs", "workflow_type_id"])
def test_nothing_is_edited_outside_editing(draft, bring, field):
    bring(draft, "approved")
    value = "{}" if field == "inputs" else "other"
    if field == "inputs":
        value = '{"add": "9.00"}'

    said = refused(f"UPDATE workflow_drafts SET {field} = %s WHERE id = %s", value, draft.pk)

    assert "only an editing draft can be edited" in said


def test_the_plan_of_an_approved_draft_is_fixed(draft, bring):
    bring(draft, "approved")

    assert "its plan is fixed" in refused(
        "UPDATE workflow_drafts SET plan_id = NULL WHERE id = %s", draft.pk
    )


def test_an_approval_is_not_voided_under_its_draft(draft, bring):
    bring(draft, "approved")

    assert "holds up an approved draft" in refused(
        "UPDATE drafts_approval SET voided_at = now(), voided_why = 'x' WHERE draft_id = %s",
        draft.pk,
    )


def test_an_approval_is_written_once(draft, bring):
    bring(draft, "approved")

    assert "is written once" in refused("UPDATE drafts_approval SET fingerprint = %s", "0" * 64)


def test_an_approval_names_the_fingerprint_of_its_plan(draft, bring, council):
    bring(draft, "pending_review")

    with pytest.raises(DatabaseError, match="not its plan's"), transaction.atomic():
        Approval.objects.create(
            tenant_id=draft.tenant_id,
            draft=draft,
            revision=Revision.objects.get(draft=draft),
            plan=draft.plan,
            council=council,
            fingerprint="0" * 64,
            until=timezone.now(),
        )


@pytest.mark.parametrize(
    "sql", ["UPDATE drafts_revision SET name = 'Other'", "DELETE FROM drafts_revision"]
)
def test_revisions_are_immutable(draft, bring, sql):
    bring(draft, "pending_review")

    refused(sql)


def test_a_converted_draft_names_its_workflow(draft, bring):
    bring(draft, "approved")

    refused("UPDATE workflow_drafts SET status = 'converted' WHERE id = %s", draft.pk)


def test_names_are_not_blank(draft):
    assert "draft_has_a_name" in refused("UPDATE workflow_drafts SET name = '  '")


def test_a_contributor_is_one_once(cast, draft):
    with pytest.raises(DatabaseError), transaction.atomic():
        Contributor.objects.create(tenant_id=draft.tenant_id, draft=draft, user=cast.eddie)
