"""Celery entry points. A message is a hint; the import's row decides."""

from celery import shared_task

from core.tasks import tenant_task


@tenant_task(name="stores.import", transactional=False)
def import_file(*, tenant_id: str, run_id: str) -> None:
    from stores.services import run_import

    run_import(tenant_id=tenant_id, run_id=run_id)


@shared_task(name="stores.sweep", expires=60)
def sweep() -> None:
    from stores.services import sweep_imports

    sweep_imports()


@shared_task(name="stores.expire_uploads", expires=3600)
def expire_uploads() -> None:
    from stores.services import expire_uploads

    expire_uploads()
