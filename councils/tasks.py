"""What the beat does for reviews: the rows say what is due, in every tenant."""

from collections.abc import Callable

from celery import shared_task
from django.db import connection

from core.scope import scope


@shared_task(name="councils.sweep_reviews", ignore_result=True)
def sweep_reviews() -> int:
    """Each minute: claims that ran out, reminders, and reviews that took too long."""
    from councils.services import keep_time

    return _each("codex_reviews_due", lambda pk: keep_time(round_id=pk))


@shared_task(name="councils.sweep_delegations", ignore_result=True)
def sweep_delegations() -> int:
    """Each minute: delegations that begin or end, so that the queues show whose turn it is."""
    from councils.services import keep_delegation

    return _each("codex_delegations_due", lambda pk: keep_delegation(delegation_id=pk))


@shared_task(name="councils.sweep_after_reviews", ignore_result=True)
def sweep_after_reviews() -> int:
    """Hourly: looks at break-glass runs that nobody took in time."""
    from councils.services import escalate_after_review

    return _each("codex_after_reviews_due", lambda pk: escalate_after_review(after_id=pk))


def _each(finder: str, step: Callable[[str], bool]) -> int:
    done = 0
    for tenant_id, pk in _found(finder):
        with scope(tenant_id=tenant_id):
            done += step(pk)
    return done


def _found(finder: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tenant_id, id FROM {finder}()")  # noqa: S608 -- our own names
        return cursor.fetchall()
