"""What the database refuses about reviews, past every service."""

import pytest
from django.db import DatabaseError, connection, transaction

from councils.models import ReviewRound, RoutingRule, Seat, Verdict


@pytest.fixture
def round_(draft, bring):
    bring(draft, "pending_review")
    return ReviewRound.objects.get()


def verdict(round_, user, **more):
    facts = {
        "tenant_id": round_.tenant_id,
        "draft_id": round_.draft_id,
        "round": round_,
        "user": user,
        "decision": "approve",
        "revision_number": round_.revision_number,
        "fingerprint": round_.fingerprint,
        **more,
    }
    return Verdict.objects.create(**facts)


def refused(make, match=None):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        make()


def run(sql):
    def execute():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return execute


def test_one_open_round_a_draft(round_):
    refused(
        lambda: ReviewRound.objects.create(
            tenant_id=round_.tenant_id,
            draft_id=round_.draft_id,
            cycle=2,
            revision=round_.revision,
            revision_number=2,
            fingerprint=round_.fingerprint,
            council=round_.council,
        ),
        "round_one_open",
    )


def test_a_verdict_names_the_revision_of_its_open_round(cast, round_):
    refused(lambda: verdict(round_, cast.rita, revision_number=7), "names the revision")
    refused(lambda: verdict(round_, cast.rita, fingerprint="0" * 64), "names the revision")
    ReviewRound.objects.update(state="withdrawn", closed_at=round_.opened_at)
    refused(lambda: verdict(round_, cast.rita), "names the revision")


def test_a_contributor_gives_no_verdict(cast, round_):
    refused(lambda: verdict(round_, cast.eddie), "whoever wrote in a draft")


def test_one_verdict_a_person(cast, round_):
    verdict(round_, cast.rita)

    refused(lambda: verdict(round_, cast.rita), "verdict_one_per_person")


def test_a_no_has_a_reason(cast, round_):
    refused(lambda: verdict(round_, cast.rita, decision="reject"), "verdict_no_has_a_reason")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE councils_verdict SET decision = 'reject', comment = 'x'",
        "UPDATE councils_verdict SET fingerprint = 'x'",
        "DELETE FROM councils_verdict",
    ],
)
def test_a_verdict_is_kept_as_given(cast, round_, sql):
    verdict(round_, cast.rita)

    refused(run(sql))


def test_a_decided_round_is_not_decided_again(round_):
    run("UPDATE councils_reviewround SET state = 'rejected', closed_at = now()")()

    refused(run("UPDATE councils_reviewround SET state = 'approved'"), "Invalid transition")


def test_a_seat_needs_somebody(council):
    refused(lambda: Seat.objects.update(needed=0), "seat_needs_someone")


def test_a_rule_names_a_family_or_a_type(council):
    refused(
        lambda: RoutingRule.objects.update(family="pricing", workflow_type_id="pricing.x"),
        "rule_names_family_or_type",
    )
