"""How true a type's plans came, wherever types are listed, and what it costs to fall short."""

from datetime import timedelta
from decimal import Decimal

import pytest

from drafts.models import Draft
from tests.templates_catalog.conftest import (  # noqa: F401 -- fixtures
    council,
    earned,
    standing,
    template,
)
from workflows import queries
from workflows.models import Workflow
from workflows.queries import TypeRecord

TYPE = "test.raise_prices"


@pytest.fixture
def ran(shop, run_of, work):
    def ran(*shares: str) -> None:
        run = work(run_of())
        for number, share in enumerate(shares):
            if number:
                run = work(run_of())
            Workflow.objects.filter(pk=run.pk).update(fidelity=Decimal(share))

    return ran


def listed(cast, who="vera"):
    found = cast.client(who).get("/api/workflow-types").json()["workflow_types"]
    return next(kind for kind in found if kind["id"] == TYPE)


def test_without_runs_there_is_nothing_to_hold_against_it(shop, cast):
    assert queries.type_records() == {}
    kind = listed(cast)
    assert (kind["fidelity"], kind["runs_counted"]) == (None, 0)
    assert (kind["instant_run"], kind["why_no_instant_run"]) == (True, "")
    page = cast.client("eddie").get("/portal/workflows/drafts/new").content.decode()
    assert "No runs here yet" in page


def test_the_mean_of_the_last_runs_is_shown_where_types_are_listed(shop, cast, ran):
    ran("1", "0.97")

    assert queries.type_records() == {TYPE: TypeRecord(Decimal("0.985"), 2)}
    kind = listed(cast)
    assert (kind["fidelity"], kind["runs_counted"], kind["instant_run"]) == ("0.985000", 2, True)
    one = cast.client("vera").get(f"/api/workflow-types/{TYPE}").json()
    assert one["fidelity"] == "0.985000"
    page = cast.client("eddie").get("/portal/workflows/drafts/new").content.decode()
    assert "98.5% as planned, over the last 2 runs" in page


def test_only_the_last_fifty_count(shop, run_of, work, monkeypatch):
    monkeypatch.setattr("workflows.queries.PAST_RUNS", 2)
    now = queries.database_now()
    for days, share in ((3, "0.1"), (2, "0.9"), (1, "1")):
        Workflow.objects.filter(pk=work(run_of()).pk).update(
            fidelity=Decimal(share),
            started_at=now - timedelta(days=days),
            finished_at=now - timedelta(days=days),
        )

    assert queries.type_records()[TYPE] == TypeRecord(Decimal("0.95"), 2)


def test_another_shops_runs_do_not_count(shop, cast, ran):
    ran("0.5")

    kinds = cast.client("stranger").get("/api/workflow-types").json()["workflow_types"]

    assert [kind["runs_counted"] for kind in kinds if kind["id"] == TYPE] == [0]


def test_below_the_floor_nothing_runs_at_once_and_the_way_back_is_said(
    shop,
    cast,
    ran,
    template,  # noqa: F811
    standing,  # noqa: F811
):
    ran("0.90")
    before = Draft.objects.count()
    client = cast.client("eddie")

    answer = client.post(
        f"/api/templates/{template.pk}/instant-run", {}, content_type="application/json"
    )

    assert answer.status_code == 409
    assert "Only 90% of what runs of this type planned" in answer.json()["detail"]
    assert "instant run returns" in answer.json()["detail"]
    assert Draft.objects.count() == before
    assert Workflow.objects.count() == 1
    kind = listed(cast)
    assert (kind["instant_run"], kind["why_no_instant_run"]) == (False, answer.json()["detail"])
    page = client.get(f"/portal/workflows/templates/{template.pk}").content.decode()
    assert "Only 90% of what runs of this type planned" in page
    shelf = client.get("/portal/workflows/templates").content.decode()
    assert "too low for an instant run" in shelf

    Workflow.objects.update(fidelity=Decimal("0.98"))

    again = client.post(
        f"/api/templates/{template.pk}/instant-run", {}, content_type="application/json"
    )
    assert again.status_code == 201
