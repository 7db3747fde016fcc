"""Several low-risk drafts at once: each judged by itself, with a result of its own."""

import pytest

from councils import services
from councils.models import Verdict
from stores.models import Product
from tests.councils.kinds import RiskyPrices
from tests.drafts.conftest import begin, facts_of
from tests.workflows.kinds import RaisePrices
from workflows.types import registry


class Harmless(RaisePrices):
    """Without a reason to worry."""

    id = "test.harmless"

    def plan(self, store, inputs, out):
        for product in Product.objects.order_by("pk"):
            out.set("product", product.pk, product.title, "tags", product.tags, ["winter"])
        out.finish(effect="Tags **a few products**.", metrics=[], groups=[], risks=[])


@pytest.fixture(autouse=True)
def kinds():
    with registry.temporarily(Harmless), registry.temporarily(RiskyPrices):
        yield


@pytest.fixture
def submit(cast, shop, council):
    def submit(kind=Harmless, who="eddie"):
        made = begin(cast, who, workflow_type_id=kind.id)
        return services.submit_draft(draft_id=made.pk, actor=cast.actor(who))

    return submit


def approve(cast, who, *items, **more):
    body = {"items": [{"draft_id": draft_id, "revision": n} for draft_id, n in items], **more}
    return cast.client(who).post("/api/reviews/approve", body, content_type="application/json")


def test_each_has_its_own_result_and_one_refusal_stops_no_other(cast, submit):
    low, stale, red = submit(), submit(), submit(RiskyPrices)
    nobodys = "draft_00000000000000000000000000"

    answer = approve(
        cast, "rita", (low.pk, 1), (stale.pk, 2), (red.pk, 1), (nobodys, 1), comment="Read."
    ).json()

    told = [(one["status"], one["problem"] and one["problem"]["code"]) for one in answer["results"]]
    assert told == [
        ("approved", None),
        (None, "stale_revision"),
        (None, "not_low_risk"),
        (None, "not_found"),
    ]
    assert (answer["approved"], answer["refused"]) == (1, 3)
    assert [(v.draft_id, v.comment) for v in Verdict.objects.all()] == [(low.pk, "Read.")]
    assert [facts_of(one)["status"] for one in (stale, red)] == ["pending_review"] * 2


@pytest.mark.parametrize(
    ("who", "code"), [("eddie", "not_allowed"), ("olivia", "not_allowed"), ("bob", "not_found")]
)
def test_nobody_gets_further_than_one_by_one(cast, submit, who, code):
    draft = submit()

    result = approve(cast, who, (draft.pk, 1)).json()["results"][0]

    assert result["problem"]["code"] == code
    assert Verdict.objects.count() == 0


def test_the_page_asks_with_the_effects_and_then_tells_the_results(cast, submit):
    low, red = submit(), submit(RiskyPrices)
    client = cast.client("rita")
    queue = client.get("/portal/reviews").content.decode()
    assert f'value="{low.pk}:1"' in queue
    assert f'value="{red.pk}:1"' not in queue

    items = [f"{low.pk}:1", f"{red.pk}:1"]
    asked = client.get("/portal/reviews/bulk", {"item": items}).content.decode()
    assert "Tags a few products." in asked
    assert "Approve 1 draft" in asked
    assert Verdict.objects.count() == 0
    done = client.post("/portal/reviews/bulk", {"item": items}).content.decode()
    assert "1 approval is recorded." in done
    assert "Only drafts of low risk are approved together." in done
    assert facts_of(low)["status"] == "approved"


@pytest.mark.parametrize("items", [[], ["nonsense"], ["draft_x:one"]])
def test_nothing_ticked_leads_back_to_the_queue(cast, submit, items):
    client = cast.client("rita")

    for ask in (client.get, client.post):
        assert ask("/portal/reviews/bulk", {"item": items}).headers["Location"] == "/portal/reviews"


def test_a_list_without_end_is_refused(cast, submit):
    answer = approve(cast, "rita", *[(f"draft_{n}", 1) for n in range(51)])

    assert answer.status_code == 422
