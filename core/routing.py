"""Which login a query uses: the app's, unless the request is the staff's admin."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_alias: ContextVar[str] = ContextVar("codex_database", default="default")


@contextmanager
def on_database(alias: str) -> Iterator[None]:
    """Queries inside use this login: ``staff`` in the admin, ``default`` for a service there."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


def active_alias() -> str:
    return _alias.get()


class Router:
    """All aliases are one database under different logins; only the owner's may migrate."""

    def db_for_read(self, model, **hints):
        return _alias.get()

    def db_for_write(self, model, **hints):
        return _alias.get()

    def allow_relation(self, obj1, obj2, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "owner"
