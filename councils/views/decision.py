"""What a reviewer reads before deciding: effect, risks, changes, what moved since last time."""

from typing import Any

from core.errors import DomainError
from councils import queries, services
from councils.models import ReviewRound
from councils.red import RedItem, risky_rows, rows_of
from councils.services import Attention
from councils.services.entries import seat_facts
from councils.views.changes import changes_panel, counted
from councils.views.thread import talk_panel
from drafts import queries as drafts
from drafts.document import describers
from drafts.models import Draft
from drafts.services import may
from drafts.states import DraftState
from tenants.queries import tenant
from workflows import presentation
from workflows.types import registry

HISTORY = 20


def decision_page(
    request, draft: Draft, *, problem: DomainError | None, text: str
) -> dict[str, Any]:
    round_ = queries.latest_round(draft)
    earlier = queries.revision_before(round_) if round_ else None
    say = services.say_of(draft, actor=request.actor, round_=round_)
    deciding = say.decide and draft.status == DraftState.PENDING_REVIEW
    return {
        "draft": draft,
        "kind": registry.find(draft.workflow_type_id),
        "plan": draft.plan,
        "round": round_,
        "revision": round_.revision if round_ else None,
        "say": say,
        "seats": seats_panel(round_),
        "verdicts": list(queries.verdicts(draft)),
        "moves": may(draft, actor=request.actor),
        "is_guest": draft.tenant_id != request.actor.tenant_id,
        "problem": problem,
        "text": text,
        "advice": list(queries.advice(draft)),
        "may_invite": request.actor.has_perm("councils.invite_guest", draft),
        "evidence": _evidence(draft),
        "events": list(drafts.story(draft)[:HISTORY]),
        **talk_panel(request, draft),
        **red_panel(request, draft, deciding=deciding),
        **moved_since(draft, earlier),
        **changes_panel(request, draft, round_, earlier, choosing=say.approve),
    }


def seats_panel(round_: ReviewRound | None) -> list[dict[str, object]]:
    """Each seat with who may sit there and who did."""
    if round_ is None:
        return []
    places, approvers = queries.places(round_), queries.approvers(round_)
    given: dict[object, list] = {}
    for verdict in queries.standing_verdicts(round_):
        given.setdefault(verdict.seat_id, []).append(verdict)
    names = queries.names(person for place in places for person in place.holders)
    holders = {place.id: sorted(names.get(p, "") for p in place.holders) for place in places}
    return [
        {**fact, "verdicts": given.get(fact["id"], []), "holders": holders[str(fact["id"])]}
        for fact in seat_facts(round_, places, approvers)
    ]


def red_panel(request, draft: Draft, *, deciding: bool) -> dict[str, Any]:
    """The red items; an item shows its rows once it is opened, a page of many on being asked."""
    attention = services.attention_of(draft, actor=request.actor)
    shown = request.GET.get("item", "")
    currency = tenant(draft.tenant_id).currency if attention.items else ""
    rows = _red_rows(draft, attention, shown)
    items = [
        {
            "item": item,
            "opened_at": opened_at,
            "rows": [presentation.shown(row, currency, []) for row in rows.get(item.key, [])],
            "is_shown": item.key == shown,
        }
        for item, opened_at in attention.items
    ]
    left = attention.left if deciding else []
    return {"attention": attention, "red": items, "red_left": left, "deciding": deciding}


def _red_rows(draft: Draft, attention: Attention, shown: str) -> dict[str, list]:
    """Single rows together in one question; of pages the one that is looked at."""
    if draft.plan is None:
        return {}
    single = [item for item, _at in attention.items if item.key.startswith("row:")]
    found: dict[str, list] = {}
    if single:
        rows = list(risky_rows(draft.plan)[: len(single)])
        found = {item.key: [rows[item.start]] for item in single if item.start < len(rows)}
    many = next((item for item, _at in attention.items if _is_page(item, shown)), None)
    if many is not None:
        found[many.key] = rows_of(draft.plan, many)
    return found


def _is_page(item: RedItem, shown: str) -> bool:
    return item.key == shown and item.count > 1


def moved_since(draft: Draft, earlier) -> dict[str, Any]:
    """Inputs, texts and rows that differ from the revision that was reviewed before."""
    if earlier is None or draft.plan is None:
        return {"earlier": None}
    return {
        "earlier": earlier,
        "moved_inputs": _moved_inputs(draft, earlier),
        "moved_rows": counted(queries.changes_since(draft.plan, earlier.plan_id)),
    }


def _moved_inputs(draft: Draft, earlier) -> list[dict[str, object]]:
    model = registry.get(draft.workflow_type_id).Inputs.model_fields
    names = dict.fromkeys([*earlier.inputs, *draft.inputs])
    rows = [
        {
            "title": (model[name].title if name in model else "") or name,
            "before": _said(earlier.inputs.get(name)),
            "after": _said(draft.inputs.get(name)),
        }
        for name in names
        if earlier.inputs.get(name) != draft.inputs.get(name)
    ]
    if earlier.purpose != draft.purpose:
        rows.append({"title": "Purpose", "before": earlier.purpose, "after": draft.purpose})
    return rows


def _said(value: object) -> str:
    if value is None or value == "":
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _evidence(draft: Draft) -> dict[str, Any]:
    """What the wish rests on: the proposal or template it began with, and the data that was read.

    A guest's scope shows neither proposals nor templates of the shop; they read the rest.
    """
    return {
        "proposal": _described("proposal", draft.created_from_proposal_id),
        "template": _described("template", draft.created_from_template_id),
    }


def _described(kind: str, key: str | None) -> dict[str, Any] | None:
    reader = describers.get(kind)
    return reader(key) if key and reader else None
