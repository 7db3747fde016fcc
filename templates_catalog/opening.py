"""What every door to one template does first: find it for somebody who may see it."""

from collections.abc import Callable
from functools import wraps

from core.errors import NotAllowed, NotFound
from templates_catalog import queries


def require_member(request) -> None:
    """A council member who belongs to no tenant has no catalog."""
    if not request.actor.tenant_id:
        raise NotAllowed(perm="templates.view_template")


def visible(request, template_id: str):
    if not request.actor.tenant_id:
        raise NotFound
    found = queries.template(template_id)
    if not request.actor.has_perm("templates.view_template", found):
        raise NotFound
    return found


def on_template(view: Callable) -> Callable:
    @wraps(view)
    def opened(request, template_id: str, *args, **kwargs):
        return view(request, visible(request, template_id), *args, **kwargs)

    return opened
