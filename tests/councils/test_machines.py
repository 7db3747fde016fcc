"""A machine holds no seat: not with every grant there is, and not through somebody's token."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from core.actors import SystemActor
from core.errors import NotAllowed
from councils import services
from councils.models import AfterReview, Delegation, SeatHolder, Verdict
from drafts import services as drafts
from tenants.models import ApiToken
from tests.drafts.conftest import facts_of

ALL = frozenset(
    {
        "drafts.decide_draft",
        "drafts.take_back_approval",
        "drafts.break_glass",
        "councils.assign_review",
        "councils.delegate",
        "councils.close_after_review",
    }
)
MACHINE = SystemActor("proposer", grants=ALL)


@pytest.mark.parametrize(
    ("service", "wanted"),
    [
        (services.decide, {"verdict": "approve"}),
        (services.decide, {"verdict": "reject", "comment": "No."}),
        (services.decide, {"verdict": "request_changes", "comment": "Less."}),
        (services.approve_part, {"revision_number": 1, "without": [0]}),
        (services.take_back, {}),
        (services.claim_review, {}),
        (services.assign_review, {"user_ids": ["user_rita"]}),
        (services.break_glass, {"reason": "Now.", "typed_name": "Raise them"}),
    ],
)
def test_no_grant_lets_a_machine_decide(cast, draft, bring, service, wanted):
    before = facts_of(bring(draft, "pending_review"))

    with pytest.raises(NotAllowed):
        service(draft_id=draft.pk, actor=MACHINE, **wanted)

    assert facts_of(draft) == before
    assert (Verdict.objects.count(), AfterReview.objects.count()) == (0, 0)


def test_a_machine_lends_nothing_and_looks_at_nothing_afterwards(cast, draft, council):
    with pytest.raises(NotAllowed):
        services.delegate(
            tenant_id=cast.tenant.pk,
            from_user_id="user_rita",
            to_user_id="user_vera",
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 1, 2),
            actor=MACHINE,
        )
    services.break_glass(
        draft_id=draft.pk, reason="Now.", typed_name=draft.name, actor=cast.actor("olivia")
    )
    with pytest.raises(NotAllowed):
        services.close_after_review(
            after_id=AfterReview.objects.get().pk, right=True, text="Fine.", actor=MACHINE
        )
    assert Delegation.objects.count() == 0
    assert AfterReview.objects.get().state == "open"


def seat_the_machine(council):
    SeatHolder.objects.create(
        tenant_id=council.tenant_id, seat=council.seats.get(), user_id=MACHINE.id
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_seat_takes_people_alone(cast, council):
    with pytest.raises(DatabaseError), transaction.atomic():
        seat_the_machine(council)


@pytest.mark.parametrize("move", ["approve", "reject", "request-changes", "take-back", "claim"])
@pytest.mark.parametrize("scopes", [["read"], ["read", "write"]])
def test_a_programs_token_needs_the_scope_of_reviewing(cast, draft, bring, move, scopes):
    before = facts_of(bring(draft, "pending_review"))
    _row, token = ApiToken.objects.create(
        user=cast.rita, tenant=cast.tenant, name="A program", scopes=scopes
    )

    response = cast.client("guest").post(
        f"/api/drafts/{draft.pk}/{move}",
        {"comment": "No."},
        content_type="application/json",
        headers={"Authorization": f"Token {token}"},
    )

    assert response.status_code == 403
    assert facts_of(draft) == before
    assert Verdict.objects.count() == 0


def test_a_preview_by_a_machine_makes_nobody_a_reviewer(cast, draft, council):
    drafts.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert services.say_of(draft, actor=MACHINE).approve is False
