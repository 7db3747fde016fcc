"""What every door to the insights does first: a member, a period, a part of the shop's work."""

from collections.abc import Callable
from functools import wraps

from django.utils.translation import gettext as _

from codex.insights.asking import HITS, Asked, Only
from codex.insights.period import period_of
from codex.insights.sources import SOURCES, Source
from core.errors import Invalid, NotAllowed, NotFound
from workflows.types import registry


def require_member(request) -> None:
    """A council member who belongs to no tenant has no insights."""
    if not request.actor.tenant_id or not request.actor.has_perm("codex.view_insights"):
        raise NotAllowed(perm="codex.view_insights")


def asked_by(request) -> Asked:
    kind = request.GET.get("workflow_type_id", "")
    if kind and registry.find(kind) is None:
        raise Invalid({"workflow_type_id": [_("There is no such type of work.")]})
    return Asked(
        tenant_id=request.actor.tenant_id,
        period=period_of(request.GET, request.tenant.timezone),
        type=kind,
        council=request.GET.get("council_id", ""),
    )


def only_by(request) -> Only:
    hit = request.GET.get("counted", "")
    if hit not in HITS:
        raise Invalid({"counted": [_("One of: {words}.").format(words="yes, no")]})
    return Only(hit=hit, who=request.GET.get("user_id", ""), state=request.GET.get("state", ""))


def on_source(view: Callable) -> Callable:
    @wraps(view)
    def opened(request, measure: str):
        require_member(request)
        source: Source | None = SOURCES.get(measure)
        if source is None:
            raise NotFound
        return view(request, source)

    return opened
