"""A template that a council approved in advance runs in one click, inside its bounds."""

from codex.demo.story import chain
from codex.demo.story.shop import shop_state, usual_kind
from codex.demo.story.stage import Stage

TEMPLATE = "template_social_calendar"
# Pinterest is left out: its silence is something the proposer has found, and may still show.
INPUTS = {
    "platforms": ["instagram", "facebook"],
    "brand_voice": "Warm and plain, never loud",
}
POSTS = "stores_post"


def is_played(stage: Stage) -> bool:
    """Whether the week was planned by an earlier telling; its posts wait in the shop."""
    found = stage.editor.get(
        "/api/workflows", workflow_type_id="social.content_calendar", status="succeeded"
    )
    return bool(found["total"])


def run_at_once(stage: Stage) -> None:
    """Draft, plan, bounds, standing approval and run behind one request.

    It is not taken back: an undone run would cost the template its standing here, as it should.
    """
    tell = stage.teller
    template = stage.editor.get(f"/api/templates/{TEMPLATE}")
    tell.fact("template", f"“{template['name']}”, version {template['version']}")
    tell.check("a council has approved it in advance", template["is_pre_approved"], template)
    before = shop_state(stage.tenant_id)[POSTS][0]
    inputs = INPUTS | {"product_focus": usual_kind(stage.tenant_id)}
    body = {"tenant_id": stage.tenant_id, "user_id": stage.editor.person.pk, "inputs": inputs}
    with tell.timed("one click", "drafted, planned, held against its bounds, approved, started"):
        made = stage.editor.post(f"/api/templates/{TEMPLATE}/instant-run", body, expect=201)
    plan = made["draft"]["plan"]
    tell.fact("effect", plan["summary"]["effect"])
    done = chain.finished(stage, made["workflow"]["id"])
    tell.check("the run succeeded", done["status"] == "succeeded", done)
    posts = shop_state(stage.tenant_id)[POSTS][0] - before
    tell.check(f"the shop has {posts} new posts, as planned", posts == plan["change_count"], posts)
    events = stage.editor.get(f"/api/drafts/{made['draft']['id']}/events")["events"]
    tell.check(
        "the trail says that the approval was the standing one",
        "draft.approved_by_standing" in {event["kind"] for event in events},
        events,
    )
