"""The order of the chapters. Any step that doesn't hold ends the story with ``StoryBroken``."""

from codex.demo.story import chain, drift
from codex.demo.story.chain import Wish
from codex.demo.story.shop import shop_state
from codex.demo.story.stage import Stage

DESCRIPTIONS = Wish(
    "content.product_descriptions",
    "Descriptions for what has none",
    "Half of the shelf has no text; people leave those pages without buying.",
    {"tone": "friendly", "length": "medium"},
)


def play_chain(stage: Stage) -> None:
    """From a draft to a changed shop, and back to the byte."""
    tell = stage.teller
    original = shop_state(stage.tenant_id)
    tell.chapter("A draft: nothing has moved yet")
    draft_id = chain.write(stage, DESCRIPTIONS)
    tell.chapter("Preview: every change, before and after")
    plan = chain.preview(stage, draft_id)
    tell.chapter("Submit: the council has it, the author can't decide")
    chain.submit(stage, draft_id)
    tell.chapter("Approve: somebody else says yes to exactly this plan")
    chain.approve(stage, draft_id, stage.reviewer, plan)
    tell.chapter("Run: the stored plan, nothing else")
    workflow = chain.run(stage, draft_id, plan)
    tell.chapter("Undo: back to what it was, to the byte")
    chain.undo(stage, workflow["id"], original)
    tell.chapter("The trail: who did what, written in the same transactions")
    chain.trail(stage, draft_id)


def play_drift(stage: Stage) -> None:
    stage.teller.chapter("Drift: a price changes by hand between the yes and the run")
    drift.stopped_by_drift(stage)
