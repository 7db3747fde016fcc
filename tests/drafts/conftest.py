"""A shop, a type that is only registered in tests, and eddie's draft in every state."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.urls import reverse

from core.models import Event
from councils import services as councils
from councils.models import Council, RoutingRule, Seat, SeatHolder
from drafts import services
from drafts.models import Draft
from tests.workflows.conftest import make_shop
from tests.workflows.kinds import RaisePrices
from workflows.types import registry

TYPE = "test.raise_prices"


@pytest.fixture(autouse=True)
def raise_prices() -> Iterator[RaisePrices]:
    with registry.temporarily(RaisePrices) as kind:
        yield kind


def make_council(
    tenant_id: str, seats: dict[str, list[str]] | None = None, **facts: object
) -> Council:
    """A tenant's council with a rule that sends everything to it; seats by name with user ids."""
    council = Council.objects.create(
        tenant_id=tenant_id, name=facts.pop("name", "Trading"), **facts
    )
    for name, user_ids in (seats or {"Finance": ["user_rita", "user_ron"]}).items():
        seat = Seat.objects.create(tenant_id=tenant_id, council=council, name=name)
        for user_id in user_ids:
            SeatHolder.objects.create(tenant_id=tenant_id, seat=seat, user_id=user_id)
    RoutingRule.objects.create(tenant_id=tenant_id, name="All to Trading", council=council)
    return council


@pytest.fixture
def shop(in_tenant):
    make_shop(in_tenant.pk)
    return in_tenant


@pytest.fixture
def council(shop) -> Council:
    """One seat, which rita or ron may fill."""
    return make_council(shop.pk)


def begin(cast, who: str = "eddie", **more: object) -> Draft:
    facts = {"workflow_type_id": TYPE, "name": "Raise them", "inputs": {}, **more}
    return services.create_draft(tenant_id=cast.tenant.pk, actor=cast.actor(who), **facts)


@pytest.fixture
def draft(cast, shop) -> Draft:
    """Eddie's, in editing."""
    return begin(cast)


def reviewer(cast, name: str, *councils_: Council):
    return cast.actor(name, council_ids=tuple(council.pk for council in councils_))


Bring = Callable[[Draft, str], Draft]


@pytest.fixture
def bring(cast, council) -> Bring:
    """Take a draft to a state the way people do."""

    def bring(draft: Draft, state: str) -> Draft:
        for step in WAY[state]:
            STEPS[step](cast, council, draft)
        draft.refresh_from_db()
        return draft

    return bring


def submit(cast, _council, draft: Draft) -> None:
    councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))


def _verdict(verdict: str, comment: str = ""):
    def give(cast, council, draft: Draft) -> None:
        actor = reviewer(cast, "rita", council)
        councils.decide(draft_id=draft.pk, verdict=verdict, actor=actor, comment=comment)

    return give


STEPS = {
    "submit": submit,
    "approve": _verdict("approve"),
    "reject": _verdict("reject", "Too early."),
    "convert": lambda cast, _council, draft: services.convert_draft(
        draft_id=draft.pk, actor=cast.actor("eddie"), auto_execute=False
    ),
    "discard": lambda cast, _council, draft: services.discard_draft(
        draft_id=draft.pk, actor=cast.actor("eddie")
    ),
}
WAY = {
    "editing": [],
    "pending_review": ["submit"],
    "approved": ["submit", "approve"],
    "rejected": ["submit", "reject"],
    "converted": ["submit", "approve", "convert"],
    "discarded": ["discard"],
}


def facts_of(draft: Draft) -> dict[str, object]:
    """The whole row, for saying that nothing changed."""
    return Draft.objects.filter(pk=draft.pk).values().get()


# The doors: what a person does in the portal, with or without htmx, and through the API.

PAGES = {
    "reopen": "drafts:reopen",
    "discard": "drafts:discard",
    "convert": "drafts:run",
    "preview": "drafts:preview",
    "submit": "councils:submit",
    "withdraw": "councils:withdraw",
    "approve": "councils:approve",
    "reject": "councils:reject",
    "request-changes": "councils:request_changes",
    "take-back": "councils:take_back",
}
DOORS = ("page", "api")


def press(cast, who: str, move: str, draft: Draft, door: str, **body: object) -> HttpResponse:
    """The same wish at the page or at the API; a page's redirect is followed."""
    client = cast.client(who)
    if door == "page":
        return client.post(reverse(PAGES[move], args=[draft.pk]), body, follow=True)
    if move == "discard":
        return client.delete(f"/api/drafts/{draft.pk}")
    if move == "convert":
        body = {"auto_execute": False, **body}
    return client.post(f"/api/drafts/{draft.pk}/{move}", body, content_type="application/json")


def kinds_of(draft: Draft) -> list[str]:
    """What the audit says happened to a draft, oldest first."""
    events = Event.objects.filter(draft_id=draft.pk).order_by("at", "id")
    return list(events.values_list("kind", flat=True))
