"""The thread under a review as it is read: who said what about what, and whom one can call."""

from typing import Any

from django.utils.translation import gettext as _

from drafts import queries as drafts
from drafts.models import Draft
from workflows.models import PlannedChange
from workflows.presentation import field_label
from workflows.types import registry


def talk_panel(request, draft: Draft) -> dict[str, Any]:
    said = list(drafts.comments(draft))
    people = drafts.mentionable(draft, request.actor)
    return {
        "threads": _threads(said),
        "open_threads": sum(not one.parent_id and one.resolved_at is None for one in said),
        "about": _chosen(request, draft),
        "abouts": _fields(draft),
        "people": sorted(
            (str(user), key) for key, user in people.items() if key != request.actor.user_id
        ),
    }


def _threads(said: list) -> list[dict[str, object]]:
    replies: dict[str, list] = {}
    for one in said:
        if one.parent_id:
            replies.setdefault(one.parent_id, []).append(one)
    return [{"first": one, "replies": replies.get(one.pk, [])} for one in said if not one.parent_id]


def _fields(draft: Draft) -> list[tuple[str, str]]:
    kind = registry.find(draft.workflow_type_id)
    inputs = kind.Inputs.model_fields if kind else {}
    named = [("field:name", _("Name")), ("field:purpose", _("Purpose"))]
    return named + [(f"field:{name}", field.title or name) for name, field in inputs.items()]


def _chosen(request, draft: Draft) -> tuple[str, str] | None:
    """The change that *Comment* beside it asked to speak of."""
    wanted = request.GET.get("on", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19) or draft.plan is None:
        return None
    row = PlannedChange.objects.filter(pk=int(wanted), plan=draft.plan).first()
    return (f"change:{row.pk}", f"{row.label}, {_what(row)}") if row else None


def _what(row: PlannedChange) -> str:
    return field_label(row.entity, row.field)
