"""Celery entry points: ids by keyword, one service each, safe to run twice."""

from celery import shared_task
from django.db import connection

from core.scope import scope
from core.tasks import tenant_task


@tenant_task(name="drafts.preview")
def preview(*, tenant_id: str, draft_id: str) -> bool:
    from drafts.services.previewing import compute_preview

    return compute_preview(draft_id=draft_id)


@tenant_task(name="drafts.foresee")
def foresee(*, tenant_id: str, foresight_id: str) -> bool:
    from drafts.services.foreseeing import compute_foresight

    return compute_foresight(foresight_id=foresight_id)


@tenant_task(name="drafts.expire")
def expire(*, tenant_id: str, draft_id: str) -> bool:
    from drafts.services import expire_approval

    return expire_approval(draft_id=draft_id)


@shared_task(name="drafts.sweep_approvals", ignore_result=True)
def sweep_approvals() -> int:
    """Hourly: approvals whose time is over, in every tenant. The rows decide, not the clock."""
    from drafts.services import expire_approval

    done = 0
    for tenant_id, draft_id in _found("codex_expired_approvals"):
        with scope(tenant_id=tenant_id):
            done += expire_approval(draft_id=draft_id)
    return done


@shared_task(name="drafts.sweep_previews", ignore_result=True)
def sweep_previews() -> int:
    """Each minute: previews asked for and not made; sent again, and given up after a while."""
    from drafts.services.previewing import give_up_preview

    waiting = _found("codex_waiting_previews")
    for tenant_id, draft_id in waiting:
        with scope(tenant_id=tenant_id):
            given_up = give_up_preview(draft_id=draft_id)
        if not given_up:
            preview.send(tenant_id=tenant_id, draft_id=draft_id)
    return len(waiting)


def _found(function: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tenant_id, draft_id FROM {function}()")  # noqa: S608 -- our own names
        return cursor.fetchall()
