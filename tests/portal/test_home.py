# ruff: noqa: F811 -- fixtures of the drafts are used here by importing them
"""What the first page says to each person, and that it says nothing they may not know."""

import pytest
from django.urls import reverse

from codex import panels
from codex.happenings import recent
from core.scope import scope
from drafts.models import Draft
from tests.drafts.conftest import (  # noqa: F401 -- fixtures
    begin,
    bring,
    council,
    draft,
    raise_prices,
    reviewer,
    shop,
)


class Asked:
    """A request as panels read it."""

    def __init__(self, actor, tenant) -> None:
        self.actor, self.tenant = actor, tenant


@pytest.fixture
def asks(cast, council):
    def ask(name: str) -> Asked:
        actor = reviewer(cast, name, council) if name in ("rita", "ron") else cast.actor(name)
        return Asked(actor, cast.tenant)

    return ask


def names(found, key: str) -> list[str]:
    return [row.name for row in (found or {}).get(key, [])]


def test_a_review_is_the_turn_of_those_who_may_fill_a_seat(asks, bring, draft):
    bring(draft, "pending_review")

    assert names(panels.your_turn(asks("rita")), "reviews") == ["Raise them"]
    assert panels.your_turn(asks("eddie")) is None
    assert panels.your_turn(asks("vera")) is None


def test_what_came_back_and_what_may_run_is_the_turn_of_its_author(
    cast,
    asks,
    bring,
    council,
):
    from councils import services as councils

    back = bring(begin(cast, name="Sent back"), "pending_review")
    councils.decide(
        draft_id=back.pk,
        verdict="request_changes",
        comment="Why so much?",
        actor=reviewer(cast, "rita", council),
    )
    bring(begin(cast, name="May run"), "approved")

    found = panels.your_turn(asks("eddie"))

    assert names(found, "returned") == ["Sent back"]
    assert names(found, "approved") == ["May run"]
    assert panels.your_turn(asks("bob")) is None


def test_my_drafts_are_mine_and_open(cast, asks, bring, shop):
    bring(begin(cast, name="Open"), "editing")
    bring(begin(cast, name="Gone"), "discarded")
    begin(cast, "bob", name="Of Bob")

    assert names(panels.my_drafts(asks("eddie")), "drafts") == ["Open"]
    assert names(panels.my_drafts(asks("olivia")), "drafts") == []


def test_what_happened_is_told_to_those_who_may_see_it(cast, asks, bring, draft):
    bring(draft, "approved")

    told = [(one.name, str(one.words)) for one in recent(asks("eddie").actor, 8)]

    assert told == [("Raise them", "was approved"), ("Raise them", "was submitted for review")]
    assert recent(asks("olivia").actor, 8) != []
    assert recent(asks("bob").actor, 8) == []
    assert recent(asks("vera").actor, 8) == []


def test_a_council_member_of_no_tenant_gets_a_page(cast, council, bring, draft):
    asked = Asked(cast.actor("guest"), None)

    with scope(user_id="user_guest"):
        shown = [panel(asked) for panel in (panels.running, panels.coming_up, panels.my_drafts)]

    assert shown == [None, None, None]


def test_the_page_asks_as_much_for_six_drafts_as_for_one(
    cast,
    council,
    bring,
    shop,
    django_assert_max_num_queries,
):
    client = cast.client("eddie")
    for number in range(6):
        bring(begin(cast, name=f"Draft {number}"), "approved")
    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.count() == 6
    client.get(reverse("home"))

    with django_assert_max_num_queries(32):
        html = client.get(reverse("home")).content.decode()

    assert "Draft 5" in html
    assert "was approved" in html


def test_set_up_ticks_itself(cast, shop):
    html = cast.client("olivia").get(reverse("home")).content.decode()

    assert "Import the shop" in html
    assert "products" in html
    assert "7 people" in html
