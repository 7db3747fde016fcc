"""The proposer looks at the shop; the editor accepts a finding, and it becomes a draft."""

from typing import Any

from codex.demo.story.chain import Wish
from codex.demo.story.doors import Json
from codex.demo.story.shop import moved_tables, shop_state
from codex.demo.story.stage import Stage
from proposals.services import propose_for_tenant


def look(stage: Stage) -> list[Json]:
    """Every detector looks once; what is open afterwards, best first."""
    tell, before = stage.teller, shop_state(stage.tenant_id)
    with tell.timed("looked", "every detector, over the whole shop"):
        propose_for_tenant(tenant_id=stage.tenant_id)
    query: dict[str, Any] = {"tenant_id": stage.tenant_id, "status": "pending"}
    found = stage.editor.get("/api/proposals", **query)["proposals"]
    best_first = sorted(found, key=lambda proposal: -proposal["rank"])
    if best_first:
        tell.table(
            [
                (row["title"], row["priority"], f"{row['confidence_score']:.0%}", _impact(row))
                for row in best_first
            ],
            head=("Proposal", "Priority", "Sure", "Expected"),
        )
    else:
        tell.say("Nothing is open here: the shop needs nothing, or it was decided on before.")
    now = shop_state(stage.tenant_id)
    tell.check("looking wrote nothing to the shop", now == before, moved_tables(before, now))
    return best_first


def _impact(proposal: Json) -> str:
    """From what it is now to what it may become."""
    told = proposal["expected_impact"]
    now, low, high = (_figure(told[key], told["unit"]) for key in ("baseline", "low", "high"))
    return f"{now} → {low} to {high} in {told['timeframe_days']} days"


def _figure(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:,.0f}"


def accept(stage: Stage, found: list[Json], *wishes: Wish) -> str | None:
    """The draft of the first proposal that leads to one of these, if there is any."""
    kinds = [wish.workflow_type_id for wish in wishes]
    fitting = [proposal for proposal in found if proposal["workflow_type_id"] in kinds]
    if not fitting:
        return None
    chosen = min(fitting, key=lambda proposal: kinds.index(proposal["workflow_type_id"]))
    made = stage.editor.post(f"/api/proposals/{chosen['id']}/accept", expect=201)
    draft, tell = made["draft"], stage.teller
    tell.fact("accepted", f"“{chosen['title']}”")
    for line in str(chosen["reasoning"]).splitlines():
        tell.fact("", line)
    tell.check(
        "it became a draft in editing, with the inputs that were suggested",
        draft["status"] == "editing"
        and draft["created_from_proposal_id"] == chosen["id"]
        and draft["inputs"].items() >= chosen["suggested_inputs"].items(),
        draft,
    )
    return draft["id"]
