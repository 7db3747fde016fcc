"""What every door to a shop does first: a member sees the shop, everybody else finds nothing."""

from collections.abc import Callable
from functools import wraps

from core.errors import NotFound
from stores import queries
from stores.models import StoreProfile


def shop_of(request) -> StoreProfile:
    """The shop of whoever asks; a council's member who belongs to no tenant has none."""
    if not request.actor.tenant_id:
        raise NotFound
    profile = queries.profile(request.actor.tenant_id)
    if not request.actor.has_perm("stores.view_store", profile):
        raise NotFound
    return profile


def may_import(request) -> bool:
    """Whether to offer it; the services ask again."""
    return request.actor.has_perm("stores.import_data", queries.profile(request.actor.tenant_id))


def on_import(view: Callable) -> Callable:
    """The view gets the import of that id as its second argument."""

    @wraps(view)
    def opened(request, run_id: str, *args, **kwargs):
        shop_of(request)
        return view(request, queries.import_run(request.actor.tenant_id, run_id), *args, **kwargs)

    return opened
