"""What the engine reckons of every plan: money at risk, reach, risk score, duration."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.workflows.anything import TODAY, Anything, make_selling_shop, plan_anything
from tests.workflows.conftest import make_shop
from workflows import queries, services
from workflows.models import PlannedChange, Workflow
from workflows.planning.extent import extent_of
from workflows.types import registry

REVENUE = Decimal(250 + 200 + 200)


@pytest.fixture(autouse=True)
def anything():
    with registry.temporarily(Anything) as kind:
        yield kind


@pytest.fixture
def selling(in_tenant):
    make_selling_shop(in_tenant)
    return in_tenant


def impact(cast, **inputs):
    return plan_anything(cast, **inputs).summary["impact"]


def money(amount: str):
    return {"amount": amount, "currency": "GBP"}


def test_prices_put_units_sold_times_the_move_at_risk(selling, cast):
    found = impact(cast, prices={"mug-s": "12.00", "mug-l": "15.00", "tray": "39.00"})

    # 25 × 2.00 up, 10 × 5.00 down, 5 × 1.00 down; what was sold before the window is not counted.
    assert found == {
        "money_at_risk": money("105.00"),
        "why_no_money": "",
        "items": 3,
        "revenue_share": "1.0000",
        "window_days": 90,
        "prices": 3,
        "offers": 0,
        "recipients": 0,
        "largest_raise_percent": "20.00",
        "largest_cut_percent": "25.00",
        "largest_discount_percent": "40.00",
    }


def test_an_offer_puts_the_discount_it_will_give_at_risk(selling, cast):
    found = impact(cast, offers=[{"kind": "percent", "value": 10, "days": 9, "handles": ["mug"]}])

    # 25 × 10.00 and 10 × 20.00 in 90 days: 45.00 in nine, a tenth of it off.
    assert found["money_at_risk"] == money("4.50")
    assert (found["offers"], found["items"]) == (1, 1)
    assert found["largest_discount_percent"] == "10.00"
    assert found["revenue_share"] == f"{Decimal(450) / REVENUE:.4f}"


def test_an_amount_off_counts_at_most_the_price_and_by_its_cheapest_product(selling, cast):
    offer = {"kind": "amount", "value": 15, "days": 90, "handles": ["mug", "tray"]}
    found = impact(cast, offers=[offer])

    # 25 × 10.00, 10 × 15.00 and 5 × 15.00.
    assert found["money_at_risk"] == money("475.00")
    assert found["largest_discount_percent"] == "100.00"


def test_an_offer_starts_from_the_prices_the_same_plan_writes(selling, cast):
    offer = {"kind": "percent", "value": 50, "days": 90, "handles": ["tray"]}
    found = impact(cast, prices={"tray": "20.00"}, offers=[offer])

    # 5 × 20.00 for the cut, and half of what is left.
    assert found["money_at_risk"] == money("150.00")


def test_a_lifted_struck_out_price_is_a_discount(selling, cast):
    assert impact(cast, beside={"tray": "50.00"})["largest_discount_percent"] == "20.00"
    assert impact(cast, beside={"mug-l": "21.00"})["largest_discount_percent"] == "0.00"
    assert impact(cast, beside={"mug-l": None})["largest_discount_percent"] == "0.00"


def test_steps_are_rounded_up_never_down(selling, cast):
    found = impact(cast, prices={"mug-s": "13.33", "tray": "26.66"})

    assert found["largest_raise_percent"] == "33.30"
    assert found["largest_cut_percent"] == "33.35"
    assert impact(cast, prices={"lamp": "80.01"})["largest_raise_percent"] == "0.02"


def test_texts_pictures_posts_and_letters_reach_without_moving_money(selling, cast):
    found = impact(
        cast,
        titles={"mug": "Mug!"},
        alts={"https://shop.example/tray.jpg": "A tray"},
        letters=[40, 60],
        posts=["lamp"],
    )

    assert found["money_at_risk"] == money("0.00")
    assert found["why_no_money"] == "Changes no price and gives no discount."
    assert (found["items"], found["recipients"]) == (5, 100)
    assert found["revenue_share"] == "1.0000"


def test_without_sales_the_money_is_not_known(in_tenant, cast):
    make_shop(in_tenant.pk)
    found = impact(cast, prices={"SKU-0": "11.00"})

    assert found["money_at_risk"] is None
    assert found["revenue_share"] is None
    assert found["why_no_money"].startswith("Nothing was sold")


def test_the_score_is_the_sum_of_its_reasons_and_gives_the_level(selling, cast):
    low = plan_anything(cast, titles={"lamp": "A lamp"}).summary["risk"]
    assert low == {
        "level": "low",
        "score": 5,
        "reasons": [
            {
                "text": "Automation of this kind is low risk.",
                "level": "low",
                "points": 5,
                "source": "kind",
            }
        ],
    }
    some = plan_anything(cast, prices={"lamp": "95.00"}, letters=[9]).summary["risk"]
    assert (some["level"], some["score"]) == ("medium", 5 + 10 + 10)
    high = plan_anything(cast, prices={"tray": "60.00"}, risk="high").summary["risk"]
    assert [reason["points"] for reason in high["reasons"]] == [35, 35, 35, 10, 5]
    assert (high["level"], high["score"]) == ("high", 100)


def test_measured_again_from_the_stored_rows_it_is_the_same(selling, cast):
    offer = {"kind": "percent", "value": 20, "days": 30, "handles": ["mug"]}
    plan = plan_anything(cast, prices={"tray": "50.00"}, offers=[offer], risk="medium")

    again = services.measure_again(plan)

    assert again == {name: plan.summary[name] for name in ("impact", "risk", "estimate", "limits")}
    PlannedChange.objects.filter(plan=plan, entity="promotion").delete()
    assert services.measure_again(plan)["impact"]["money_at_risk"] == money("50.00")


def test_measuring_is_one_statement_whatever_the_size(selling, cast):
    plan = plan_anything(cast, prices={"tray": "41.00", "lamp": "82.00", "mug-s": "11.00"})
    with CaptureQueriesContext(connection) as seen:
        extent_of(cast.tenant.pk, TODAY, params={"plan": plan.pk})
    assert len([one for one in seen if "stores_orderline" in one["sql"]]) == 1
    assert len(seen) == 5  # the savepoint, settings there and back, the statement


def test_duration_comes_from_past_runs_and_few_small_ones_foretell_no_hours(shop, run_of, work):
    assert queries.estimate("test.raise_prices", 5) == {"seconds": 1, "runs": 0}
    assert queries.estimate("test.raise_prices", 100_000) == {"seconds": 6, "runs": 0}
    run = work(run_of())
    Workflow.objects.filter(pk=run.pk).update(finished_at=run.started_at + timedelta(seconds=3))
    one = queries.estimate("test.raise_prices", 100_000)
    assert one["runs"] == 1
    assert 5 <= one["seconds"] <= 8
