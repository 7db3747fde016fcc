"""What the draft's page shows, gathered once, for the whole page and for its fragments."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Invalid
from drafts import queries, services
from drafts.forms import EditorForm
from drafts.models import Draft
from drafts.states import DraftState, PreviewState
from workflows import presentation
from workflows.restraints import freeze_at
from workflows.services import breached_limits, validate_inputs
from workflows.types import registry

FIRST = 20
COLUMNS = 2
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One line of "before you submit": ``ok``, ``no`` or ``wait``."""

    text: str
    state: str
    meta: str = ""
    note: str = ""


def editor_page(request, draft: Draft, form: EditorForm | None = None) -> dict[str, object]:
    moves = services.may(draft, actor=request.actor)
    comments = list(queries.comments(draft))
    return {
        "moves": moves,
        "editing": draft.is_editing and "edit" in moves,
        "form": form or _form(request, draft, comments),
        "comments": threads(comments),
        "events": list(queries.story(draft)[:HISTORY]),
        "approval": queries.live_approval(draft),
        "revision": queries.latest_revision(draft),
        "workflow": draft.converted_to_workflow,
        "fields": commentable_fields(draft),
        **preview_panel(request, draft, moves=moves),
    }


def preview_panel(
    request, draft: Draft, *, moves: frozenset[str] | None = None, problem: Invalid | None = None
) -> dict[str, object]:
    plan = draft.plan
    rows = list(queries.plan_changes(plan).order_by("position")[:FIRST]) if plan else []
    columns = presentation.columns_of(rows)[:COLUMNS]
    currency = currency_of(request)
    breaches = breached_limits(plan) if plan and not draft.is_final else []
    return {
        "draft": draft,
        "kind": registry.find(draft.workflow_type_id),
        "moves": services.may(draft, actor=request.actor) if moves is None else moves,
        "plan": plan,
        "changes": [presentation.shown(row, currency, columns) for row in rows],
        "columns": columns,
        "computing": draft.preview_state == PreviewState.COMPUTING,
        "missing": _missing(draft, problem),
        "breaches": breaches,
        "frozen": None if draft.is_final else freeze_at(draft.tenant_id, draft.workflow_type_id),
        "checks": checklist(draft, inside=not breaches) if draft.is_editing else [],
    }


def _form(request, draft: Draft, comments: list) -> EditorForm:
    return EditorForm(
        draft,
        currency=currency_of(request),
        approved=queries.last_approved_inputs(draft),
        comments=comments,
    )


def commentable_fields(draft: Draft) -> list[tuple[str, str]]:
    inputs = registry.get(draft.workflow_type_id).Inputs.model_fields
    return [("name", _("Name")), ("purpose", _("Purpose"))] + [
        (name, field.title or name) for name, field in inputs.items()
    ]


def currency_of(request) -> str:
    tenant = getattr(request, "tenant", None)
    return tenant.currency if tenant else "GBP"


def threads(comments: list) -> list[dict[str, object]]:
    """First comments with their replies, in the order they were said."""
    replies: dict[str, list] = {}
    for comment in comments:
        if comment.parent_id:
            replies.setdefault(comment.parent_id, []).append(comment)
    return [
        {"first": comment, "replies": replies.get(comment.pk, [])}
        for comment in comments
        if not comment.parent_id
    ]


def checklist(draft: Draft, *, inside: bool) -> list[Check]:
    """``inside``: whether the plan keeps to the shop's limits."""
    plan, problem = draft.plan, _input_problem(draft)
    checks = [
        Check(_("All inputs are valid"), "ok" if problem is None else "no", note=problem or "")
    ]
    if plan is None:
        checks.append(
            Check(_("Preview is made"), "wait", note=_("Submitting makes it if need be."))
        )
    else:
        made = timezone.localtime(plan.computed_at).strftime("%H:%M")
        checks.append(Check(_("Preview is made"), "ok", meta=made))
        moves = plan.change_count > 0
        checks.append(Check(_("It would change something"), "ok" if moves else "no"))
        checks.append(Check(_("Inside the shop's limits"), "ok" if inside else "no"))
        undo = plan.summary.get("undo") or {}
        covered = undo.get("covered") == undo.get("total")
        checks.append(Check(_("Every change can be undone"), "ok" if covered else "wait"))
    waiting = queries.open_comments(draft)
    checks.append(
        Check(_("No open comments"), "wait" if waiting else "ok", meta=str(waiting or ""))
    )
    return checks


def _input_problem(draft: Draft) -> str | None:
    try:
        validate_inputs(draft.workflow_type_id, draft.inputs)
    except Invalid as refused:
        return _problem_text(draft, refused.fields)
    return None


def _missing(draft: Draft, problem: Invalid | None) -> str:
    """Why there is no preview, in the words of the form."""
    if problem is not None:
        return _problem_text(draft, problem.fields)
    if draft.preview_state == PreviewState.FAILED and draft.preview_problem:
        said = draft.preview_problem
        return _problem_text(draft, said.get("errors") or {}) or str(said.get("detail", ""))
    if draft.plan is None and draft.status == DraftState.EDITING:
        return _input_problem(draft) or ""
    return ""


def _problem_text(draft: Draft, fields: dict[str, list]) -> str:
    model = registry.get(draft.workflow_type_id).Inputs.model_fields
    said = []
    for path, texts in fields.items():
        name = path.removeprefix("inputs.").split(".")[0]
        title = model[name].title if name in model else ""
        text = " ".join(str(text) for text in texts)
        said.append(f"{title}: {text}" if title else text)
    return " ".join(said)
