"""Somebody edits the shop between the yes and the run: nothing is written, the row is named."""

from decimal import Decimal
from typing import Any

from codex.demo.story import chain
from codex.demo.story.doors import Json
from codex.demo.story.shop import moved_tables, set_value, shop_state
from codex.demo.story.stage import Stage
from codex.demo.story.wishes import DESCRIPTIONS, PRICES, previewed

BY_HAND = {"price": Decimal("0.07"), "description_html": " Edited by hand."}


def stopped_by_drift(stage: Stage) -> None:
    """The draft's run stops before its first write."""
    tell = stage.teller
    draft_id, plan = previewed(stage, PRICES, DESCRIPTIONS)
    chain.submit(stage, draft_id)
    chain.approve(stage, draft_id, stage.second_reviewer, plan)
    change = stage.editor.get(f"/api/drafts/{draft_id}/changes", limit=1)["changes"][0]
    found = _edit_by_hand(stage, change)
    before = shop_state(stage.tenant_id)
    workflow = chain.convert(stage, draft_id)
    done = chain.finished(stage, workflow["id"])
    tell.check("the run stopped before it began", done["status"] == "stopped_by_drift", done)
    tell.check(
        f"nothing was written: 0 of {plan['change_count']:,}",
        done["progress"]["done"] == 0 and shop_state(stage.tenant_id) == before,
        moved_tables(before, shop_state(stage.tenant_id)),
    )
    _names_the_row(stage, workflow["id"], change, found)
    set_value(stage.tenant_id, change, change["before"])


def _edit_by_hand(stage: Stage, change: Json) -> str:
    """As the shop's own back office would: past Codex, straight into the shop."""
    more: Any = BY_HAND[change["field"]]
    found = type(more)(change["before"]) + more
    set_value(stage.tenant_id, change, found)
    where = f"{chain.named(change)}, {change['field']}"
    was, now = chain.plain(change["before"]), chain.plain(found)
    stage.teller.fact("meanwhile", f"somebody edits {where} by hand: {was} → {now}")
    return str(found)


def _names_the_row(stage: Stage, workflow_id: str, change: Json, found: str) -> None:
    page = stage.editor.get(f"/api/workflows/{workflow_id}/changes", result="moved")
    rows = [(row["target_id"], row["field"], row["drift"]["found"]) for row in page["changes"]]
    was, now = chain.plain(change["before"]), chain.plain(found)
    stage.teller.check(
        f"the run names the row that moved: {chain.named(change)} is {now},"
        f" the plan expected {was}",
        rows == [(change["target_id"], change["field"], found)],
        rows,
    )
