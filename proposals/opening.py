"""What every door to one proposal does first: find it for a member; a stranger's is not found."""

from collections.abc import Callable
from functools import wraps

from core.errors import NotAllowed, NotFound
from proposals.models import Proposal


def require_member(request) -> None:
    """A council member who belongs to no tenant has no proposals."""
    if not request.actor.tenant_id or not request.actor.has_perm("proposals.view_proposal"):
        raise NotAllowed(perm="proposals.view_proposal")


def on_proposal(view: Callable) -> Callable:
    @wraps(view)
    def opened_view(request, proposal_id: str, *args, **kwargs):
        if not request.actor.tenant_id:
            raise NotFound
        found = Proposal.objects.filter(pk=proposal_id).first()
        if found is None or not request.actor.has_perm("proposals.view_proposal", found):
            raise NotFound
        return view(request, found, *args, **kwargs)

    return opened_view
