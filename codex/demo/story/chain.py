"""Draft, preview, submit, approve, run, undo: the chapters of one draft's life."""

from typing import NamedTuple

from codex.demo.story.doors import Door, Json
from codex.demo.story.shop import moved_tables, shop_state
from codex.demo.story.stage import Stage
from codex.demo.story.teller import shorten

SHOWN = 4
CELL = 200


class Wish(NamedTuple):
    """What a draft asks for."""

    workflow_type_id: str
    name: str
    purpose: str
    inputs: Json


def write(stage: Stage, wish: Wish) -> str:
    """The editor writes a draft; the stranger can't even see that it exists."""
    tell = stage.teller
    body = {"tenant_id": stage.tenant_id, "user_id": stage.editor.person.pk, **wish._asdict()}
    draft = stage.editor.post("/api/drafts", body, expect=201)
    stage.drafts.append(draft["id"])
    tell.fact("draft", f"“{draft['name']}”, {wish.workflow_type_id}")
    tell.fact("purpose", wish.purpose)
    tell.fact("by", f"{stage.editor.person.name}, POST /api/drafts answered 201")
    tell.check("it is in editing", draft["status"] == "editing", draft["status"])
    foreign = stage.stranger.refused("GET", f"/api/drafts/{draft['id']}")
    nowhere = stage.stranger.refused("GET", "/api/drafts/draft_that_never_was")
    tell.check(
        f"{stage.stranger.name}, in another shop, gets 404, as for a draft that never was",
        foreign == nowhere and foreign[0] == 404,
        (foreign, nowhere),
    )
    return draft["id"]


def preview(stage: Stage, draft_id: str) -> Json:
    """The plan, computed and stored; the shop has not moved."""
    tell = stage.teller
    before = shop_state(stage.tenant_id)
    with tell.timed("computed", "the whole plan, stored change by change"):
        stage.editor.post_any(f"/api/drafts/{draft_id}/preview")
        draft = stage.editor.wait(f"/api/drafts/{draft_id}", _is_previewed)
    plan = draft["plan"]
    tell.fact("effect", plan["summary"]["effect"])
    _tell_figures(stage, plan)
    show_changes(stage, draft_id)
    tell.check("there is something to do", plan["change_count"] > 0, plan["change_count"])
    tell.check(
        "the preview wrote nothing to the shop",
        shop_state(stage.tenant_id) == before,
        moved_tables(before, shop_state(stage.tenant_id)),
    )
    return plan


def _is_previewed(draft: Json) -> bool:
    return draft["plan"] is not None and draft["preview_state"] != "computing"


def _tell_figures(stage: Stage, plan: Json) -> None:
    summary = plan["summary"]
    counts = summary.get("counts", {})
    stage.teller.fact(
        "counts", f"{plan['change_count']:,} changes on {counts.get('targets', 0):,} rows"
    )
    for metric in summary.get("metrics", [])[:4]:
        hint = f" ({metric['hint']})" if metric.get("hint") else ""
        stage.teller.fact("", f"{metric['label']}: {metric['display']}{hint}")
    for warning in summary.get("warnings", [])[:3]:
        stage.teller.fact("warning", warning["text"])
    stage.teller.fact("fingerprint", plan["fingerprint"])


def show_changes(stage: Stage, draft_id: str) -> None:
    page = stage.editor.get(f"/api/drafts/{draft_id}/changes", limit=SHOWN)
    stage.teller.table(
        [
            (row["label"], row["field"], shown(row["before"]), shown(row["after"]))
            for row in page["changes"]
        ],
        head=("Product", "Field", "Before", "After"),
    )
    left = page["total"] - len(page["changes"])
    if left > 0:
        stage.teller.say(f"… and {left:,} more.")


def shown(value: object) -> str:
    """A value as one short line."""
    return shorten("–" if value in (None, "", []) else str(value), CELL)


def submit(stage: Stage, draft_id: str) -> Json:
    """Into review; from here on the author can't change or approve it."""
    tell = stage.teller
    draft = stage.editor.post(f"/api/drafts/{draft_id}/submit")
    review = draft["review"]
    tell.fact("council", f"{review['council_id']} ({review['routed_by']})")
    tell.fact("revision", f"{review['revision']}, frozen")
    tell.check("it is in review", draft["status"] == "pending_review", draft["status"])
    status, words = stage.editor.refused("POST", f"/api/drafts/{draft_id}/approve")
    tell.check(
        f"{stage.editor.name} wrote it and can't approve it: {status}, {words}", status == 403
    )
    return draft


def approve(stage: Stage, draft_id: str, reviewer: Door, plan: Json) -> None:
    """The reviewer finds it in the queue, reads the same plan, and says yes to that one."""
    tell = stage.teller
    queue = reviewer.get("/api/reviews", queue="mine")["reviews"]
    row = next((entry for entry in queue if entry["draft_id"] == draft_id), None)
    tell.check(
        f"it waits in {reviewer.name}'s queue, and says what it would do",
        row is not None and row["effect"] == plan["summary"]["effect"],
        row,
    )
    body = {"revision": row["revision"], "comment": "Read every line of it."} if row else {}
    draft = reviewer.post(f"/api/drafts/{draft_id}/approve", body)
    approval = draft["approval"]
    tell.fact("approved", f"by {reviewer.person.name}, until {approval['until'][:10]}")
    tell.check("it is approved", draft["status"] == "approved", draft["status"])
    tell.check(
        "the yes is to the fingerprint that was previewed, and to no other",
        approval["fingerprint"] == plan["fingerprint"],
        approval["fingerprint"],
    )


def run(stage: Stage, draft_id: str, plan: Json) -> Json:
    """Convert and run; what happened is counted again from the shop and from the run."""
    tell = stage.teller
    before = shop_state(stage.tenant_id)
    workflow = convert(stage, draft_id)
    again = stage.editor.post(f"/api/drafts/{draft_id}/convert", {"auto_execute": True})
    tell.check(
        "a second click makes no second run", again["workflow"]["id"] == workflow["id"], again
    )
    done = finished(stage, workflow["id"])
    tell.check("the run succeeded", done["status"] == "succeeded", done)
    tell.check(
        f"all {plan['change_count']:,} changes went as planned",
        done["progress"]["done"] == plan["change_count"] and float(done["fidelity"]) == 1.0,
        done,
    )
    moved = moved_tables(before, shop_state(stage.tenant_id))
    tell.check(f"the shop has changed ({', '.join(moved)})", bool(moved))
    return done


def convert(stage: Stage, draft_id: str) -> Json:
    body = {"auto_execute": True}
    made = stage.editor.post(f"/api/drafts/{draft_id}/convert", body, expect=201)
    stage.teller.fact("run", f"{made['workflow']['id']}, started at once")
    return made["workflow"]


RESTING = {"succeeded", "failed", "stopped_by_drift", "cancelled", "undone", "undo_incomplete"}


def finished(stage: Stage, workflow_id: str, *, leaving: str = "") -> Json:
    """The run when it rests in another state than ``leaving``, with its progress on the way."""
    seen: list[int] = []

    def is_done(run: Json) -> bool:
        seen.append(run["progress"]["done"])
        return run["status"] in RESTING and run["status"] != leaving

    done = stage.editor.wait(f"/api/workflows/{workflow_id}", is_done)
    steps = [str(n) for n in dict.fromkeys(seen)]
    stage.teller.fact("progress", " → ".join(steps) + f" of {done['progress']['total']:,}")
    return done


def undo(stage: Stage, workflow_id: str, original: dict) -> None:
    """Take it back, and compare every field of every row with what was there before."""
    tell = stage.teller
    stage.editor.post_any(f"/api/workflows/{workflow_id}/undo")
    done = finished(stage, workflow_id, leaving="succeeded")
    tell.check("the run is undone", done["status"] == "undone", done)
    now = shop_state(stage.tenant_id)
    tell.table(
        [(table, f"{rows:,} rows", digest) for table, (rows, digest) in now.items() if rows],
        head=("Table", "", "Hash of all fields, after the undo"),
    )
    tell.check(
        "every field is byte-equal to before the run", now == original, moved_tables(original, now)
    )


def trail(stage: Stage, draft_id: str) -> None:
    """The audit of one draft, oldest first."""
    found = stage.editor.get(f"/api/drafts/{draft_id}/events", limit=100)["events"]
    rows = [
        (event["at"][11:19], event["kind"], event["actor_label"], _step(event))
        for event in reversed(found)
    ]
    stage.teller.table(rows, head=("UTC", "What", "Who", ""))
    kinds = [event["kind"] for event in reversed(found)]
    told = [kind for kind in TOLD if kind in kinds]
    stage.teller.check(
        "every move of this story is in it, in order",
        told == list(TOLD) and sorted(TOLD, key=kinds.index) == list(TOLD),
        kinds,
    )


TOLD = ("draft.created", "draft.submitted", "review.verdict", "draft.approved", "draft.converted")


def _step(event: Json) -> str:
    before, after = event.get("before", ""), event.get("after", "")
    return f"{before} → {after}" if before != after and after else ""
