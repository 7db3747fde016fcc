"""Celery entry points. A message is a hint; the run's row decides."""

from celery import shared_task

from core.tasks import tenant_task


@tenant_task(name="workflows.run", transactional=False)
def run_workflow(*, tenant_id: str, workflow_id: str) -> None:
    from workflows.services import run_workflow

    run_workflow(tenant_id=tenant_id, workflow_id=workflow_id)


@shared_task(name="workflows.sweep", expires=60)
def sweep() -> None:
    from workflows.services import sweep

    sweep()


@shared_task(name="workflows.prune_plans", expires=3000)
def prune_plans() -> None:
    from workflows.services import prune_plans

    prune_plans()
