"""Somebody changes a price between the yes and the run: nothing is written, the row is named."""

from decimal import Decimal

from codex.demo.story import chain
from codex.demo.story.chain import Wish
from codex.demo.story.doors import Json
from codex.demo.story.shop import moved_tables, shop_state
from codex.demo.story.stage import Stage
from core.scope import scope
from stores.models import Variant

PRICES = Wish(
    "pricing.dynamic_pricing",
    "Follow the market",
    "Competitors have moved; stay within reach of them without giving margin away.",
    {},
)


def stopped_by_drift(stage: Stage) -> str:
    """The draft's run stops before its first write. Returns the run's id."""
    tell = stage.teller
    draft_id = chain.write(stage, PRICES)
    plan = chain.preview(stage, draft_id)
    chain.submit(stage, draft_id)
    chain.approve(stage, draft_id, stage.second_reviewer, plan)
    change = _first_price(stage, draft_id)
    by_hand = Decimal(change["before"]) + Decimal("0.07")
    set_price(stage, change["target_id"], by_hand)
    tell.fact(
        "meanwhile", f"somebody sets {change['label']} by hand: {change['before']} → {by_hand}"
    )
    before = shop_state(stage.tenant_id)
    workflow = chain.convert(stage, draft_id)
    done = chain.finished(stage, workflow["id"])
    tell.check("the run stopped before it began", done["status"] == "stopped_by_drift", done)
    tell.check(
        f"nothing was written: 0 of {plan['change_count']:,}",
        done["progress"]["done"] == 0 and shop_state(stage.tenant_id) == before,
        moved_tables(before, shop_state(stage.tenant_id)),
    )
    _names_the_row(stage, workflow["id"], change, by_hand)
    set_price(stage, change["target_id"], Decimal(change["before"]))
    return workflow["id"]


def _first_price(stage: Stage, draft_id: str) -> Json:
    changes = stage.editor.get(f"/api/drafts/{draft_id}/changes", limit=50)["changes"]
    return next(row for row in changes if row["entity"] == "variant" and row["field"] == "price")


def set_price(stage: Stage, variant_id: str, price: Decimal) -> None:
    """As the shop's own back office would: past Codex, straight into the shop."""
    with scope(tenant_id=stage.tenant_id):
        Variant.objects.filter(pk=variant_id).update(price=price)


def _names_the_row(stage: Stage, workflow_id: str, change: Json, by_hand: Decimal) -> None:
    page = stage.editor.get(f"/api/workflows/{workflow_id}/changes", outcome="moved")
    rows = [(row["target_id"], row["field"], str(row["found"])) for row in page["changes"]]
    stage.teller.check(
        f"the run names the row that moved: {change['label']} is {by_hand},"
        f" the plan expected {change['before']}",
        rows == [(change["target_id"], "price", str(by_hand))],
        rows,
    )
