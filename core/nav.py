"""Figures beside the entries of the main menu, told by the floors that know them.

An app registers in its ``AppConfig.ready``: ``nav.register("reviews", count)``. The callable takes
the request and answers a number (or ``None`` for nothing to say); it runs in the tenant's scope, at
most once a page, and only on pages that show the menu. One query each, please.
"""

from collections.abc import Callable

from core.requests import Request

Counter = Callable[[Request], int | None]

_counters: dict[str, Counter] = {}


def register(name: str, counter: Counter) -> None:
    """``name``: drafts, reviews, runs, templates, proposals, store, or inbox (unread)."""
    _counters[name] = counter


def count(name: str, request: Request) -> int | None:
    counter = _counters.get(name)
    return counter(request) if counter else None
