"""Who works on a run: the one whose fence number is on the row. Time is the database's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, Func, QuerySet
from django.db.models.functions import Now

from core.scope import scope
from workflows.models import Workflow
from workflows.states import ACTIVE


class Fenced(Exception):
    """The run has another holder now, or was moved on: whatever this worker knows is stale."""


@dataclass(frozen=True)
class Claim:
    tenant_id: str
    workflow_id: str
    fence: int
    status: str

    def rows(self) -> QuerySet[Workflow]:
        """The run, as long as it is ours."""
        return Workflow.objects.filter(
            pk=self.workflow_id, fence=self.fence, status=self.status, status__in=ACTIVE
        )


class ClockNow(Func):
    """The time of the statement; ``now()`` is that of the transaction's start, which a long look
    at the shop may leave behind by more than the lease."""

    template = "clock_timestamp()"
    output_field = DateTimeField()


def lease() -> timedelta:
    return timedelta(seconds=settings.CODEX_LEASE_SECONDS)


def renew(run: Workflow, **columns: object) -> None:
    """A new lease, with whatever else is to be written down in the same breath."""
    Workflow.objects.filter(pk=run.pk).update(
        lease_until=ClockNow() + lease(), updated_at=Now(), **columns
    )


@contextmanager
def holding(claim: Claim) -> Iterator[Workflow]:
    """One transaction in which the run is locked and ours; nobody can claim it meanwhile.

    A worker that hangs inside loses its connection after the lease, and with it the lock.
    """
    inside = connection.in_atomic_block
    with scope(tenant_id=claim.tenant_id), transaction.atomic(savepoint=inside):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('idle_in_transaction_session_timeout', %s, true)",
                [f"{round(lease().total_seconds() * 1000)}ms"],
            )
        run = claim.rows().defer("inputs").select_for_update(of=("self",)).first()
        if run is None:
            raise Fenced(claim.workflow_id)
        yield run
