"""What a reviewer reads before deciding: effect, risks, changes, what moved since last time."""

from core.api.listing import after_cursor, cursor_of
from core.errors import DomainError
from councils import queries, services
from councils.services.entries import seat_facts
from drafts import queries as drafts
from drafts.models import Draft
from drafts.services import may
from tenants.queries import tenant
from workflows import presentation
from workflows.types import registry

SIZE = 50
COLUMNS = 3


def decision_page(
    request, draft: Draft, *, problem: DomainError | None, text: str
) -> dict[str, object]:
    round_ = queries.latest_round(draft)
    kind = registry.find(draft.workflow_type_id)
    return {
        "draft": draft,
        "kind": kind,
        "plan": draft.plan,
        "round": round_,
        "revision": round_.revision if round_ else None,
        "say": services.say_of(draft, actor=request.actor, round_=round_),
        "seats": seats_panel(round_),
        "verdicts": list(queries.verdicts(draft)),
        "comments": _threads(draft),
        "moves": may(draft, actor=request.actor),
        "is_guest": draft.tenant_id != request.actor.tenant_id,
        "problem": problem,
        "text": text,
        **_moved_since(draft, round_),
        **_changes(request, draft, round_),
    }


def seats_panel(round_) -> list[dict[str, object]]:
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


def _threads(draft: Draft) -> list[dict[str, object]]:
    comments = list(drafts.comments(draft))
    return [
        {"first": one, "replies": [reply for reply in comments if reply.parent_id == one.pk]}
        for one in comments
        if not one.parent_id
    ]


def _moved_since(draft: Draft, round_) -> dict[str, object]:
    """Inputs, texts and rows that differ from the revision that was reviewed before."""
    earlier = queries.revision_before(round_) if round_ else None
    if earlier is None or draft.plan is None:
        return {"earlier": None}
    return {
        "earlier": earlier,
        "moved_inputs": _moved_inputs(draft, earlier),
        "moved_rows": queries.changes_since(draft.plan, earlier.plan_id).count(),
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


def _changes(request, draft: Draft, round_) -> dict[str, object]:
    """One page of the changes; filters and place are in the address."""
    asked = request.GET
    group, text, since = asked.get("group", ""), asked.get("q", ""), asked.get("since", "")
    rows, total = drafts.changes_of(draft, group=group, text=text)
    earlier = queries.revision_before(round_) if since and round_ else None
    if earlier is not None and draft.plan is not None:
        rows, total = queries.changes_since(draft.plan, earlier.plan_id), None
    cursor = asked.get("cursor", "")
    page = after_cursor(rows, ("position",), cursor) if cursor else rows
    found = list(page.order_by("position")[: SIZE + 1])
    columns = presentation.columns_of(found[:SIZE])[:COLUMNS]
    currency = tenant(draft.tenant_id).currency
    return {
        "changes": [presentation.shown(row, currency, columns) for row in found[:SIZE]],
        "columns": columns,
        "group": group,
        "q": text,
        "since": since,
        "total": total() if total else rows.count(),
        "next": cursor_of(found[SIZE - 1], ("position",)) if len(found) > SIZE else "",
    }
