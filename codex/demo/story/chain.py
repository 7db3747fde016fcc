"""Draft, preview, submit, approve, run, undo: the chapters of one draft's life."""

import html
import re
from typing import Any, NamedTuple

from codex.demo.story.doors import Door, Json
from codex.demo.story.shop import current_value, moved_tables, shop_state
from codex.demo.story.stage import Stage

SHOWN = 4
EMPTY: tuple[Any, ...] = (None, "", [])
MARKUP = re.compile(r"<[^>]+>")


class Wish(NamedTuple):
    """What a draft asks for."""

    workflow_type_id: str
    name: str
    purpose: str
    inputs: Json


def write(stage: Stage, wish: Wish) -> str:
    """The editor writes a draft."""
    tell = stage.teller
    body = {"tenant_id": stage.tenant_id, "user_id": stage.editor.person.pk, **wish._asdict()}
    draft = stage.editor.post("/api/drafts", body, expect=201)
    tell.fact("draft", f"“{draft['name']}”, {wish.workflow_type_id}")
    tell.fact("purpose", wish.purpose)
    tell.fact("by", f"{stage.editor.person.name}, POST /api/drafts answered 201")
    tell.check("it is in editing", draft["status"] == "editing", draft["status"])
    return draft["id"]


def hidden_from_strangers(stage: Stage, draft_id: str) -> None:
    foreign = stage.stranger.refused("GET", f"/api/drafts/{draft_id}")
    nowhere = stage.stranger.refused("GET", "/api/drafts/draft_that_never_was")
    stage.teller.check(
        f"{stage.stranger.name}, in another shop, gets 404, as for a draft that never was",
        foreign == nowhere and foreign[0] == 404,
        (foreign, nowhere),
    )


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
            (named(row), row["field"], plain(row["before"]), plain(row["after"]))
            for row in page["changes"]
        ],
        head=("Product", "Field", "Before", "After"),
    )
    left = page["total"] - len(page["changes"])
    if left > 0:
        stage.teller.say(f"… and {left:,} more.")


def named(change: Json) -> str:
    """A product by its name and, where the plan says it, its SKU."""
    sku = (change.get("note") or {}).get("sku")
    return f"{change['label']} ({sku})" if sku else change["label"]


def plain(value: object) -> str:
    """A value as people read it: without markup."""
    return html.unescape(MARKUP.sub(" ", str(value))).strip() if value not in EMPTY else "–"


def submit(stage: Stage, draft_id: str) -> Json:
    """Into review, by the routing rules."""
    tell = stage.teller
    draft = stage.editor.post(f"/api/drafts/{draft_id}/submit")
    review = draft["review"]
    tell.fact("council", f"{review['council_id']} ({review['routed_by']})")
    tell.fact("revision", f"{review['revision']}, frozen")
    tell.check("it is in review", draft["status"] == "pending_review", draft["status"])
    return draft


def closed_to_its_author(stage: Stage, draft_id: str) -> None:
    status, words = stage.editor.refused("POST", f"/api/drafts/{draft_id}/approve")
    stage.teller.check(
        f"{stage.editor.name} wrote it and can't approve it: {status}, {words}", status == 403
    )
    status, words = stage.editor.refused("PATCH", f"/api/drafts/{draft_id}", {"name": "Other"})
    stage.teller.check(
        f"nor can it be edited while it is in review: {status}, {words}", status == 409
    )


def _open_red_items(stage: Stage, draft_id: str, reviewer: Door) -> None:
    """What is red in a high-risk plan has to be opened before the yes counts."""
    url = f"/api/drafts/{draft_id}/red-items"
    found = reviewer.get(url)
    if not found["total"]:
        return
    keys = [item["item"] for item in found["items"]]
    done = reviewer.post(f"{url}/opened", {"items": keys})
    stage.teller.fact("opened first", f"{done['opened']} of {done['total']} red items")


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
    _open_red_items(stage, draft_id, reviewer)
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
        done["results"]["applied"] == plan["change_count"] and done["fidelity"] == 1.0,
        done,
    )
    moved = moved_tables(before, shop_state(stage.tenant_id))
    tell.check(f"the shop has changed ({', '.join(moved)})", bool(moved))
    show_one_row(stage, draft_id)
    return done


def show_one_row(stage: Stage, draft_id: str) -> None:
    """The first planned change, and what the shop itself now holds there."""
    tell = stage.teller
    row = stage.editor.get(f"/api/drafts/{draft_id}/changes", limit=1)["changes"][0]
    now = current_value(stage.tenant_id, row["entity"], row["target_id"], row["field"])
    tell.fact("one row", f"{named(row)}, {row['field']}")
    tell.fact("before", plain(row["before"]))
    tell.fact("now", plain(now))
    tell.check("the shop holds exactly what the preview showed", str(now) == str(row["after"]), now)


def convert(stage: Stage, draft_id: str) -> Json:
    body = {"auto_execute": True}
    made = stage.editor.post(f"/api/drafts/{draft_id}/convert", body, expect=201)
    stage.teller.fact("run", f"{made['workflow']['id']}, started at once")
    return made["workflow"]


RESTING = {"succeeded", "failed", "stopped_by_drift", "cancelled", "undone", "undo_incomplete"}


def finished(stage: Stage, workflow_id: str) -> Json:
    """The run when nothing more happens to it, with its progress on the way."""
    seen: list[int] = []

    def is_done(run: Json) -> bool:
        undoing = run["status"] in {"undoing", "undone", "undo_incomplete"}
        seen.append(run["undo" if undoing else "progress"]["done"])
        return run["status"] in RESTING

    done = stage.editor.wait(f"/api/workflows/{workflow_id}", is_done)
    steps = " → ".join(f"{number:,}" for number in dict.fromkeys(seen))
    stage.teller.fact("progress", f"{steps} of {done['progress']['total']:,}")
    return done


def undo(stage: Stage, workflow_id: str, original: dict) -> None:
    """Take it back, and compare every field of every row with what was there before."""
    tell = stage.teller
    stage.editor.post(f"/api/workflows/{workflow_id}/undo")
    done = finished(stage, workflow_id)
    restored = done["undo"]["restored"]
    tell.check(
        f"the run is undone: {restored:,} values put back",
        done["status"] == "undone" and restored == done["results"]["applied"],
        done,
    )
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
