"""A say lent for some days: both names are kept, and nothing is passed on."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from core.errors import Conflict, Invalid, NotAllowed
from core.models import Event
from core.scope import scope
from councils import services, tasks
from councils.models import Delegation, ReviewEntry, Verdict
from councils.queries import council_ids_of
from drafts import services as drafts
from drafts.models import Contributor
from tests.councils.test_time import told
from tests.drafts.conftest import (  # noqa: F401
    begin,
    facts_of,
    make_council,
    press,
    raise_prices,
    reviewer,
)
from tests.workflows.conftest import make_shop


def today() -> date:
    return timezone.localdate()


def lend(cast, who="rita", to="vera", by=None, first=0, last=3):
    return services.delegate(
        tenant_id=cast.tenant.pk,
        from_user_id=f"user_{who}",
        to_user_id=f"user_{to}",
        starts_on=today() + timedelta(days=first),
        ends_on=today() + timedelta(days=last),
        actor=cast.actor(by or who),
        reason="On holiday",
    )


@pytest.fixture
def alone(shop):
    """Rita alone on the seat."""
    return make_council(shop.pk, {"Finance": ["user_rita"]})


@pytest.fixture
def asked(cast, draft, alone):
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    return draft


def test_the_delegate_decides_and_both_are_named(cast, asked):
    assert press(cast, "vera", "approve", asked, "api").status_code == 404
    lend(cast)

    queue = cast.client("vera").get("/api/reviews?queue=mine").json()["reviews"]
    assert [review["draft_id"] for review in queue] == [asked.pk]
    answer = press(cast, "vera", "approve", asked, "api").json()

    assert answer["status"] == "approved"
    [verdict] = answer["review"]["verdicts"]
    assert (verdict["user_id"], verdict["on_behalf_of_user_id"]) == ("user_vera", "user_rita")
    said = Event.objects.get(kind="review.verdict").data
    assert said["on_behalf_of"] == "user_rita"
    assert told("delegation.made") == ["vera"]
    page = cast.client("vera").get(f"/portal/reviews/{asked.pk}").content.decode()
    assert "Vera for Rita" in page


@pytest.mark.parametrize("who", ["rita", "olivia", "adam"])
def test_the_person_or_a_manager_sets_it(cast, alone, who):
    assert lend(cast, by=who).made_by_id == f"user_{who}"


@pytest.mark.parametrize("who", ["eddie", "vera", "stranger"])
def test_nobody_else_does(cast, alone, who):
    with pytest.raises(NotAllowed):
        lend(cast, by=who)
    assert Delegation.objects.count() == 0


def test_a_contributor_is_not_reached_by_delegation(cast, asked):
    before = facts_of(asked)
    lend(cast, to="eddie")

    assert press(cast, "eddie", "approve", asked, "api").status_code == 403
    assert ReviewEntry.objects.get().waiting_for == ["user_rita"]
    assert facts_of(asked) == before


def test_nobody_decides_for_a_contributor(cast, shop, draft):
    council = make_council(shop.pk, {"All": ["user_bob", "user_rita"]})
    drafts.share_draft(
        draft_id=draft.pk, user_id="user_bob", may_edit=True, actor=cast.actor("eddie")
    )
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("bob"), name="Mine too")
    lend(cast, who="bob", to="vera")
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert ReviewEntry.objects.get().waiting_for == ["user_rita"]
    with pytest.raises(NotAllowed):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "vera", council))


def test_the_database_refuses_it_as_well(cast, asked):
    Contributor.objects.create(tenant_id=asked.tenant_id, draft=asked, user=cast.rita)
    round_ = ReviewEntry.objects.get().round
    with pytest.raises(DatabaseError), transaction.atomic():
        Verdict.objects.create(
            tenant_id=asked.tenant_id,
            draft=asked,
            round=round_,
            user=cast.vera,
            on_behalf_of=cast.rita,
            decision="approve",
            revision_number=1,
            fingerprint=round_.fingerprint,
        )


def test_a_chair_counts_once(cast, shop, draft):
    """Two are needed of rita and ron; rita and her delegate are one of them."""
    council = make_council(shop.pk, {"Two": ["user_rita", "user_ron"]})
    council.seats.update(needed=2)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    lend(cast)
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "vera", council))

    with pytest.raises(NotAllowed):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))
    assert ReviewEntry.objects.get().waiting_for == ["user_ron"]
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "ron", council))
    assert facts_of(draft)["status"] == "approved"


def test_once_the_person_has_spoken_the_delegate_has_no_say(cast, shop, draft):
    council = make_council(shop.pk, {"A": ["user_rita"], "B": ["user_ron"]})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    lend(cast)
    services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))

    with pytest.raises(NotAllowed):
        services.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "vera", council))


@pytest.mark.parametrize(
    ("who", "to"),
    [("vera", "ron"), ("bob", "rita"), ("rita", "bob")],
    ids=["passed on", "to one who lent", "lent twice"],
)
def test_delegations_are_not_chained(cast, alone, who, to):
    lend(cast)

    with pytest.raises(Conflict):
        lend(cast, who=who, to=to)
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.create(
            tenant_id=alone.tenant_id,
            from_user_id=f"user_{who}",
            to_user_id=f"user_{to}",
            starts_at=timezone.now(),
            ends_at=timezone.now() + timedelta(hours=1),
        )
    lend(cast, who=who, to=to, first=4, last=5)


@pytest.mark.parametrize(
    "more",
    [{"to": "rita"}, {"to": "stranger"}, {"first": 2, "last": 1}, {"first": -3, "last": -2}],
    ids=["oneself", "a stranger", "backwards", "over"],
)
def test_a_delegation_that_makes_no_sense_is_refused(cast, alone, more):
    with pytest.raises(Invalid):
        lend(cast, **more)
    assert Delegation.objects.count() == 0


def test_the_days_are_the_shops(cast, alone):
    type(cast.tenant).objects.filter(pk=cast.tenant.pk).update(timezone="Asia/Tokyo")
    made = services.delegate(
        tenant_id=cast.tenant.pk,
        from_user_id="user_rita",
        to_user_id="user_vera",
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 1, 5),
        actor=cast.actor("rita"),
    )
    assert (made.starts_at, made.ends_at) == (
        datetime.fromisoformat("2027-01-03T15:00:00+00:00"),
        datetime.fromisoformat("2027-01-05T15:00:00+00:00"),
    )


def test_a_role_is_lent_like_a_name(cast, shop, draft):
    council = make_council(shop.pk, {"Owners": []})
    council.seats.update(roles=["owner"])
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    lend(cast, who="olivia", to="vera")

    assert council_ids_of("user_vera", "viewer") == (council.pk,)
    assert council_ids_of("user_bob", "editor") == ()
    assert press(cast, "vera", "approve", draft, "page").status_code == 200
    assert Verdict.objects.get().on_behalf_of_id == "user_olivia"


def test_it_is_ended_before_its_day(cast, asked):
    made = lend(cast)
    assert ReviewEntry.objects.get().waiting_for == ["user_rita", "user_vera"]
    client = cast.client("eddie")
    assert client.delete(f"/api/councils/delegations/{made.pk}").status_code == 403

    assert cast.client("rita").delete(f"/api/councils/delegations/{made.pk}").status_code == 200

    assert ReviewEntry.objects.get().waiting_for == ["user_rita"]
    assert press(cast, "vera", "approve", asked, "api").status_code == 404
    assert cast.client("rita").delete(f"/api/councils/delegations/{made.pk}").status_code == 409


def test_the_page_lends_and_ends(cast, alone):
    client, url = cast.client("rita"), "/portal/settings/councils/delegations"
    body = {
        "from_user_id": "user_rita",
        "to_user_id": "user_vera",
        "starts_on": today().isoformat(),
        "ends_on": today().isoformat(),
        "reason": "",
    }
    assert client.post(f"{url}/new", body | {"from_user_id": "user_ron"}).status_code == 422
    assert client.post(f"{url}/new", body | {"to_user_id": "user_rita"}).status_code == 422
    assert client.post(f"{url}/new", body).status_code == 302
    made = Delegation.objects.get()
    assert "Vera decides for Rita" in client.get(url).content.decode()
    assert cast.client("stranger").post(f"{url}/{made.pk}/end").status_code == 404
    assert client.post(f"{url}/{made.pk}/end").status_code == 302
    assert Delegation.objects.get().ended_at is not None


@pytest.mark.slow
def test_days_come_and_go(committed_cast):
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        make_council(cast.tenant.pk, {"A": ["user_rita"], "B": ["user_ron"]})
        draft = begin(cast)
        services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
        lend(cast, first=2, last=3)

    def waiting():
        with scope(tenant_id=cast.tenant.pk):
            return ReviewEntry.objects.get().waiting_for

    def days(number):
        with scope(tenant_id=cast.tenant.pk):
            ago = timedelta(days=number)
            Delegation.objects.update(starts_at=F("starts_at") - ago, ends_at=F("ends_at") - ago)
        return tasks.sweep_delegations(), tasks.sweep_delegations()

    assert (days(0), waiting()) == ((0, 0), ["user_rita", "user_ron"])
    assert press(cast, "vera", "approve", draft, "api").status_code == 404
    assert (days(2), waiting()) == ((1, 0), ["user_rita", "user_ron", "user_vera"])
    assert press(cast, "vera", "approve", draft, "api").status_code == 200
    assert (days(2), waiting()) == ((1, 0), ["user_ron"])
    assert told("delegation.over") == ["rita", "vera"]
    # What was decided in its time stays decided.
    assert press(cast, "ron", "approve", draft, "api").json()["status"] == "approved"
