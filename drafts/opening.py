"""What every door to one draft does first: find it, open its scope, hold If-Match to it."""

from collections.abc import Callable
from functools import wraps

from django.utils.translation import gettext as _

from core.errors import PreconditionFailed
from drafts import queries, services
from drafts.document import etag_of
from drafts.models import Draft


def on_draft(view: Callable) -> Callable:
    """The view gets the draft, in the scope that shows it; a stranger's is not found."""

    @wraps(view)
    def opened_view(request, draft_id: str, *args, **kwargs):
        with queries.opened(request.actor, draft_id) as draft:
            return view(request, draft, *args, **kwargs)

    return opened_view


def require_match(request, draft: Draft) -> None:
    """``If-Match`` is optional; when sent, it names the draft as it is under its lock."""
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted or wanted == "*":
        return
    held = services.hold_draft(draft_id=draft.pk, actor=request.actor)
    if etag_of(held) not in [tag.strip() for tag in wanted.split(",")]:
        raise PreconditionFailed(
            _("The draft was saved after you read it. Read it again first."),
            version=held.version,
            etag=etag_of(held),
        )
