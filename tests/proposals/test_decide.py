"""Accept, dismiss, snooze, restore: person by door, and what each leads to."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from core.errors import Conflict, IllegalMove, Invalid
from core.models import Event
from core.scope import scope
from drafts.models import Draft
from proposals import queries
from proposals.models import Mute, Proposal
from proposals.services import (
    accept_proposal,
    dismiss_proposal,
    expire_proposal,
    propose_for_tenant,
    restore_proposal,
    snooze_proposal,
)
from stores.models import Product
from tests.proposals.conftest import DESCRIPTIONS, SOCIAL, in_shop, state_of, stock

WHO = [
    ("olivia", True),
    ("adam", True),
    ("eddie", True),
    ("bob", True),
    ("vera", False),
    ("stranger", None),
    ("guest", None),
]
PAGE = "/portal/workflows/proposals/{}/{}"
API = "/api/proposals/{}/{}"
BODY = {
    "accept": {},
    "dismiss": {"reason_code": "on_purpose", "reason": "We like it bare"},
    "snooze": {"days": 7},
}
AFTER = {"accept": "accepted", "dismiss": "dismissed", "snooze": "pending"}


def send(cast, who, door, move, proposal, body=None):
    client, body = cast.client(who), body if body is not None else BODY[move]
    if door == "page":
        return client.post(PAGE.format(proposal.pk, move), body)
    return client.post(API.format(proposal.pk, move), body, content_type="application/json")


def counts(cast):
    with in_shop(cast):
        return (
            Draft.objects.count(),
            Mute.objects.count(),
            Event.objects.filter(kind__startswith="proposal.").count(),
        )


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize("move", ["accept", "dismiss", "snooze"])
@pytest.mark.parametrize(("who", "may"), WHO)
def test_each_person_gets_the_same_answer_at_every_door(shop, proposal, who, may, move, door):
    before = counts(shop)
    response = send(shop, who, door, move, proposal)

    if may:
        assert response.status_code == (302 if door == "page" else 201 if move == "accept" else 200)
        assert state_of(shop, proposal) == AFTER[move]
        assert counts(shop)[2] == before[2] + 1
    else:
        assert response.status_code == (403 if may is False else 404)
        assert state_of(shop, proposal) == "pending"
        assert counts(shop) == before


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(("who", "may"), WHO)
def test_restore_by_person_and_door(shop, proposal, who, may, door):
    with in_shop(shop):
        dismiss_proposal(
            proposal_id=proposal.pk, actor=shop.actor("olivia"), reason_code="not_true"
        )
    response = send(shop, who, door, "restore", proposal, body={})

    assert response.status_code == (
        {True: 302 if door == "page" else 200, False: 403}.get(may, 404)
    )
    assert state_of(shop, proposal) == ("pending" if may else "dismissed")
    with in_shop(shop):
        assert queries.open_mutes().count() == (0 if may else 1)


def act(shop, who="eddie"):
    return scope(tenant_id=shop.tenant.pk, user_id=f"user_{who}")


def test_accept_makes_the_draft_it_suggests(shop, proposal):
    with act(shop):
        done, draft = accept_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    assert (draft.name, draft.inputs) == (proposal.title, proposal.suggested_inputs)
    assert (draft.created_by_id, draft.status) == (shop.eddie.pk, "editing")
    assert draft.created_from_proposal_id == proposal.pk
    assert (done.created_draft_id, done.decided_by_id) == (draft.pk, shop.eddie.pk)


def test_the_draft_can_be_previewed_as_it_is(shop, proposal):
    from drafts.services import preview_draft

    with act(shop):
        _done, draft = accept_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
        previewed = preview_draft(draft_id=draft.pk, actor=shop.actor("eddie"))
    assert previewed.plan.change_count == 4


def test_a_second_accept_is_refused_and_makes_nothing(shop, proposal):
    with act(shop):
        accept_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    before = counts(shop)
    with act(shop), pytest.raises(IllegalMove):
        accept_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    assert counts(shop) == before


def test_ten_at_once_make_one_draft(committed_cast):
    with in_shop(committed_cast):
        stock(committed_cast.tenant)
    report = propose_for_tenant(tenant_id=committed_cast.tenant.pk)
    gate, answers = Barrier(10), []

    def click():
        gate.wait()
        try:
            with act(committed_cast):
                accept_proposal(
                    proposal_id=report.proposals[0].pk, actor=committed_cast.actor("eddie")
                )
            answers.append("accepted")
        except IllegalMove:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(answers) == ["accepted"] + ["refused"] * 9
    with in_shop(committed_cast):
        assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "reason"),
        ({"reason": "   "}, "reason"),
        ({"reason_code": "other"}, "reason"),
        ({"reason_code": "because"}, "reason"),
    ],
)
def test_dismissing_needs_a_reason(shop, proposal, said, field):
    with act(shop), pytest.raises(Invalid) as refused:
        dismiss_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"), **said)
    assert list(refused.value.fields) == [field]
    assert state_of(shop, proposal) == "pending"


def dismiss(shop, proposal, code="on_purpose"):
    with act(shop):
        dismiss_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"), reason_code=code)


def look(shop, detector=DESCRIPTIONS):
    return propose_for_tenant(tenant_id=shop.tenant.pk, detector=detector)


def strip(shop, number):
    with in_shop(shop):
        bare = Product.objects.order_by("handle")[:number].values_list("pk", flat=True)
        Product.objects.filter(pk__in=list(bare)).update(description_html="<p>&nbsp;</p>")


def test_what_was_dismissed_stays_away_on_the_same_data(shop, proposal):
    dismiss(shop, proposal)
    (held,) = look(shop).decisions
    assert held.why == "It was dismissed, and is not clearly worse since."


def test_slightly_worse_is_not_clearly_worse(shop, proposal):
    """From 40 % it has to pass 60 %: five of ten are not enough."""
    dismiss(shop, proposal)
    strip(shop, 1)
    assert look(shop).proposals == []


def test_twice_as_bad_comes_back_and_is_no_longer_muted(shop, proposal):
    dismiss(shop, proposal)
    strip(shop, 4)
    (again,) = look(shop).proposals
    assert again.title == "Write descriptions for 8 products"
    with in_shop(shop):
        assert queries.open_mutes().count() == 0


def test_the_reason_says_how_much_worse_it_has_to_get(shop, proposal):
    """Not true: twice as bad (80 %); on purpose: half as bad again (60 %)."""
    dismiss(shop, proposal, "not_true")
    with in_shop(shop):
        mute = Mute.objects.get()
    assert (round(mute.value, 3), round(mute.returns_at, 3)) == (0.4, 0.8)
    strip(shop, 3)
    assert look(shop).proposals == []


def test_a_snoozed_one_is_out_of_sight_and_comes_back(shop, proposal):
    with act(shop):
        snooze_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"), days=7)
        assert list(queries.open_proposals()) == []
        assert [row.pk for row in queries.snoozed_proposals()] == [proposal.pk]
    assert look(shop).proposals == []
    with act(shop):
        restore_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
        assert [row.pk for row in queries.open_proposals()] == [proposal.pk]


def test_a_snooze_outlives_the_proposals_time(shop, proposal):
    with act(shop):
        snoozed = snooze_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"), days=90)
    assert snoozed.expires_at > snoozed.snoozed_until


@pytest.mark.parametrize("days", [0, -3, 400])
def test_a_snooze_ends_within_half_a_year(shop, proposal, days):
    with act(shop), pytest.raises(Invalid):
        snooze_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"), days=days)


def test_restored_it_is_open_again(shop, proposal):
    dismiss(shop, proposal)
    with act(shop):
        back = restore_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    assert (back.status, back.decided_at, back.decided_by_id) == ("pending", None, None)


def test_not_beside_a_newer_one_of_its_kind(shop, proposal):
    dismiss(shop, proposal)
    strip(shop, 6)
    look(shop)
    with act(shop), pytest.raises(Conflict):
        restore_proposal(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    assert state_of(shop, proposal) == "dismissed"


def make_old(shop, proposal):
    with in_shop(shop):
        Proposal.objects.filter(pk=proposal.pk).update(
            expires_at=timezone.now() - timedelta(minutes=1)
        )


def test_it_expires_when_its_time_is_over_and_not_before(shop, proposal):
    with in_shop(shop):
        assert expire_proposal(proposal_id=proposal.pk) is False
    make_old(shop, proposal)
    with in_shop(shop):
        assert expire_proposal(proposal_id=proposal.pk) is True
        assert expire_proposal(proposal_id=proposal.pk) is False
    assert state_of(shop, proposal) == "expired"
    (held,) = look(shop).decisions
    assert held.why == "It was open until lately, and nobody wanted it."


def test_too_late_it_cannot_be_accepted_or_snoozed(shop, proposal):
    make_old(shop, proposal)
    before = counts(shop)
    for late in (accept_proposal, snooze_proposal):
        with act(shop), pytest.raises(IllegalMove):
            late(proposal_id=proposal.pk, actor=shop.actor("eddie"))
    assert counts(shop) == before


def test_taste_changes_the_order(shop, proposal):
    """Dismissing what one detector says ranks its next proposals lower."""
    dismiss(shop, proposal)
    with in_shop(shop):
        taste = queries.liking()
    assert taste[DESCRIPTIONS] == pytest.approx(2 * 2 / 5)
    assert SOCIAL not in taste
