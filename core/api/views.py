"""The decorator of every API view: methods, token scopes, strict bodies."""

from collections.abc import Callable
from functools import wraps

from django.utils.translation import gettext as _
from rest_framework.decorators import api_view

from core.api.errors import NotSignedIn
from core.errors import NotAllowed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def endpoint(
    methods: list[str], *, read: str = "read", write: str = "write"
) -> Callable[[Callable], Callable]:
    """A DRF function view that needs a signed-in actor whose token has the scope.

    ``read`` and ``write`` name the scope for safe methods and for the others.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            actor = getattr(request._request, "actor", None)
            if actor is None:
                raise NotSignedIn
            needed = read if request.method in SAFE else write
            if needed not in actor.scopes:
                raise NotAllowed(
                    _("This token may not do that: it lacks the scope “{scope}”.").format(
                        scope=needed
                    )
                )
            request.actor = actor
            return view(request, *args, **kwargs)

        return api_view(methods)(guarded)

    return decorate
