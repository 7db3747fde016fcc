"""Whose data a transaction may see: told to the database, where row-level security holds it.

Every query of tenant data runs inside ``scope(...)``. It opens a transaction and sets, for that
transaction alone, the settings the policies read. Outside a scope the managers raise and the
database answers no rows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import connection, transaction

SET = (
    "SELECT set_config('codex.tenant_id', %s, true), set_config('codex.user_id', %s, true),"
    " set_config('codex.council_ids', %s, true), set_config('codex.draft_id', %s, true)"
)


class NoTenant(RuntimeError):
    """Tenant data was asked for outside a tenant's scope: a mistake in the code, not the input."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``draft_id`` narrows everything to one draft: a member of a shared council as a guest."""

    tenant_id: str = ""
    user_id: str = ""
    council_ids: tuple[str, ...] = ()
    draft_id: str = ""


NOBODY = Scope()
_current: ContextVar[Scope | None] = ContextVar("codex_scope", default=None)


def current_scope() -> Scope | None:
    return _current.get()


def require_tenant_id() -> str:
    found = _current.get()
    if found is None or not found.tenant_id:
        raise NoTenant("tenant data is read inside `with scope(tenant_id=…)` only")
    return found.tenant_id


def undo_what_was_written() -> None:
    """Let the open scope's transaction roll back when it ends: its request was refused."""
    if _current.get() is not None and connection.in_atomic_block:
        transaction.set_rollback(True)


@contextmanager
def scope(
    *,
    tenant_id: str = "",
    user_id: str = "",
    council_ids: Iterable[str] = (),
    draft_id: str = "",
) -> Iterator[Scope]:
    """A transaction that sees this tenant's rows; the scope outside returns when it ends."""
    wanted = Scope(tenant_id, user_id, tuple(council_ids), draft_id)
    outside = _current.get()
    if outside == wanted and connection.in_atomic_block:
        yield wanted
        return
    nested = connection.in_atomic_block
    with transaction.atomic():
        _tell_database(wanted)
        token = _current.set(wanted)
        try:
            yield wanted
        finally:
            _current.reset(token)
        # A failure rolls the settings back with the savepoint; success has to put them back.
        if nested and not connection.needs_rollback:
            _tell_database(outside or NOBODY)


def widen(**more: object) -> Scope:
    """Say more about the scope already open, e.g. its tenant once it is known."""
    outside = _current.get()
    if outside is None:
        raise NoTenant("there is no scope to widen")
    wanted = replace(outside, **more)  # type: ignore[arg-type]
    _tell_database(wanted)
    _current.set(wanted)
    return wanted


def _tell_database(wanted: Scope) -> None:
    values = [wanted.tenant_id, wanted.user_id, ",".join(wanted.council_ids), wanted.draft_id]
    with connection.cursor() as cursor:
        cursor.execute(SET, values)
