"""Small dispatchers for Celery beat; due times and slots live in tables, so a second beat or a
missed tick does no harm."""

from typing import Any

import structlog
from celery import shared_task
from django.db import connection, transaction

from core.jobs import once
from core.scope import scope

log = structlog.get_logger(__name__)
NIGHTLY = "proposals.nightly"
BATCH = 100


@shared_task(name="proposals.dispatch", ignore_result=True)
def dispatch() -> int:
    """Hourly: shops past two in the morning of their own day that nobody has looked at yet."""
    claimed = [
        tenant_id for tenant_id, day in _found("codex_shops_to_look_at") if _claim(tenant_id, day)
    ]
    for first in range(0, len(claimed), BATCH):
        look.apply_async(kwargs={"tenant_ids": claimed[first : first + BATCH]}, retry=False)
    return len(claimed)


def _claim(tenant_id: str, day: Any) -> bool:
    with transaction.atomic():
        return once(NIGHTLY, tenant_id, day.isoformat())


@shared_task(name="proposals.look", ignore_result=True)
def look(*, tenant_ids: list[str], **_more: object) -> int:
    from proposals.services import propose_for_tenants

    reports = propose_for_tenants(tenant_ids=tenant_ids)
    return sum(len(report.proposals) for report in reports)


@shared_task(name="proposals.expire", ignore_result=True)
def expire() -> int:
    """Hourly: proposals whose time is over, in every tenant."""
    from proposals.services import expire_proposal

    return _each("codex_proposals_to_expire", lambda pk: expire_proposal(proposal_id=pk))


@shared_task(name="proposals.measure", ignore_result=True)
def measure() -> int:
    """Daily: runs that came from a proposal and whose window has passed; then what was learned."""
    from proposals.services.calibrating import recalibrate_all
    from proposals.services.measuring import measure_outcome

    done = _each("codex_outcomes_due", lambda pk: bool(measure_outcome(workflow_id=pk)))
    recalibrate_all(tenant_ids=sorted({tenant for tenant, _ in _found("codex_tenants_learning")}))
    return done


def _each(function: str, work: Any) -> int:
    """One tenant's failure stops nobody else."""
    done = 0
    for tenant_id, pk in _found(function):
        try:
            with scope(tenant_id=tenant_id):
                done += bool(work(pk))
        except Exception:
            log.exception("proposal_job_failed", job=function, tenant_id=tenant_id, id=pk)
    return done


def _found(function: str) -> list[tuple[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}()")  # noqa: S608 -- our own names
        return cursor.fetchall()
