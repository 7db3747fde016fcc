"""The order of the chapters. Any step that doesn't hold ends the story with ``StoryBroken``."""

from collections.abc import Sequence
from pathlib import Path

from codex.demo.people import DEMO, EDITOR, OTHER, OWNER, RITA, RON, SHOPS, STRANGER
from codex.demo.story import chain, drift, importing, instant, proposing
from codex.demo.story.doors import doors
from codex.demo.story.shop import shop_state
from codex.demo.story.stage import Stage
from codex.demo.story.teller import StoryBroken, Teller
from codex.demo.story.wishes import DESCRIPTIONS, PRICES, previewed
from tenants.models import User


def play(teller: Teller, *, url: str, files: Sequence[Path]) -> None:
    """On the demo shop, or with ``files`` on a new shop made of them."""
    users = _users()
    if files:
        tenant_id, name = importing.new_tenant(users, files)
    else:
        tenant_id, name = DEMO, SHOPS[DEMO][0]
    teller.title(f"Codex: the whole chain on {name}")
    cast = {person.email: (users[person.email], tenant_id) for person in (EDITOR, RITA, RON)} | {
        STRANGER.email: (users[STRANGER.email], OTHER)
    }
    with doors(url, cast) as opened:
        stage = Stage(
            tenant_id=tenant_id,
            teller=teller,
            editor=opened[EDITOR.email],
            reviewer=opened[RITA.email],
            second_reviewer=opened[RON.email],
            stranger=opened[STRANGER.email],
        )
        _play_import(stage, files)
        draft_id = _play_proposals(stage)
        _play_chain(stage, draft_id)
        _play_drift(stage)
        _play_instant_run(stage)


def _users() -> dict[str, User]:
    wanted = [person.email for person in (OWNER, EDITOR, RITA, RON, STRANGER)]
    found = {user.email: user for user in User.objects.filter(email__in=wanted)}
    if len(found) < len(wanted):
        raise StoryBroken("The demo's people are missing. Run manage.py seed_demo first.")
    return found


def _play_import(stage: Stage, files: Sequence[Path]) -> None:
    stage.teller.chapter("The shop comes in")
    if files:
        importing.import_exports(stage, files)
        stage.teller.chapter("What an export can't hold, made up and labelled")
        importing.complete(stage)
    else:
        importing.import_again(stage)


def _play_proposals(stage: Stage) -> str | None:
    stage.teller.chapter("The proposer: what is worth doing, and why")
    found = proposing.look(stage)
    return proposing.accept(stage, found, DESCRIPTIONS, PRICES)


def _play_chain(stage: Stage, draft_id: str | None) -> None:
    """From a draft to a changed shop, and back to the byte."""
    tell = stage.teller
    original = shop_state(stage.tenant_id)
    tell.chapter("A draft and its preview: every change, before and after")
    draft_id, plan = previewed(stage, DESCRIPTIONS, PRICES, draft_id=draft_id)
    chain.hidden_from_strangers(stage, draft_id)
    tell.chapter("Submit: the council has it, the author can't decide")
    chain.submit(stage, draft_id)
    chain.closed_to_its_author(stage, draft_id)
    tell.chapter("Approve: somebody else says yes to exactly this plan")
    chain.approve(stage, draft_id, stage.reviewer, plan)
    tell.chapter("Run: the stored plan, nothing else")
    workflow = chain.run(stage, draft_id, plan)
    tell.chapter("Undo: back to what it was, to the byte")
    chain.undo(stage, workflow["id"], original)
    tell.chapter("The trail: who did what, written in the same transactions")
    chain.trail(stage, draft_id)


def _play_drift(stage: Stage) -> None:
    stage.teller.chapter("Drift: a price changes by hand between the yes and the run")
    drift.stopped_by_drift(stage)


def _play_instant_run(stage: Stage) -> None:
    if not instant.is_played(stage):
        stage.teller.chapter("Instant run: approved in advance, one click")
        instant.run_at_once(stage)
