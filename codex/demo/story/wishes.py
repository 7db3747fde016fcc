"""What the story asks for. A shop may need only one of these, so it takes the first that helps."""

from codex.demo.story import chain
from codex.demo.story.chain import Wish
from codex.demo.story.doors import Json
from codex.demo.story.stage import Stage
from codex.demo.story.teller import StoryBroken

DESCRIPTIONS = Wish(
    "content.product_descriptions",
    "Descriptions for what has none",
    "Pages without text lose people who were ready to buy.",
    {"tone": "friendly", "length": "medium"},
)
PRICES = Wish(
    "pricing.dynamic_pricing",
    "Follow the market",
    "Competitors have moved; stay within reach of them without giving margin away.",
    {},
)


def previewed(stage: Stage, *wishes: Wish, draft_id: str | None = None) -> tuple[str, Json]:
    """A draft with a plan that would change something, and that plan.

    ``draft_id`` is one to begin with; after it, or without it, the editor writes them.
    """
    if draft_id:
        plan = chain.preview(stage, draft_id)
        if plan["change_count"]:
            return draft_id, plan
        _discard(stage, draft_id)
    for wish in wishes:
        draft_id = chain.write(stage, wish)
        plan = chain.preview(stage, draft_id)
        if plan["change_count"]:
            return draft_id, plan
        _discard(stage, draft_id)
    raise StoryBroken("No workflow of the story would change anything in this shop.")


def _discard(stage: Stage, draft_id: str) -> None:
    stage.teller.say("This shop needs nothing of the kind, so the draft is discarded.")
    stage.editor.delete(f"/api/drafts/{draft_id}")
