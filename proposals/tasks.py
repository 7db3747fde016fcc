"""Small dispatchers for Celery beat; due times and slots live in tables, so a second beat, a missed
tick, a lost message or a worker that dies does no harm."""

from typing import Any

import structlog
from celery import shared_task
from django.db import connection

from core.scope import scope
from core.tasks import tenant_task

log = structlog.get_logger(__name__)
BATCH = 100
UNTIL_THE_NEXT = 3000  # seconds


@shared_task(name="proposals.dispatch", ignore_result=True)
def dispatch() -> int:
    """Hourly: shops past two in the morning of their own day that nobody has looked at yet.

    A message is only a hint: the night is taken when the proposals are written, so a message that
    is lost or a worker that dies costs an hour. What waits longer than that is sent again.
    """
    waiting = [(tenant_id, day.isoformat()) for tenant_id, day in _found("codex_shops_to_look_at")]
    for first in range(0, len(waiting), BATCH):
        nights = dict(waiting[first : first + BATCH])
        look.apply_async(kwargs={"nights": nights}, retry=False, expires=UNTIL_THE_NEXT)
    return len(waiting)


@shared_task(name="proposals.look", ignore_result=True)
def look(*, nights: dict[str, str], **_more: object) -> int:
    """``nights``: the day each shop is looked at for, by tenant id."""
    from proposals.services import propose_for_tenants

    reports = propose_for_tenants(tenant_ids=list(nights), nights=nights)
    return sum(len(report.proposals) for report in reports)


@tenant_task(name="proposals.reword", transactional=False, ignore_result=True)
def reword(*, tenant_id: str, run_id: str) -> int:
    """Optional, and not in the night's way: lost or failed, the detectors' own words stand."""
    from proposals.services import rewording

    return rewording.reword(tenant_id=tenant_id, run_id=run_id).reworded


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
