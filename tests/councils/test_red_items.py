"""High risk: nobody says yes before they have opened what is red, at any door."""

import pytest
from django.db import IntegrityError, transaction

from councils import services
from councils.models import Opened, Verdict
from councils.red import PAGES, SINGLE, SIZE, red_items, rows_of
from drafts import services as drafts
from tests.councils.kinds import RiskyPrices
from tests.drafts.conftest import (
    DOORS,
    begin,
    facts_of,
    kinds_of,
    make_council,
    press,
    reviewer,
)
from tests.workflows.conftest import make_shop
from workflows.types import registry


@pytest.fixture(autouse=True)
def risky_prices():
    with registry.temporarily(RiskyPrices) as kind:
        yield kind


@pytest.fixture
def submit(cast, shop, council):
    def submit(**inputs):
        made = begin(cast, workflow_type_id=RiskyPrices.id, inputs=inputs)
        return services.submit_draft(draft_id=made.pk, actor=cast.actor("eddie"))

    return submit


def ask(cast, who, draft):
    return cast.client(who).get(f"/api/drafts/{draft.pk}/red-items")


def say_opened(cast, who, draft, *items):
    url = f"/api/drafts/{draft.pk}/red-items/opened"
    return cast.client(who).post(url, {"items": items}, content_type="application/json")


@pytest.mark.parametrize("door", DOORS)
def test_a_yes_before_everything_red_is_opened_is_refused_with_what_is_left(cast, submit, door):
    draft = submit()
    before, said = facts_of(draft), kinds_of(draft)
    say_opened(cast, "rita", draft, "reason:1", "row:2")

    response = press(cast, "rita", "approve", draft, door, revision=1)

    assert response.status_code == 409
    assert (facts_of(draft), kinds_of(draft), Verdict.objects.count()) == (before, said, 0)
    if door == "api":
        problem = response.json()
        assert problem["code"] == "red_items_unopened"
        assert problem["unopened"] == [{"item": "row:1", "title": "Product 0, Price"}]
    else:
        assert "1 red item is still to be opened: Product 0, Price." in response.content.decode()


@pytest.mark.parametrize("door", DOORS)
def test_once_everything_is_opened_the_yes_counts(cast, submit, door):
    draft = submit()
    answer = say_opened(cast, "rita", draft, "reason:1", "row:1", "row:2").json()
    assert (answer["opened"], answer["total"]) == (3, 3)

    assert press(cast, "rita", "approve", draft, door, revision=1).status_code == 200
    assert facts_of(draft)["status"] == "approved"


def test_what_one_person_opened_another_has_not(cast, submit):
    draft = submit()
    say_opened(cast, "rita", draft, "reason:1", "row:1", "row:2")

    assert ask(cast, "ron", draft).json()["opened"] == 0
    assert press(cast, "ron", "approve", draft, "api").status_code == 409


@pytest.mark.parametrize("verdict", ["reject", "request-changes"])
def test_a_no_needs_nothing_opened(cast, submit, verdict):
    response = press(cast, "rita", verdict, submit(), "api", comment="Too much.")

    assert response.status_code == 200


def test_a_new_plan_has_to_be_opened_anew(cast, submit, council):
    draft = submit()
    say_opened(cast, "rita", draft, "reason:1", "row:1", "row:2")
    rita = reviewer(cast, "rita", council)
    services.decide(draft_id=draft.pk, verdict="request_changes", comment="Less.", actor=rita)
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "2.00"})
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    assert ask(cast, "rita", draft).json()["opened"] == 0
    assert press(cast, "rita", "approve", draft, "api").status_code == 409


@pytest.mark.parametrize(
    ("who", "status"), [("rita", 200), ("eddie", 403), ("olivia", 403), ("bob", 404)]
)
def test_only_those_who_may_decide_open_items(cast, submit, who, status):
    draft = submit()

    assert say_opened(cast, who, draft, "row:1").status_code == status
    assert Opened.objects.count() == (1 if status == 200 else 0)


def test_only_red_items_of_this_plan_can_be_opened_and_only_in_review(cast, submit):
    draft = submit()

    refused = say_opened(cast, "rita", draft, "row:1", "row:99")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["items"])
    services.withdraw_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    assert say_opened(cast, "rita", draft, "row:1").status_code == 409
    assert Opened.objects.count() == 0


def test_opened_twice_is_remembered_once(cast, submit):
    draft = submit()
    for _time in range(2):
        say_opened(cast, "rita", draft, "row:1", "row:1")

    mark = Opened.objects.get()
    assert (mark.item, mark.revision_number) == ("row:1", 1)
    twin = {f: getattr(mark, f) for f in ("tenant_id", "draft_id", "user_id", "revision_number")}
    with pytest.raises(IntegrityError, match="opened_once"), transaction.atomic():
        Opened.objects.create(**twin, fingerprint=mark.fingerprint, item="row:1")
    with pytest.raises(IntegrityError, match="opened_names_an_item"), transaction.atomic():
        Opened.objects.create(**twin, fingerprint=mark.fingerprint, item="")


def test_a_group_marked_risky_is_red_row_by_row(cast, submit):
    draft = submit(grouped=True, red=2, reasons=0)

    assert [one.key for one in red_items(draft.plan)] == ["row:1", "row:2"]


def test_high_risk_without_a_red_row_or_reason_still_has_one_item(cast, submit):
    draft = submit(red=0, reasons=0)

    assert press(cast, "rita", "approve", draft, "api").status_code == 409
    keys = [one["item"] for one in ask(cast, "rita", draft).json()["items"]]
    assert len(keys) >= 1
    say_opened(cast, "rita", draft, *keys)
    assert press(cast, "rita", "approve", draft, "api").status_code == 200


def test_a_draft_of_less_risk_has_no_red_items(cast, draft, bring):
    bring(draft, "pending_review")

    assert ask(cast, "rita", draft).json() == {"items": [], "total": 0, "opened": 0}
    assert press(cast, "rita", "approve", draft, "api").status_code == 200


@pytest.mark.parametrize(
    ("red", "pages", "rest"),
    [
        (SINGLE, 0, 0),
        (SINGLE + 1, 2, 0),
        (SIZE * PAGES, PAGES, 0),
        (SIZE * PAGES + 7, PAGES, 7),
    ],
)
def test_very_many_red_rows_are_opened_in_pages_and_never_without_end(
    cast, in_tenant, red, pages, rest
):
    make_shop(in_tenant.pk, red)
    make_council(in_tenant.pk)
    made = begin(cast, workflow_type_id=RiskyPrices.id, inputs={"red": red, "reasons": 0})
    draft = services.submit_draft(draft_id=made.pk, actor=cast.actor("eddie"))

    items = red_items(draft.plan)

    assert sum(one.count for one in items) == red
    assert [one.key for one in items if one.key.startswith("page:")] == [
        f"page:{number}" for number in range(1, pages + 1)
    ]
    assert [one.count for one in items if one.key == "rest"] == ([rest] if rest else [])
    last = items[-1]
    assert rows_of(draft.plan, last)[-1].position == red
    assert len(items) <= SINGLE + 1
